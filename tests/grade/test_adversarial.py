"""Answers that fooled other graders fail here, and honest unusual ones pass.

The table says which attack applies to which exercise.
"""

import numpy as np
import pytest

from coursekit import bank
from coursekit.grade.key import AnswerKey
from coursekit.grade.notebook import evaluate

EXERCISES = bank.exercises()


def _ids(test):
    """Return the exercises for all of whose results and calls the test is true."""
    found = []
    for exercise in EXERCISES:
        key = AnswerKey(exercise)
        results = [one.value for one in key.right() if one.state == "returned"]
        if test(exercise, results, [call.args for call in key.calls]):
            found.append(exercise.id)
    return tuple(found)


def _are(kind):
    return lambda exercise, results, calls: all(type(one) is kind for one in results)


# By kind, found out: a new exercise is attacked from its first day.
EVERY = _ids(lambda *_: True)
ARRAYS = _ids(_are(np.ndarray))
WHOLE = _ids(_are(int))
FLOATS = _ids(_are(float))
TUPLES = _ids(_are(tuple))
LISTS = _ids(_are(list))
DICTS = _ids(_are(dict))  # from a driver: what a torch model did
PAIRS = _ids(
    lambda e, results, calls: (
        _are(tuple)(e, results, calls)
        and all(
            len(one) == 2 and all(type(entry) is int for entry in one)
            for one in results
        )
    )
)
NUMBERS = tuple(id for id in ARRAYS if bank.load(id).measure is None)
FRACTIONS = _ids(
    lambda e, results, calls: (
        e.id in NUMBERS and any(np.any(one % 1) for one in results)
    )
)
FROM_ARRAYS = _ids(
    lambda e, results, calls: (
        e.id in ARRAYS
        and all(args and isinstance(args[0], np.ndarray) for args in calls)
    )
)
ANY_DTYPE = tuple(id for id in ARRAYS if not bank.load(id).dtype_graded)
WITH_ARGUMENTS = _ids(lambda e, results, calls: bool(e.parameters))
UNEVEN = _ids(
    lambda e, results, calls: e.id in NUMBERS and any(np.ptp(one) for one in results)
)

# By name: these attacks need to know what the exercise is about.
CORRELATIONS = ("corr1d", "corr2d", "corr2d_windows", "convolve2d")
DRIVEN = ("equivariance_error",)  # a function goes in first, handed over by a driver
CORRELATIONS_2D = ("corr2d", "corr2d_windows", "convolve2d")
STEPPED = ("corr2d_strided", "corr2d_dilated")
POOLS = ("max_pool2d",)
LAYERS = ("conv2d", "conv2d_einsum", "depthwise_conv", "separable_conv", "grouped_conv")
SPLIT = ("separate_kernel",)  # any scale of column and row is right


class AlwaysEqual:
    """Equal to everything, in every way of asking."""

    def __eq__(self, other):
        return True

    __hash__ = None

    def __sub__(self, other):
        return 0


def full_of_liars(result):
    liars = np.empty(np.shape(result), object)
    liars[...] = [[AlwaysEqual()]] if liars.ndim == 2 else [AlwaysEqual()]
    return liars


class LyingType(type):
    """A class that passes for every other class."""

    def __eq__(cls, other):
        return True

    __hash__ = type.__hash__

    def __instancecheck__(cls, one):
        return True


class LyingInt(int, metaclass=LyingType):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, *args, **kwargs):
        raise AssertionError("the grader calculated with a lying array")

    def __array_function__(self, *args, **kwargs):
        raise AssertionError("the grader calculated with a lying array")


def on_result(change):
    """Make an attack that changes the right result."""
    return lambda right: lambda *args: change(right(*args))


def mutates(right):
    def answer(*args):
        result = right(*args)
        args[0][...] = args[0] + 1
        return result

    return answer


def mutates_what_a_driver_hands_over(right):
    def answer(f, x, *more):
        result = right(f, x, *more)
        x += 1
        return result

    return answer


def mutates_in_what_a_driver_calls(right):
    """Write to the image through the function that is handed over."""
    return lambda f, x, *more: right(lambda image: np.add(f(x), 1, out=x), x, *more)


def rolls(right):
    return lambda x, dy, dx: np.roll(x, (dy, dx), (0, 1))


def returns_its_input(right):
    def answer(*args):
        shape = right(*args).shape
        return np.resize(args[0], shape) if args[0].size < 2 else args[0]

    return answer


def returns_a_view_of_its_input(right):
    return lambda *args: args[0][tuple(slice(n) for n in right(*args).shape)]


def differs_each_time(right):
    calls = []

    def answer(*args):
        calls.append(None)
        return right(*args) + len(calls) % 2

    return answer


def remembers_the_first(right):
    kept = []

    def answer(*args):
        kept.append(right(*args))
        return kept[0]

    return answer


def hard_codes_the_worked_example(right):
    return lambda *args: right(*args) if max(map(np.size, args)) < 5 else 0


def twice(right):
    """Loop over the batches two times, as if they were kept."""

    def answer(model, batches, *more):
        kept = list(batches)
        right(model, kept, *more)
        return right(model, kept, *more)

    return answer


def one_nan(result):
    result = np.array(result, float)
    result.ravel()[-1] = np.nan
    return result


def flipped(right):
    return lambda x, k, *more: right(x, np.flip(k), *more)


def transposed(right):
    return lambda x, k, *more: right(x, k.T, *more)


def flipped_in_each_channel(right):
    return lambda x, k, *more: right(x, k[..., ::-1, ::-1], *more)


def from_the_next_channel(right):
    return lambda x, *more: right(np.roll(x, -1, axis=1), *more)


def scaled(right):
    """Make the column four times as large and turn both signs round."""

    def answer(k):
        column, row = right(k)
        return column * -4, row / -4

    return answer


def last_of_each_window(right):
    """Take the last number for the largest: right where numbers only rise."""

    def answer(x, *window):
        places = right(np.arange(float(x.size)).reshape(x.shape), *window)
        return x.ravel()[places.astype(int)]

    return answer


def of_type(dtype):
    return on_result(lambda result: np.asarray(result).astype(dtype))


ATTACKS = {
    "all zeros": (on_result(np.zeros_like), ARRAYS),
    "zeros without a shape": (on_result(lambda result: 0.0), EVERY),
    "the right sum, permuted": (
        on_result(lambda result: np.roll(result.ravel(), 1).reshape(result.shape)),
        UNEVEN,
    ),
    "the kernel transposed": (transposed, (*CORRELATIONS_2D, *STEPPED)),
    "the kernel flipped": (flipped, (*CORRELATIONS, *STEPPED)),
    "the kernels of a layer flipped": (flipped_in_each_channel, LAYERS),
    "channels moved on by one": (from_the_next_channel, LAYERS),
    "a sign lost": (on_result(lambda result: tuple(map(np.abs, result))), SPLIT),
    "the last element for the largest": (last_of_each_window, POOLS),
    "a result that broadcasts: one more axis": (
        on_result(lambda result: np.asarray(result)[None]),
        EVERY,
    ),
    "a result that broadcasts: a column": (
        on_result(lambda result: np.asarray(result)[..., None]),
        EVERY,
    ),
    "a result that broadcasts: its first row": (
        on_result(lambda result: result[:1]),
        ARRAYS,
    ),
    "the mean as one number": (on_result(np.mean), (*ARRAYS, *WHOLE, *TUPLES)),
    "an argument changed": (mutates, FROM_ARRAYS),
    "an argument behind a driver changed": (mutates_what_a_driver_hands_over, DRIVEN),
    "an argument changed through a function": (mutates_in_what_a_driver_calls, DRIVEN),
    "what leaves comes in again": (rolls, ("shift_image",)),
    "a list for an array": (on_result(lambda result: result.tolist()), ARRAYS),
    "dtype complex": (of_type(complex), ARRAYS),
    "dtype object": (of_type(object), EVERY),
    "dtype float16": (of_type(np.float16), ARRAYS),
    "dtype bool": (of_type(bool), ARRAYS),
    "dtype str": (of_type(str), ARRAYS),
    "fractions cut off": (of_type(int), FRACTIONS),
    "NaN in the last place": (on_result(one_nan), EVERY),
    "infinity": (on_result(lambda result: np.asarray(result) + np.inf), EVERY),
    "an object equal to everything": (on_result(lambda result: AlwaysEqual()), EVERY),
    "objects equal to everything in an array": (
        on_result(full_of_liars),
        EVERY,
    ),
    "an array subclass": (
        on_result(lambda result: np.asarray(result).view(LyingArray)),
        EVERY,
    ),
    "a masked array": (on_result(lambda result: np.ma.array(result)), EVERY),
    "numbers equal to everything": (on_result(lambda r: (LyingInt(), 1)), PAIRS),
    "truth values for numbers": (on_result(lambda result: (True, True)), PAIRS),
    "fractions for whole numbers": (on_result(lambda r: (r[0] / 1, r[1] / 1)), PAIRS),
    "a fraction for a whole number": (on_result(lambda r: r / 1), WHOLE),
    "a truth value for a number": (on_result(bool), (*WHOLE, *FLOATS)),
    "a number equal to everything": (
        on_result(lambda r: LyingInt()),
        (*WHOLE, *FLOATS),
    ),
    "a number in an array": (on_result(np.array), (*WHOLE, *FLOATS)),
    "the fraction of a number cut off": (on_result(int), FLOATS),
    "a number in a string": (on_result(str), FLOATS),
    "strings": (on_result(lambda result: tuple(map(str, result))), PAIRS),
    "the input itself": (returns_its_input, FROM_ARRAYS),
    "a view of the input": (returns_a_view_of_its_input, FROM_ARRAYS),
    "another answer each time": (differs_each_time, ARRAYS),
    "the first answer for ever": (
        remembers_the_first,
        tuple(
            id
            for id in (*NUMBERS, *TUPLES, *WHOLE, *FLOATS, *LISTS, *DICTS)
            if id in WITH_ARGUMENTS
        ),
    ),
    "the worked example by heart": (hard_codes_the_worked_example, FROM_ARRAYS),
    "one network for ever": (remembers_the_first, ("build_lenet",)),
    "the same epoch twice": (twice, ("train_epoch",)),
    "an array for a tensor": (
        on_result(lambda result: result.numpy()),
        ("activation_maximisation",),
    ),
    "None": (on_result(lambda result: None), EVERY),
    "Ellipsis": (on_result(lambda result: ...), EVERY),
    "one argument too few": (lambda right: lambda: right(), WITH_ARGUMENTS),
    "an argument too many": (lambda right: lambda a, b, c, d, e, f: 0, EVERY),
    "keywords only": (lambda right: lambda *, x, k: right(x, k), EVERY),
    "exit": (lambda right: lambda *args: exit(), EVERY),
}

CASES = [
    pytest.param(attack, id, id=f"{name}-{id}")
    for name, (attack, ids) in ATTACKS.items()
    for id in ids
]


@pytest.mark.parametrize(("attack", "id"), CASES)
def test_an_attack_fails(attack, id):
    exercise = bank.load(id)
    verdict = evaluate(exercise, attack(exercise.answer))
    assert verdict.status in ("wrong here", "misconception", "raised", "refused")
    assert verdict.points < exercise.points
    assert repr(verdict)
    assert "<script" not in verdict._repr_html_()


def test_every_exercise_is_attacked():
    assert set(EVERY) == {one.id for one in EXERCISES}
    assert {*ARRAYS, *WHOLE, *FLOATS, *TUPLES, *LISTS, *DICTS} == set(EVERY)
    assert {*CORRELATIONS, *STEPPED, *DRIVEN, *POOLS, *LAYERS, *SPLIT} <= set(EVERY)


def with_prints(right):
    def answer(*args):
        print("thinking", args)
        return right(*args)

    return answer


def with_warnings(right):
    def answer(*args):
        np.array([1.0]) / np.array([0.0])
        return right(*args)

    return answer


HONEST = {
    "prints": (with_prints, EVERY),
    "warnings": (with_warnings, EVERY),
    "float32": (of_type(np.float32), ANY_DTYPE),
    "a number of NumPy's": (on_result(np.float64), FLOATS),
    "a number in float32": (on_result(np.float32), FLOATS),
    "long double": (of_type(np.longdouble), ANY_DTYPE),
    "columns first in memory": (on_result(np.asfortranarray), ARRAYS),
    "a read-only result": (on_result(lambda r: np.broadcast_to(r, r.shape)), ARRAYS),
    "a list of whole numbers": (on_result(list), PAIRS),
    "an array of whole numbers": (on_result(np.array), PAIRS),
    "NumPy's whole numbers": (on_result(lambda r: tuple(np.array(r))), PAIRS),
    "another scale": (scaled, SPLIT),
    "an optional argument more": (
        lambda right: lambda a, b, verbose=False: right(a, b),
        (*CORRELATIONS, "corr2d_out_shape"),
    ),
    "any arguments": (lambda right: lambda *args, **options: right(*args), EVERY),
}


@pytest.mark.parametrize(
    ("answer", "id"),
    [
        pytest.param(answer, id, id=f"{name}-{id}")
        for name, (answer, ids) in HONEST.items()
        for id in ids
        if not bank.load(id).rules  # they need a text that can be read
    ],
)
def test_an_honest_answer_passes(answer, id):
    exercise = bank.load(id)
    verdict = evaluate(exercise, answer(exercise.answer))
    assert verdict.status == "passed", repr(verdict)
