"""What is no array of fitting numbers is refused by name, with the remedy."""

import re

import numpy as np
import pytest

BIG = np.full((1, 2), 2**62)
PICTURES = np.zeros((2, 4, 5, 6))
WHOLE = "is not a whole number in general. Convert it: x.astype(float)."
TYPES = {
    "list": (
        lambda lib: lib.corr1d([1, 2], np.array([1])),
        "x must be a NumPy array, but is list. Use np.asarray(x).",
    ),
    "bool": (
        lambda lib: lib.corr2d(np.ones((2, 2)), np.ones((1, 1)).astype(bool)),
        "k has dtype bool, but an operation takes integers, float32 or float64. "
        "Convert it: k.astype(float).",
    ),
    "complex": (
        lambda lib: lib.relu(np.zeros(3, complex)),
        "x has dtype complex128, but an operation takes",
    ),
    "half": (
        lambda lib: lib.max_pool2d(PICTURES.astype(np.float16), 2),
        "x has dtype float16, but an operation takes",
    ),
    "object": (
        lambda lib: lib.pad2d(np.array([[None]]), 1),
        "x has dtype object, but an operation takes",
    ),
    "average": (
        lambda lib: lib.avg_pool2d(PICTURES.astype(int), 2),
        f"x has dtype int64, but an average {WHOLE}",
    ),
    "global average": (
        lambda lib: lib.global_avg_pool2d(PICTURES.astype(int)),
        f"x has dtype int64, but an average {WHOLE}",
    ),
    "sigmoid": (
        lambda lib: lib.sigmoid(np.array([1])),
        f"x has dtype int64, but sigmoid(x) {WHOLE}",
    ),
    "tanh": (
        lambda lib: lib.tanh(np.array([1])),
        f"x has dtype int64, but tanh(x) {WHOLE}",
    ),
    "complex activation": (
        lambda lib: lib.sigmoid(np.zeros(3, complex)),
        "x has dtype complex128, but an operation takes",
    ),
    "integer logits": (
        lambda lib: lib.softmax_cross_entropy(np.eye(2, dtype=int), np.array([0, 1])),
        "logits has dtype int64, but a log loss is not a whole number in general.",
    ),
    "float labels": (
        lambda lib: lib.softmax_cross_entropy(np.eye(2), np.array([0.0, 1])),
        "labels has dtype float64, but class numbers are integers. Pass the numbers of "
        "the classes, not one-hot rows.",
    ),
    "a word as unfold2d's padding": (
        lambda lib: lib.unfold2d(PICTURES, 2, padding="same"),
        "padding must be an int, but is 'same' (str).",
    ),
    "four numbers as unfold2d's padding": (
        lambda lib: lib.unfold2d(PICTURES, 2, padding=(1, (1, 2))),
        "padding must be an int, but is (1, 2) (tuple).",
    ),
    "overflow": (
        lambda lib: lib.corr2d(BIG, np.ones((1, 2), int)),
        "A sum here can reach 9223372036854775808, but int64 holds at most "
        "9223372036854775807. Convert x to float: x.astype(float).",
    ),
    "overflow by the largest": (
        lambda lib: lib.corr2d(np.array([[0, 2**62]]), np.ones((1, 2), int)),
        "A sum here can reach 9223372036854775808, but int64 holds at most",
    ),
    "overflow by the smallest": (
        lambda lib: lib.corr2d(np.array([[-(2**62), 0]]), np.ones((1, 2), int)),
        "A sum here can reach 9223372036854775808, but int64 holds at most",
    ),
    "overflow of a product": (
        lambda lib: lib.linear(-BIG, np.array([[0, -9]])),
        "A sum here can reach 83010348331692982272, but int64 holds at most",
    ),
    "overflow by the bias": (
        lambda lib: lib.linear(BIG[:, :1], np.array([[1]]), BIG[0, :1]),
        "A sum here can reach 9223372036854775808, but int64 holds at most",
    ),
}


@pytest.mark.parametrize(("call", "says"), TYPES.values(), ids=TYPES)
@pytest.mark.usefixtures("as_a_user_calls")
def test_what_is_no_array_of_numbers_is_refused_in_words(lib, call, says):
    with pytest.raises(TypeError, match="^" + re.escape(says)):
        call(lib)


def test_the_largest_exact_sum_is_computed(lib):
    x = np.array([[2**62, 2**62 - 1]])
    assert lib.linear(x[:, :1], np.array([[1]]), x[0, 1:])[0, 0] == 2**63 - 1
    assert lib.corr2d(np.array([[2**31, 2**31]]), np.array([[2**30, 2**30]])) == 2**62


def test_an_empty_batch_has_no_sum_to_overflow(lib):
    weight = np.full((1, 2), 2**63 - 1)
    assert lib.linear(np.zeros((0, 2), int), weight).shape == (0, 1)


def test_small_integers_do_not_overflow(lib):
    x = np.full((2, 2), 200, np.uint8)
    assert lib.corr2d(x, x)[0, 0] == 160_000
