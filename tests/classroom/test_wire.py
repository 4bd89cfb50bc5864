"""What may come over the wire, and what may not, however it was made."""

import json
import math
import struct

import numpy as np
import pytest

from coursekit.runner.plain import Odd, identical, spaced
from coursekit.runner.run import Error, Frame, Outcome, run
from coursekit.runner.wire import (
    Malformed,
    from_text,
    of_outcome,
    outcome_of,
    pack,
    to_text,
    unpack,
)

ARRAYS = [
    *(np.arange(6).reshape(2, 3).astype(code) for code in "?bBhHiIlLqQefdFD"),
    *(np.array(2.5), np.zeros((0, 3)), np.zeros((2, 0, 5), np.int8)),
    np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    np.arange(24.0).reshape(2, 3, 4)[:, ::2],
    np.array([np.nan, np.inf, -0.0]),
]
VALUES = [
    *(None, True, False, 0, -(2**9999), 1.5, -0.0, math.nan, math.inf, -math.inf),
    *(complex(1, -2), complex(math.nan, math.inf), np.float32(0.1), np.float16(0.1)),
    *(np.float32(math.nan), "", "é\ud800\u202e\0", (), [], {}, ((), [()])),
    {"a": 1, -2: [None, (1, 2.0)], "": {}},
    Odd("array of dtype object", "dtype"),
    *ARRAYS,
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value)[:30])
def test_every_plain_value_comes_back_as_it_was(value):
    text = to_text(value)
    assert "\n" not in text
    json.loads(text, parse_constant=pytest.fail)
    for back in unpack(pack(value)), from_text(text):
        assert identical(back, value)
        assert str(back) == str(value)  # -0.0 is -0.0


@pytest.mark.parametrize("value", ARRAYS, ids=lambda value: f"{value.dtype.name}")
def test_an_array_comes_back_writable_and_lies_in_memory_as_it_did(value):
    for back in unpack(pack(value)), from_text(to_text(value)):
        assert back.flags.writeable
        for way in "c_contiguous", "f_contiguous":
            assert getattr(back.flags, way) == getattr(value.flags, way)


def test_a_spaced_array_comes_back_spaced():
    back = unpack(pack(spaced(np.arange(6.0).reshape(2, 3))))
    assert back.strides == (48, 16)
    assert back.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_foreign_byte_orders_and_long_doubles_are_sent_as_the_usual_ones():
    assert unpack(pack(np.array([1, 2], ">i4"))).dtype == np.dtype("<i4")
    assert unpack(pack(np.array([1j], np.clongdouble))).dtype == np.complex128


class Text(str):
    """No exact string."""


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (Text("a"), "Text is no plain value"),
        (object(), "object is no plain value"),
        (np.array([None]), "dtype object cannot be sent"),
        (np.array(["a"]), "dtype str32 cannot be sent"),
        (np.zeros(1, "M8[s]"), "dtype datetime64"),
        (np.zeros(2).view(np.recarray), "recarray is no plain value"),
        (np.float64(1), "float64 is no plain value"),
        ({1.5: 0}, "keys other than strings and whole numbers"),
        ({True: 0}, "keys other than strings and whole numbers"),
        ([10**5000], "cannot be written"),
        (["a" * 2**24], "more than the 16777216"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_is_not_sent(value, message):
    with pytest.raises(Malformed, match=message):
        pack(value)


def test_a_value_inside_itself_is_not_sent():
    value = []
    value.append(value)
    with pytest.raises(Malformed, match="deeper than 24"):
        pack(value)


def frame(header, raw=b"", mark=b"ckw1", length=None):
    """Make a frame as it should not be."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    size = len(text) if length is None else length
    return struct.pack("<4sI", mark, size) + text + raw


DEEP = 2
for _ in range(30):
    DEEP = ["l", DEEP]

LIES = {
    "nothing": b"",
    "half a start": b"ckw1\0\0",
    "another mark": frame(1, mark=b"pkl1"),
    "a header longer than the frame": frame(1, length=2),
    "a huge header": frame(1, length=2**32 - 1),
    "a header cut": frame(["l", 1])[:-1],
    "trailing bytes": frame(1, b"\0"),
    "no JSON": frame(b"{]"),
    "not UTF-8": frame(b'"\xff"'),
    "an object": frame({"a": 1}),
    "NaN": frame(b"NaN"),
    "an infinite number": frame(b"1e999"),
    "a number of 5000 digits": frame(b"1" * 5000),
    "brackets without end": frame(b"[" * 100_000),
    "deep lists": frame(DEEP),
    "an empty list": frame([]),
    "a list without a tag": frame([1, 2]),
    "an unknown tag": frame(["p", "cos\nsystem"]),
    "a float of letters": frame(["f", "1.5"]),
    "a float of two": frame(["f", "nan", "nan"]),
    "a complex of text": frame(["c", "1", 2.0]),
    "a float32 of a whole number": frame(["f4", 1]),
    "a key without a value": frame(["d", "a"]),
    "the same key twice": frame(["d", "a", 1, "a", 2]),
    "a truth value as a key": frame(["d", True, 1]),
    "a list as a key": frame(["d", ["l"], 1]),
    "an odd value without a reason": frame(["o", "name"]),
    "an array without order": frame(["a", "int8", [1]], b"\0"),
    "object arrays": frame(["a", "object", [1], "C"], b"\0" * 8),
    "dtype O": frame(["a", "O", [1], "C"], b"\0" * 8),
    "text arrays": frame(["a", "<U9", [1], "C"], b"\0" * 36),
    "a dtype that is a list": frame(["a", ["int8"], [1], "C"], b"\0"),
    "another order": frame(["a", "int8", [1], "K"], b"\0"),
    "an order that is a list": frame(["a", "int8", [1], ["C"]], b"\0"),
    "a shape that is a number": frame(["a", "int8", 1, "C"], b"\0"),
    "a negative length": frame(["a", "int8", [-1], "C"], b"\0"),
    "two negative lengths": frame(["a", "int8", [-1, -1], "C"], b"\0"),
    "a length that is a float": frame(["a", "int8", [1.0], "C"], b"\0"),
    "a length that is true": frame(["a", "int8", [True], "C"], b"\0"),
    "a huge shape": frame(["a", "int8", [2**39, 2**39], "C"], b"\0"),
    "huge lengths beside a zero": frame(["a", "int8", [0, 2**39, 2**39], "C"]),
    "forty axes": frame(["a", "int8", [1] * 40, "C"], b"\0"),
    "too few bytes": frame(["a", "int16", [1], "C"], b"\0"),
    "too many bytes": frame(["a", "int8", [1], "C"], b"\0\0"),
    "gaps in a single number": frame(["a", "int8", [], "S"], b"\0"),
    "a truth value of two": frame(["a", "bool", [1], "C"], b"\2"),
    "numbers in the header": frame(["a", "int8", [1], "C", "AA=="]),
}


@pytest.mark.parametrize("data", LIES.values(), ids=LIES)
def test_bytes_that_lie_are_malformed(data):
    with pytest.raises(Malformed, match=r"\w"):
        unpack(data)


@pytest.mark.parametrize(
    "text",
    [
        *("", "nan", "[1", '["a","int8",[1],"C"]', '["a","int8",[1],"C",1]'),
        *('["a","int8",[1],"C","A"]', '["a","int8",[2],"C","AA=="]'),
        *('["a","int8",[1],"C","AA==","AA=="]', '["a","int8",[1],"C","A\\nA=="]'),
    ],
)
def test_text_that_lies_is_malformed(text):
    with pytest.raises(Malformed, match=r"\w"):
        from_text(text)


def test_no_byte_of_a_frame_can_be_turned_without_a_value_or_malformed():
    whole = pack({"a": [np.arange(3.0), (1, "b", None, True)], "o": Odd("x", "y")})
    for place in range(len(whole)):
        for bits in 1, 0x80, 0xFF:
            turned = bytearray(whole)
            turned[place] ^= bits
            for data in turned, turned[:place], whole[:place] + bytes(turned[place:]):
                try:
                    pack(unpack(data))
                except Malformed:
                    continue


def deep(n):
    return deep(n - 1) if n else [].index(1)


def test_outcomes_come_back_as_they_were():
    def answer(x):
        print("here")
        if x is None:
            raise NotImplementedError("not yet")
        if x < 0:
            return deep(50)
        return np.full(3, x), np.random.default_rng().random()

    for outcome in run(answer, [(1,), (None,), (-1,), (2, 3), ([],)]):
        back = outcome_of(unpack(pack(of_outcome(outcome))))
        assert repr(back) == repr(outcome)


def test_a_recursion_is_sent_as_one_line_and_its_number():
    frames = (Frame("f", 1, "f()"),) * 1000
    error = Error(("RecursionError", "object"), "", frames)
    tree = of_outcome(Outcome("raised", error=error))
    assert len(pack(tree)) < 200
    assert outcome_of(tree).error == error


def test_what_an_outcome_says_is_cut_to_the_runners_limits():
    frames = (Frame("f" * 900, 1, "t" * 900),) * 5000
    error = Error(("", "K" * 900, "object"), "m" * 900, frames)
    outcome = Outcome("raised", error=error, printed="p" * 900, signature="s" * 900)
    back = outcome_of(of_outcome(outcome))
    assert (len(back.printed), len(back.signature)) == (400, 400)
    assert back.error.kinds == ("_", "K" * 200, "object")
    assert len(back.error.message) == 400
    assert len(back.error.frames) <= 2000


RAISED = ("raised", None, None, True, (), (("E",), "", [], False), "", "")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *((0, "passed"), (0, None), (0, ["returned"]), (0, "returned")),
        *((3, 1), (4, [0]), (4, (-1,)), (4, (True,)), (4, (0,) * 2000)),
        *((5, None), (5, ()), (5, ((), "", [], False)), (5, (("E",), "", [], 0))),
        *((5, ((1,), "", [], False)), (5, (("E",), "", [("f", 1, "t")], False))),
        *((5, (("E",), "", [("f", 1.0, "t", 1)], False)), (6, None), (7, b"")),
        *((5, (("E",) * 900, "", [], False)), (5, (("E",), 1, [], False))),
    ],
)
def test_an_outcome_with_another_entry_is_malformed(place, value):
    assert outcome_of(RAISED).error.kinds == ("E", "object")
    with pytest.raises(Malformed, match=r"\w"):
        outcome_of((*RAISED[:place], value, *RAISED[place + 1 :]))


@pytest.mark.parametrize("tree", [None, [], RAISED[1:], (*RAISED, 1), list(RAISED)])
def test_an_outcome_of_another_form_is_malformed(tree):
    with pytest.raises(Malformed, match="8 entries are wanted"):
        outcome_of(tree)
