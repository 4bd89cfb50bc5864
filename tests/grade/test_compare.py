"""Form first, then numbers: what counts as the same, and the words for the rest."""

import numpy as np
import pytest
import torch

from coursekit.grade.compare import Bound, compare
from coursekit.runner.plain import Odd, copied, identical, plain


def found(got, wanted, **options):
    options = {"scale": lambda leaf: np.max(np.abs(leaf), initial=0.0), **options}
    return compare(plain(got), wanted, Bound(**options))


def said(got, wanted, **options):
    difference = found(got, wanted, **options)
    words = difference.returned, difference.expected, difference.advice
    return " | ".join(words)


def test_rounding_within_the_bound_is_no_difference_and_beyond_it_is():
    wanted = np.array([1000.0, 1.0])
    eps = np.finfo(float).eps
    assert found(wanted + 60 * eps * 1000, wanted) is None
    assert found(wanted + 70 * eps * 1000, wanted).cell == (0,)


@pytest.mark.parametrize("size", [1e-300, 1e-20, 1.0, 1e20, 1e300])
def test_the_bound_goes_with_the_size_of_the_numbers(size):
    wanted = np.array([1.0, -2.0]) * size
    assert found(wanted * (1 + 1e-15), wanted) is None
    assert found(wanted * (1 + 1e-9), wanted) is not None


def test_float32_is_held_to_its_own_precision():
    wanted = np.array([0.1, 1.0])
    assert found(wanted.astype(np.float32), wanted) is None
    assert found(np.float32(0.1), 0.1) is None
    assert found(wanted.astype(np.float32).astype(float), wanted) is not None
    assert found(np.float32([0.1001, 1.0]), wanted) is not None


def test_elementwise_bounds_see_a_small_number_beside_a_large_one():
    wanted = np.array([1e16, 1.0])
    assert found(wanted + np.array([0.0, 1e-3]), wanted) is None
    assert found(wanted + np.array([0.0, 1e-3]), wanted, scale=np.abs).cell == (1,)


def test_whole_numbers_are_compared_exactly():
    wanted = np.array([2**60, 1])
    assert found(wanted.copy(), wanted) is None
    assert found(wanted + np.array([1, 0]), wanted).cell == (0,)
    assert found(2**60 + 1, 2**60) is not None


def test_whole_numbers_may_come_back_as_floats_in_an_array_but_not_alone():
    assert found(np.array([3.0]), np.array([3])) is None
    for got in (3.0, 2.5):
        assert said(got, 3).endswith("where you divide, use //, for / makes a float.")
    assert said(np.array([3.0, 4.0]), (3, 4)) == (
        "returned an array of dtype float64 | 2 whole numbers | "
        "Whole numbers are wanted: where you divide, use //, for / makes floats."
    )
    assert said(np.array([3.0, 4.0]), (3.0, 4.0)).endswith("entries | ")
    assert found(3, 3.0) is None


def test_a_graded_dtype_has_to_be_kept():
    single = np.ones(2, np.float32)
    assert found(np.ones(2), single) is None
    graded = said(np.ones(2), single, dtype_graded=True)
    assert graded.startswith("returned dtype float64 | dtype float32")


def test_where_a_dtype_is_graded_whole_numbers_may_be_of_any_width():
    whole, options = np.array([3, 4]), {"dtype_graded": True}
    for kind in (np.int32, np.uint8, np.int64):
        assert found(whole.astype(kind), whole, **options) is None
    floats = said(whole.astype(float), whole, **options)
    assert floats.startswith("returned dtype float64 | dtype int64")


@pytest.mark.parametrize(
    ("got", "wanted", "words"),
    [
        (None, np.ones(2), "returned None |  | Is a `return` missing at its end?"),
        (
            np.ones((1, 2)),
            np.ones(2),
            "returned shape (1, 2) | shape (2,) | ",
        ),
        (np.ones(()), 1.0, "returned an array of shape () | the number 1.0 | "),
        ([1.0], np.ones(1), "Wrap it: np.array(...)."),
        ((np.ones(1), [0.5]), np.ones(1), "Return the one array, not several"),
        (np.ones(1) + 0j, np.ones(1), "complex128 | real numbers | The answer is real"),
        (np.array([True]), np.ones(1), "Count or compute with numbers"),
        (np.array([1.0]), np.array([True]), "True or False is wanted"),
        (np.ones(1, np.float16), np.ones(1), "float16 keeps three digits"),
        (
            np.array([0]),
            np.array([0.5]),
            "which keep no fractions: make it with floats",
        ),
        (
            np.array([np.nan]),
            np.ones(1),
            "returned nan at [0] | 1 | Look for a division",
        ),
        (True, 1, "returned the truth value True | the whole number 1 | "),
        (1 + 0j, 1.0, "returned the complex number (1+0j) | the number 1.0 | "),
        (float("nan"), 1.0, "returned nan | 1 | "),
        (10**400, 1.0, "returned 1000"),
        (10**400, 1, "returned 1000"),
        (10**4000, 1, "returned an int"),
        (1, 1.5, "returned 1 | 1.5 | "),
        (1e200, 1e-200, "returned 1e+200 | 1e-200 | "),
        ("same", "valid", "returned 'same' | 'valid' | "),
        ((1, 2, 3), (1, 2), "returned 3 entries | 2 entries | "),
        ({"a": 1}, {"b": 1}, "returned the keys ['a'] | ['b'] | "),
        ({1}, (1,), "returned a set"),
        (torch.ones(()), 1.0, "Of a tensor t, `t.item()` makes a number"),
        (np.array([None]), np.ones(1), "returned an array of dtype object"),
    ],
)
def test_each_difference_has_its_words(got, wanted, words):
    assert words in said(got, wanted)


def test_a_difference_deep_inside_names_its_place():
    wanted = (np.zeros(2), {"bias": (1, 2)})
    assert found((np.zeros(2), {"bias": [1, 2]}), wanted) is None
    difference = found((np.zeros(2), {"bias": [1, 3]}), wanted)
    assert difference.path == "[1]['bias'][1]"


def test_whole_numbers_beside_infinite_ones_are_compared_without_a_warning():
    """A wrong answer may divide by zero, and every failing answer is held to it."""
    assert found(np.array([3, 1]), np.array([np.inf, 1.0])) is not None


def test_infinite_numbers_that_are_wanted_are_right():
    wanted = np.array([-np.inf, 1.0])
    assert found(wanted.copy(), wanted) is None
    assert found(np.array([np.inf, 1.0]), wanted) is not None


def test_a_complex_answer_is_held_to_a_complex_one():
    wanted = np.array([1 + 2j, 3.0])
    assert found(wanted.copy(), wanted) is None
    assert found(wanted.real.copy(), wanted).cell == (0,)


def test_numbers_are_written_with_the_digits_that_tell_them_apart():
    close = said(np.array([1.000000001]), np.array([1.0]))
    assert close.startswith("returned 1.000000001 at [0] | 1.0 |")
    near = said(np.array([1.0000002]), np.array([1.0]))
    assert near.startswith("returned 1.0000002 at [0] | 1 |")


def test_plain_values_are_copies():
    array = np.zeros(2)
    value = plain([array])
    array[0] = 1
    assert value[0][0] == 0


@pytest.mark.parametrize(
    "value",
    [
        type("Float", (float,), {})(1),
        type("Str", (str,), {})("a"),
        np.zeros(1).view(np.recarray),
        np.array(["2020-01-01"], "datetime64[D]"),
        np.zeros(1, [("a", float)]),
        {(1, 2): 3},
        lambda: 0,
        object(),
        [[[[[[[1]]]]]]],
        [0] * 10_001,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_becomes_odd(value):
    got = plain(value)
    while isinstance(got, list):
        got = got[0]
    assert isinstance(got, Odd)


def test_a_copy_keeps_the_gaps_of_a_strided_array():
    strided = np.arange(12.0).reshape(3, 4)[:, ::2]
    again = copied(strided)
    assert identical(again.copy(), strided.copy())
    assert not again.flags.c_contiguous
    assert copied(np.arange(6).reshape(2, 3).T).flags.f_contiguous


def test_identical_tells_types_shapes_and_bits_apart():
    assert identical([np.array([np.nan]), 1], [np.array([np.nan]), 1])
    assert identical({"a": float("nan")}, {"a": float("nan")})
    assert not identical(1, 1.0)
    assert not identical(np.zeros((1, 2)), np.zeros((2, 1)))
    assert not identical(np.zeros(1), np.zeros(1, np.float32))
    assert not identical([1], [2])
