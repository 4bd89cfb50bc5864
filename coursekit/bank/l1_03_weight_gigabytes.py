r"""How much memory do the weights take?

Write `weight_gigabytes(n_in, n_out, bytes_per_weight=4)`: the memory, in gigabytes, of
the weights of a dense layer with `n_in` inputs and `n_out` outputs.

- There is one weight for each pair of an input and an output. Leave the biases out.
- Each weight takes `bytes_per_weight` bytes: 4 for float32, 8 for float64.
- A gigabyte (GB) is taken in decimal here: 1 000 000 000 bytes. (A gibibyte, GiB, is
  2**30 bytes. It is not asked for.)
- `n_in`, `n_out` and `bytes_per_weight` are integers, at least 1. Return a number with
  its fraction: do not round it.

**By hand.** 1000 inputs and 500 outputs have 500 000 weights. With 4 bytes each they
take 2 000 000 bytes, so `weight_gigabytes(1000, 500)` is 0.002. With 8 bytes each,
`weight_gigabytes(1000, 500, 8)` is 0.004.
"""

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=2,
    difficulty=1,
    minutes=5,
    section="Counting the weights",
    hints=(
        "Three questions, one after the other: how many weights, how many bytes, how "
        "many gigabytes?",
        "Weights: `n_in * n_out`. Bytes: each weight takes `bytes_per_weight`. A "
        "gigabyte is `1e9` bytes, so divide by that, with `/`.",
        "Almost code:\n\n"
        "    weights = inputs times outputs\n"
        "    bytes = weights times the bytes of one\n"
        "    return bytes, divided by the bytes of a gigabyte",
    ),
)


@exercise.solution
def weight_gigabytes(n_in, n_out, bytes_per_weight=4):
    """Return the decimal gigabytes that n_in * n_out weights take."""
    return n_in * n_out * bytes_per_weight / 1e9


@exercise.wrong(
    "You divided by 2**30, which gives gibibytes (GiB). "
    "Here a gigabyte is 1 000 000 000 bytes."
)
def gibibytes(n_in, n_out, bytes_per_weight=4):
    return n_in * n_out * bytes_per_weight / 2**30


@exercise.wrong(
    "You counted bits: 8 for each byte. bytes_per_weight is given in bytes, and so "
    "is a gigabyte."
)
def bits(n_in, n_out, bytes_per_weight=4):
    return 8 * weight_gigabytes(n_in, n_out, bytes_per_weight)


@exercise.wrong(
    "You took bytes_per_weight for bits and divided by 8. It is in bytes already."
)
def bits_to_bytes(n_in, n_out, bytes_per_weight=4):
    return weight_gigabytes(n_in, n_out, bytes_per_weight) / 8


@exercise.wrong(
    "You counted the biases too. Only the weights are asked for: n_in * n_out."
)
def with_biases(n_in, n_out, bytes_per_weight=4):
    return weight_gigabytes(n_in + 1, n_out, bytes_per_weight)


@exercise.wrong("This is the number of bytes. Divide by 1e9 to get gigabytes.")
def in_bytes(n_in, n_out, bytes_per_weight=4):
    return n_in * n_out * bytes_per_weight


@exercise.wrong(
    "You divided by a million, which gives megabytes. A gigabyte has 1e9 bytes."
)
def megabytes(n_in, n_out, bytes_per_weight=4):
    return n_in * n_out * bytes_per_weight / 1e6


@exercise.wrong(
    "You counted weights, not bytes. Each weight takes bytes_per_weight bytes."
)
def weights_only(n_in, n_out, bytes_per_weight=4):
    return n_in * n_out / 1e9


@exercise.wrong(
    "Your answer takes 4 bytes for every weight. 4 is only the default: "
    "use the argument bytes_per_weight."
)
def always_four(n_in, n_out, bytes_per_weight=4):
    return weight_gigabytes(n_in, n_out)


@exercise.wrong(
    "You divided with //, which drops the fraction: "
    "any layer below one gigabyte takes 0. Divide with /."
)
def floored(n_in, n_out, bytes_per_weight=4):
    return n_in * n_out * bytes_per_weight // 10**9


@exercise.alternative
def step_by_step(n_in, n_out, bytes_per_weight=4):
    kilobytes = n_in * n_out * bytes_per_weight / 1000
    return kilobytes / 1000 / 1000


@exercise.alternative
def row_by_row(n_in, n_out, bytes_per_weight=4):
    return n_out * (n_in * 1e-9 * bytes_per_weight)


@exercise.cases("worked examples", points=1)
def worked():
    yield 1000, 500
    yield 1000, 500, 8
    yield 120_000, 120_000


@exercise.fresh("fresh numbers", points=1, draws=6)
def drawn(rng):
    n_in, n_out = map(int, rng.integers(20_000, 200_000, 2))
    return n_in, n_out, int(rng.choice([1, 2, 8]))
