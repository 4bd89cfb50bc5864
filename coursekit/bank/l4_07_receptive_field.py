r"""How much does one output see?

Write `receptive_field(layers)`: along one axis, the number of input samples from the
first to the last that one output of a stack of layers depends on, both included.

- `layers = [(k, stride, dilation), ...]`, **first layer first**: a list of one or more
  tuples of integers, all at least 1. `k` is the number of taps; they lie `dilation`
  samples of that layer's input apart.
- Padding does not change the answer, so it is not given. Take an output far from the
  border.
- Return an int.

**By hand.** Take `[(2, 3, 1), (3, 1, 1)]` backwards. An output of the second layer sees
3 neighbouring outputs of the first. These start 3 samples apart, at 0, 3 and 6, and the
last of them sees the samples 6 and 7. So the field reaches from 0 to 7, and the answer
is 8.
"""

import numpy as np

from coursekit.exercise import Exercise

exercise = Exercise(
    __name__,
    points=4,
    difficulty=3,
    minutes=15,
    section="Receptive field",
    hints=(
        "One layer alone reaches over `dilation * (k - 1) + 1` samples of its own "
        "input. In the second layer these samples are outputs of the first: how far "
        "apart do two neighbours of them lie in the image?",
        "Go from the first layer to the last and keep two numbers: the field so far, r "
        "= 1, and the distance of neighbours in the image, jump = 1. A layer adds "
        "`dilation * (k - 1)` steps of the jump **before** it. Its stride makes the "
        "jump larger for the layers after it.",
        "Almost code:\n\n"
        "    r and jump begin with 1\n"
        "    for every layer, first layer first:\n"
        "        add to r: steps from first tap to last, times dilation and jump\n"
        "        multiply the jump with the stride          (after, not before)\n"
        "    return r",
    ),
)


@exercise.solution
def receptive_field(layers):
    """Return how far one output of layers (k, stride, dilation) sees, in samples."""
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += (k - 1) * dilation * jump
        jump *= stride
    return field


@exercise.wrong(
    "The strides have no effect in your answer. After a stride, neighbours lie further "
    "apart in the image, and each tap of a later layer reaches further."
)
def without_the_jump(layers):
    return receptive_field([(k, 1, dilation) for k, _, dilation in layers])


@exercise.wrong(
    "You multiplied the jump by a layer's own stride before you used it. The stride "
    "moves the window; it widens only the layers that come after it."
)
def jump_too_early(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        jump *= stride
        field += (k - 1) * dilation * jump
    return field


@exercise.wrong(
    "The jump keeps only the stride of the layer before. Strides multiply: "
    "after strides 2 and 3, neighbours lie 6 samples apart."
)
def only_the_last_stride(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += (k - 1) * dilation * jump
        jump = stride
    return field


@exercise.wrong(
    "You added up what the strides do to the jump. They multiply: after "
    "strides 2 and 3, neighbours lie 6 samples apart."
)
def strides_added(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += (k - 1) * dilation * jump
        jump += stride - 1
    return field


@exercise.wrong(
    "You put the dilation into the jump. It spreads the taps of its own layer only; "
    "the outputs still lie one stride apart."
)
def dilation_in_the_jump(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += (k - 1) * dilation * jump
        jump *= stride * dilation
    return field


@exercise.wrong(
    "The dilation has no effect in your answer. A layer reaches over "
    "dilation * (k - 1) + 1 samples of its input."
)
def dilation_forgotten(layers):
    return receptive_field([(k, stride, 1) for k, stride, _ in layers])


@exercise.wrong(
    "You took dilation * k for the reach of a layer. From its first tap to its last "
    "there are k - 1 steps: dilation * (k - 1) + 1."
)
def reach_too_long(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += (dilation * k - 1) * jump
        jump *= stride
    return field


@exercise.wrong(
    "Each layer adds k - 1 steps, not k. The first of its taps lies where the field "
    "begins already."
)
def k_steps(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += k * dilation * jump
        jump *= stride
    return field


@exercise.wrong(
    "You started with a field of 0. An output sees at least one sample, "
    "even with windows of one tap: start with 1."
)
def started_with_zero(layers):
    return receptive_field(layers) - 1


@exercise.wrong(
    "You multiplied the windows. Windows of neighbouring outputs overlap: "
    "two layers of 3 taps, stride 1, see 5 samples and not 9."
)
def windows_multiplied(layers):
    return int(np.prod([dilation * (k - 1) + 1 for k, _, dilation in layers]))


@exercise.wrong(
    "You went through the layers in the other direction. The list has the first layer "
    "first; the rule with the jump starts there, the rule (r - 1) * stride + reach "
    "starts at the last layer."
)
def order_reversed(layers):
    return receptive_field(layers[::-1])


@exercise.wrong(
    "You counted each layer's window once, in full, and added them. Every layer after "
    "the first starts from a sample that is counted already."
)
def windows_added(layers):
    return sum(dilation * (k - 1) + 1 for k, _, dilation in layers)


@exercise.wrong(
    "That is the jump: how far apart two neighbouring outputs lie in the image. "
    "Wanted is how many samples one of them sees."
)
def the_jump(layers):
    return int(np.prod([stride for _, stride, _ in layers]))


@exercise.wrong(
    "Only the last layer counts in your answer. Its inputs are outputs of the layer "
    "before, which see several samples each."
)
def only_the_last_layer(layers):
    return receptive_field(layers[-1:])


@exercise.wrong(
    "Going backwards, r outputs lie (r - 1) * stride apart from first to last: "
    "multiply. You divided by the stride, as one does going forwards."
)
def as_a_fraction(layers):
    field = 1
    for k, stride, dilation in reversed(layers):
        field = (field - 1) / stride + dilation * (k - 1) + 1
    return field


@exercise.wrong(
    "You divided by the stride where you go backwards, and rounded. From the first to "
    "the last of r outputs it is (r - 1) * stride: multiply."
)
def as_a_rounded_fraction(layers):
    field = 1
    for k, stride, dilation in reversed(layers):
        field = (field - 1) // stride + dilation * (k - 1) + 1
    return field


@exercise.wrong(
    "Going backwards you counted r steps between r outputs. There are r - 1: "
    "(r - 1) * stride, and then the reach of one window."
)
def a_step_too_many(layers):
    field = 1
    for k, stride, dilation in reversed(layers):
        field = field * stride + dilation * (k - 1) + 1
    return field


@exercise.wrong(
    "The jump starts at 1 and is multiplied by each stride. You added the strides to "
    "it: after strides 2 and 3, neighbours lie 6 samples apart."
)
def strides_piled_up(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += (k - 1) * dilation * jump
        jump += stride
    return field


@exercise.wrong(
    "You counted only the samples that a tap meets. Wanted is how far the field "
    "reaches, from its first sample to its last, with those that are skipped between."
)
def only_on_paths(layers):
    seen = {0}
    for k, stride, dilation in reversed(layers):
        seen = {place * stride + tap * dilation for place in seen for tap in range(k)}
    return len(seen)


@exercise.wrong(
    "You added (k - 1) // 2 on each side, which loses a step where k is even. "
    "A layer adds k - 1 steps in all: do not halve them."
)
def halves_rounded(layers):
    return receptive_field([(k - (k + 1) % 2, s, d) for k, s, d in layers])


@exercise.wrong(
    "You added (k - 1) // 2 once. The window reaches to both sides of its centre: "
    "a layer adds k - 1 steps in all."
)
def one_side_only(layers):
    return receptive_field([((k + 1) // 2, s, d) for k, s, d in layers])


@exercise.wrong(
    "You took k * (dilation - 1) + 1 for the reach of a layer. There are k - 1 steps "
    "of `dilation` from the first tap to the last: dilation * (k - 1) + 1."
)
def ones_exchanged(layers):
    field, jump = 1, 1
    for k, stride, dilation in layers:
        field += k * (dilation - 1) * jump
        jump *= stride
    return field


@exercise.alternative
def backwards(layers):
    field = 1
    for k, stride, dilation in layers[::-1]:
        field = (field - 1) * stride + dilation * (k - 1) + 1
    return field


@exercise.alternative
def by_listing_samples(layers):
    seen = {0}
    for k, stride, dilation in reversed(layers):
        seen = {place * stride + tap * dilation for place in seen for tap in range(k)}
    return max(seen) - min(seen) + 1


@exercise.alternative
def by_numpy(layers):
    k, stride, dilation = np.array(layers).T
    jumps = np.cumprod(np.append(1, stride[:-1]))
    return 1 + np.sum((k - 1) * dilation * jumps)


@exercise.cases("worked examples", points=1)
def worked():
    yield ([(2, 3, 1), (3, 1, 1)],)
    yield ([(3, 1, 1), (3, 1, 1)],)
    yield ([(5, 2, 1)],)


@exercise.cases("strides", points=1)
def strides():
    yield ([(3, 2, 1), (2, 3, 1), (4, 1, 1)],)
    yield ([(7, 2, 1), (3, 2, 1), (1, 1, 1), (3, 2, 1), (2, 1, 1)],)


@exercise.cases("dilations", points=1)
def dilations():
    yield ([(3, 1, 1), (3, 1, 2), (3, 1, 4)],)
    yield ([(2, 3, 4), (5, 2, 3), (3, 4, 2)],)


@exercise.fresh("fresh stacks", points=1, draws=6)
def drawn(rng):
    count = rng.integers(3, 6)
    first, rest = [3, 2, 2], rng.integers((2, 1, 1), (6, 4, 4), (count, 3)).tolist()
    return ([tuple(layer) for layer in [first, *rest, [3, 3, 2]]],)
