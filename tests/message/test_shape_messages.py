"""Every refusal of a size says the axis or argument, both numbers and the remedy."""

import re

import pytest

from coursekit.arguments.slide import pooling, sides, sliding, transposed
from coursekit.shapes import ShapeError, out_len, pair, transposed_len

NO_PLACE = (
    "Along W the window spans 5 samples (k=3, dilation=2) but the padded input has 4 "
    "(n=4, padding=0). Add padding, or use a smaller k or dilation."
)

REFUSED = {
    "no place": (lambda: out_len(4, 3, dilation=2, axis="W"), NO_PLACE),
    "no place in a picture": (lambda: sliding((9, 4), 3, dilation=2), NO_PLACE),
    "no place in padding": (
        lambda: out_len(1, 9, padding=(3, 4)),
        "Along this axis the window spans 9 samples (k=9, dilation=1) but the padded "
        "input has 8 (n=1, padding=(3, 4)). Add",
    ),
    "no place even for ceil_mode": (
        lambda: out_len(2, 4, stride=2, ceil_mode=True, axis="H"),
        "Along H the window spans 4 samples (k=4, dilation=1) but the padded input has "
        "2 (n=2, padding=0)",
    ),
    "no samples": (
        lambda: sliding((5, 0), 1),
        "n along W is 0, but must be at least 1.",
    ),
    "no kernel": (
        lambda: out_len(5, 0, axis="H"),
        "k along H is 0, but must be at least 1.",
    ),
    "stride 0": (
        lambda: out_len(5, 1, stride=0),
        "stride along this axis is 0, but must be at least 1.",
    ),
    "dilation 0": (
        lambda: out_len(5, 1, dilation=0),
        "dilation along this axis is 0, but must be at least 1.",
    ),
    "negative padding": (
        lambda: out_len(5, 1, padding=(0, -2)),
        "padding along this axis is -2, but must be at least 0.",
    ),
    "kernel pair with a zero": (
        lambda: sliding((5, 5), (1, 0)),
        "kernel size is 0, but must be at least 1.",
    ),
    "stride pair with a zero": (
        lambda: sliding((5, 5), 1, stride=(0, 1)),
        "stride is 0, but must be at least 1.",
    ),
    "dilation pair with a zero": (
        lambda: sliding((5, 5), 1, dilation=(1, 0)),
        "dilation is 0, but must be at least 1.",
    ),
    "three numbers": (
        lambda: pair((1, 2, 3), "stride"),
        "stride has 3 numbers, but needs 1 or 2: an int, or a pair (height, width).",
    ),
    "three paddings": (
        lambda: sides((1, 2, 3)),
        "padding has 3 entries, but needs 1 or 2: an int, (rows, columns) or "
        "((top, bottom), (left, right)).",
    ),
    "three paddings along an axis": (
        lambda: sides((1, (2, 3, 4))),
        "padding along W has 3 numbers, but needs 1 or 2",
    ),
    "negative rows": (
        lambda: sides((-1, 0)),
        "padding along H is -1, but must be at least 0.",
    ),
    "a word for padding": (
        lambda: sliding((5, 5), 3, padding="full"),
        'padding is \'full\', but the named ones are 2: "same" and "valid". '
        "Use one of them, or numbers.",
    ),
    "same with a stride": (
        lambda: sliding((5, 5), 3, padding="same", stride=(1, 2)),
        'padding="same" needs stride 1, but stride is (1, 2). '
        "Give the padding in numbers.",
    ),
    "pool padding": (
        lambda: pooling((9, 9), (4, 3), padding=(2, 2)),
        "Along W padding=2 is more than half of kernel_size=3: a window could see "
        "padding alone. Use at most 1.",
    ),
    "pool padding of an even kernel": (
        lambda: pooling((9, 9), 4, padding=3),
        "Along H padding=3 is more than half of kernel_size=4: a window could see "
        "padding alone. Use at most 2.",
    ),
    "pool kernel": (
        lambda: pooling((9, 9), 0),
        "kernel_size is 0, but must be at least 1.",
    ),
    "pool stride": (
        lambda: pooling((9, 9), 2, stride=0),
        "stride is 0, but must be at least 1.",
    ),
    "pool padding below zero": (
        lambda: pooling((9, 9), 2, padding=-1),
        "padding is -1, but must be at least 0.",
    ),
    "output_padding": (
        lambda: transposed((3, 3), 3, stride=(2, 1), output_padding=1, dilation=1),
        "Along W output_padding=1 must be smaller than stride=1 or dilation=1: more "
        "rows than that belong to no input.",
    ),
    "nothing left of a transposed output": (
        lambda: transposed_len(2, 3, padding=2, axis="H"),
        "Along H the transposed output has 4 samples before cropping, but padding=2 "
        "crops 4. Use less padding.",
    ),
    "nothing left along an axis without a name": (
        lambda: transposed_len(1, 1, padding=1),
        "Along this axis the transposed output has 1 samples before cropping",
    ),
    "transposed kernel": (
        lambda: transposed((3, 3), (0, 1)),
        "kernel size is 0, but must be at least 1.",
    ),
    "transposed stride": (
        lambda: transposed((3, 3), 1, stride=0),
        "stride is 0, but must be at least 1.",
    ),
    "transposed dilation": (
        lambda: transposed((3, 3), 1, dilation=0),
        "dilation is 0, but must be at least 1.",
    ),
    "transposed padding": (
        lambda: transposed((3, 3), 1, padding=(0, -1)),
        "padding is -1, but must be at least 0.",
    ),
    "transposed output_padding": (
        lambda: transposed((3, 3), 1, output_padding=(-1, 0)),
        "output_padding is -1, but must be at least 0.",
    ),
}

NOT_AN_INT = {
    "float": (
        lambda: pair(2.0, "stride"),
        "stride must be an int, but is 2.0 (float).",
    ),
    "text": (
        lambda: sides(("same", 1)),
        "padding along H must be an int, but is 'same' (str).",
    ),
    "none": (
        lambda: out_len(5, None, axis="W"),
        "k along W must be an int, but is None (NoneType).",
    ),
    "pooling takes no word": (
        lambda: pooling((9, 9), 2, padding="valid"),
        "padding must be an int, but is 'valid' (str).",
    ),
    "half a pair": (
        lambda: pair((1, 0.5), "dilation"),
        "dilation must be an int, but is 0.5 (float).",
    ),
}


@pytest.mark.parametrize(("call", "says"), REFUSED.values(), ids=REFUSED)
def test_a_size_that_does_not_fit_is_refused_in_words(call, says):
    with pytest.raises(ShapeError, match="^" + re.escape(says)):
        call()


@pytest.mark.parametrize(("call", "says"), NOT_AN_INT.values(), ids=NOT_AN_INT)
def test_what_is_no_int_is_refused_by_name(call, says):
    with pytest.raises(TypeError, match="^" + re.escape(says)):
        call()


def test_a_shape_error_is_a_value_error():
    with pytest.raises(ValueError, match="Add padding"):
        out_len(1, 2)


def test_the_largest_legal_values_pass():
    assert pooling((4, 4), 4, padding=2).out == (2, 2)
    assert transposed((2, 2), 3, stride=3, output_padding=2).out == (8, 8)
    assert transposed_len(2, 3, dilation=2, output_padding=1) == 7
    assert transposed_len(2, 3, padding=1) == 2
    assert out_len(1, 9, padding=4) == 1
