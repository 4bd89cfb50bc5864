"""Every argument of every public function refuses what it is not made for, by name.

A function without a row here fails the first test, and so does a new argument.
"""

import inspect
import re
import traceback
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from coursekit import count, nets, plots, shapes
from coursekit.nets import Conv2d, Flatten, Linear, Parallel, ReLU

NAN, INF = float("nan"), float("inf")
RNG = np.random.default_rng(0)
# What only functions of the course make: their fields were checked on the way in.
RESULTS = {"History", "Ledger", "ReceptiveField", "Row", "ShapeError"}
CHECKED_IN_USE = {"AxisLayer"}  # a tuple may stand for it: `receptive_fields` looks


class Case(NamedTuple):
    """A legal value of an argument, illegal ones, and what messages call it."""

    legal: object
    illegal: tuple
    called: str = ""


def case(legal, *illegal, called=""):
    return Case(legal, illegal, called)


def anything(legal):
    """Accept all: what messages repeat, and constants that callers write down."""
    return Case(legal, ())


def whole(legal, least=1):
    return case(legal, least - 1, -3, 1.5, None, "3", True, np.ones(2))


def both(legal, least=1, **how):
    """Read an int, or a pair of them."""
    wrong = (least - 1, (1, least - 1), (1, 2, 3), (), 1.5, (1, 1.5), True, "a")
    return case(legal, *wrong, np.array([1, 2]), **how)


def flag(legal):
    return case(legal, 1, 0, None, "no")


def real(legal, *illegal):
    return case(legal, *illegal, NAN, INF, -1.0, None, "1", True, 1j)


def layout(legal):
    n = len(legal)
    wrong = (legal[:-1], (*legal, 2), (0,) * n, (1.5,) * n, (True,) * n, (None,) * n)
    return case(legal, *wrong, (), None, 7, "abc", "a" * n, np.ones(n))


BAD_VALUES = (None, "x", [["a", "b"]], [1j], [[1, 2], [3]], {}, object())
BAD_ARRAYS = (None, 1.0, [[1.0]], "x", np.array(["a"]), np.array([1j]), [None])


def values(ndim, *illegal, finite=True):
    """Read anything that NumPy reads as numbers with so many axes."""
    shape = (2,) * ndim
    wrong = (*illegal, np.ones((2,) * (ndim + 1)), np.ones((0,) * ndim), *BAD_VALUES)
    return case(np.ones(shape), *wrong, np.full(shape, NAN), np.full(shape, INF))


def named(ndim, *illegal):
    """Read such arrays, one for each keyword."""
    wrong = [{"my_x": value} for value in values(ndim, *illegal).illegal]
    return case({"my_x": np.ones((2,) * ndim)}, {}, *wrong, called="my.x|got no")


def array(legal, *illegal):
    """Read an array of NumPy, and no list."""
    return case(legal, *illegal, *BAD_ARRAYS)


def network(legal):
    return case(legal, None, 3, "net", (3,), (ReLU,), (legal,), {ReLU()}, iter([]))


def params(legal):
    wrong = (legal[:-1], [*legal, legal[0]], [p[None] for p in legal])
    words = ["ab"] * len(legal)
    return case(legal, *wrong, None, 3, "ab", words, legal[0], called="params")


AXIS = anything("W")
SIZES = {"n": whole(7), "k": whole(3), "stride": whole(1), "dilation": whole(1)}
STACK = case(
    [(3,), (3, 2, 1, 1)], None, 3, "ab", [3], ["ab"], [()], [(3, 1, 1, 0, 1)], [(0,)],
    [(3, 0)], [(3, 1, 0)], [(3, 1, 1, -1)], [(1.5,)], [(None,)], [shapes.AxisLayer(0)],
    called=r"layers|layer 0|layer 1",
)  # fmt: skip
SHAPES = {
    "at_least": {"least": anything(1), "value": whole(2), "name": anything("value")},
    "flag": {"value": flag(True), "name": anything("value")},
    "grouped": {
        "name": anything("channels"),
        "channels": whole(4),
        "groups": case(2, 0, 3, 1.5, None, "2", True),
    },
    "out_len": {
        **SIZES, "padding": both((1, 2), 0), "ceil_mode": flag(False), "axis": AXIS,
    },
    "pair": {
        "value": both(1), "name": anything("value"), "least": anything(1),
        "means": anything("(height, width)"),
    },
    "receptive_fields": {"layers": STACK},
    "same_padding": {"k": whole(3), "dilation": whole(1)},
    "sizes": {
        "value": layout((1, 2)), "name": anything("value"), "axes": anything("H W"),
    },
    "span": {"k": whole(3), "dilation": whole(1)},
    "stack": {"layers": STACK},
    "transposed_len": {
        **SIZES, "padding": whole(0, 0), "output_padding": whole(0, 0), "axis": AXIS,
    },
}  # fmt: skip

WORDS = ("full", "", b"same", None, {})
POOL = {
    "kernel_size": both(2), "stride": both(2), "padding": both(1, 0),
    "dilation": both(1), "ceil_mode": flag(False),
}  # fmt: skip
NETWORK = (Flatten(), Linear(4, 3), ReLU(), Linear(3, 2))
PARAMS = nets.init(NETWORK, RNG, dtype=float)
X, LABELS = np.ones((5, 1, 2, 2)), np.array([0, 1, 0, 1, 0])
OUT, SAVED = nets.forward(NETWORK, PARAMS, X)
NETWORKS = network(NETWORK)
INPUT = array(X, X[0, 0, 0, 0], X[:, :, :, :1], X[0, 0])
INPUT = INPUT._replace(called="x|input|shape")
EXAMPLES = array(X, X[:3], X[:0], np.full_like(X, NAN), np.full_like(X, INF))
ANSWERS = array(LABELS, LABELS[:3], LABELS + 0.5, LABELS - 1, LABELS + 9, LABELS[None])
GENERATOR = case(RNG, None, 0, "seed", np.random.RandomState(0), np.random)
NETS = {
    "Conv2d": {
        "in_channels": whole(4), "out_channels": whole(2), "kernel_size": both(3),
        "stride": both(1), "dilation": both(1), "groups": whole(2), "bias": flag(True),
        "padding": case(
            ((0, 1), (1, 2)), *WORDS, -1, (1, -1), (1, 2, 3), 1.5, True, (0, (1, 2, 3)),
        ),
        "padding_mode": case("zeros", "mirror", None, 0, ["zeros"], {}),
    },
    "Linear": {
        "in_features": whole(4), "out_features": whole(2), "bias": flag(True),
    },
    "MaxPool2d": POOL,
    "AvgPool2d": {
        **{name: each for name, each in POOL.items() if name != "dilation"},
        "count_include_pad": flag(True),
    },
    "Parallel": {
        "branches": case(
            ((), (Conv2d(2, 3, 1),)), None, 3, "ab", (), (3,), ((ReLU,),), (None,),
            called="branches|network",
        )
    },
    "accuracy": {
        "logits": array(OUT, OUT[:2], OUT[0], OUT[:0], OUT[:, :0]),
        "labels": ANSWERS,
    },
    "backward": {
        "network": NETWORKS, "params": params(PARAMS),
        "saved": case(SAVED, None, 3, "abcd", SAVED[:-1], [*SAVED, 1], OUT),
        "upstream": array(OUT, OUT[:2], OUT[0], OUT[:, :1]),
    },
    "forward": {"network": NETWORKS, "params": params(PARAMS), "x": INPUT},
    "init": {
        "network": NETWORKS, "rng": GENERATOR,
        "scheme": case("he", "best", None, 0, ["he"], {}),
        "dtype": case(np.float64, int, "nonsense", complex, object, "<U3", bool, None),
    },
    "loss_and_gradients": {
        "network": NETWORKS, "params": params(PARAMS), "x": INPUT, "labels": ANSWERS,
    },
    "out_shape": {
        "network": NETWORKS,
        "shape": layout((1, 2, 2))._replace(called="shape|in_features"),
    },
    "param_shapes": {"network": NETWORKS},
    "predict": {
        "network": NETWORKS, "params": params(PARAMS), "batch_size": whole(2),
        "images": INPUT._replace(called="images|x|input|shape"),
    },
    "sgd_step": {
        "params": params(PARAMS)._replace(called="params|grads"),
        "grads": params(PARAMS)._replace(called="grads"),
        "velocity": params(PARAMS)._replace(called="velocity"),
        "lr": real(0.1), "momentum": real(0.9),
    },
    "train": {
        "network": NETWORKS, "params": params(PARAMS), "images": EXAMPLES,
        "labels": ANSWERS, "rng": GENERATOR, "epochs": whole(1, 0),
        "batch_size": whole(2), "lr": real(0.1), "momentum": real(0.9),
        "progress": flag(False),
        "validation": case(
            (X, LABELS), 3, "ab", (X,), (X, LABELS, X), (X, LABELS[:2]), (X, X),
            (X.tolist(), LABELS), (X, LABELS.tolist()), (None, None),
            (X[:0], LABELS[:0]), (np.full_like(X, NAN), LABELS),
            called="validation|images|labels",
        ),
    },
}  # fmt: skip

COUNT = {
    "ledger": {**NETS["out_shape"], "bytes_per_number": whole(4)},
    "macs": NETS["out_shape"],
    "operations": NETS["out_shape"],
    "params": NETS["param_shapes"],
}

BLOCK = Parallel(((Conv2d(2, 2, 1),), (Conv2d(2, 3, 3, padding=1),)))
BELOW = np.array([-1.0, 0.5])
PLOTS = {
    "accuracy_curves": {
        "xlabel": case("shift", None, 3, b"shift"), "x": values(1, np.ones(3)),
        "runs": named(2, np.ones((2, 3)), [BELOW, BELOW], [[2.0, 0.5]]),
    },
    "accuracy_dots": {
        "lowest": real(0.5, 1, 1.5, np.ones(2)), "runs": named(1, BELOW, [0.6, 2.0]),
    },
    "architecture": NETS["out_shape"],
    "branches": {
        "block": case(BLOCK, None, 3, Conv2d(2, 2, 1), (BLOCK,), BLOCK.branches),
        "shape": layout((2, 4, 4))._replace(called="shape|in_channels"),
    },
    "cone": {"n": whole(9), "layers": STACK._replace(illegal=(*STACK.illegal, []))},
    "confusion": {
        "table": values(2, np.ones((2, 3)), [[1, -1], [1, 1]], [[0, 0], [1, 1]]),
        "classes": case(["cat", "dog"], None, 3, ["cat"], ["a", "b", "c"], []),
    },
    "grids": {"arrays": named(2), "padding": whole(0, 0)},
    "heat": {"arrays": named(2, [BELOW])},
    "in_and_out": {
        "tasks": case(
            {"my_task": ((3, 8, 8), (10,))}, {},
            *({"my_task": wrong} for wrong in (
                None, 3, "ab", (), ((3,),), ((3,), (4,), (5,)), ((3, 4), (5,)),
                ((3,), ()), ((0,), (1,)), ((1.5,), (1,)), (3, 4), ("abc", (1,)),
            )),
            called="my task|got no",
        )
    },
    "links": {
        "networks": case(
            {"my_net": (Conv2d(2, 2, 3),)}, {},
            *({"my_net": wrong} for wrong in (
                *NETWORKS.illegal, (), (ReLU(),), (Conv2d(1, 2, 3), Conv2d(1, 2, 3)),
            )),
            called="my net|network|got no",
        )
    },
    "loss_curve": {"losses": named(1, [0.0, 1.0], BELOW)},
    "photos": {"arrays": named(2)},
    "places": {**SIZES, "padding": both((1, 2), 0)},
    "responses": {"arrays": named(2)},
    "shares": {
        "wholes": case(
            {"my_cost": {"a": 1, "b": 2.5}}, {},
            *({"my_cost": wrong} for wrong in (
                None, 3, "ab", {}, [1, 2], {"a": 0}, {"a": -1}, {"a": NAN}, {"a": INF},
                {"a": "1"}, {"a": None}, {"a": True}, {"a": 1, "b": NAN},
            )),
            called="my_cost|got no",
        )
    },
    "sheets": {
        "label": case("class", None, 3), "columns": whole(4), "stacks": named(3),
    },
    "signals": {"arrays": named(1)},
    "tiles": {"images": values(3), "columns": whole(4)},
    "volumes": {
        "x_shape": layout((3, 6, 6)), "weight_shape": layout((2, 3, 3, 3)),
        "stride": whole(1),
        "at": case(
            (0, 1), (-1, 0), (4, 0), (0, 4), (0,), (0, 0, 0), (), None, "ab",
            (0, 0.5), (True, 0), called="at|place",
        ),
    },
    "windows": {
        "x": values(2), "k_shape": layout((1, 2)),
        "corners": case(
            {"o": (0, 0)}, {}, None, 3, "ab", [(0, 0)], {"o": (0, 1)}, {"o": (-1, 0)},
            {"o": (0,)}, {"o": (0, 0, 0)}, {"o": None}, {"o": (0, 0.5)},
            {"o": "ab"}, called="corner|window o",
        ),
    },
}  # fmt: skip

PARTS = {shapes: SHAPES, nets: NETS, count: COUNT, plots: PLOTS}


def public(part):
    """Name what a part offers that can be called, and has arguments."""
    own = [name for name, value in vars(part).items() if name[0] != "_"
           and getattr(value, "__module__", "") == part.__name__]  # fmt: skip
    callables = {
        name: getattr(part, name)
        for name in getattr(part, "__all__", own)
        if inspect.isclass(getattr(part, name))
        or inspect.isfunction(getattr(part, name))
    }
    exempt = RESULTS | CHECKED_IN_USE
    return {
        name: value
        for name, value in callables.items()
        if name not in exempt and inspect.signature(value).parameters
    }


def called(function, arguments):
    """Call a function by its names; what stands for **arguments is a dict."""
    parameters = inspect.signature(function).parameters
    given = {}
    for name, value in arguments.items():
        many = parameters[name].kind is inspect.Parameter.VAR_KEYWORD
        given |= value if many else {name: value}
    return function(**given)


def forms(value):
    """List what a message may say of a value: all of it, its kind, its size, a part."""
    inner = [value]
    for one in inner:
        if isinstance(one, Mapping):
            inner += one.values()
        elif isinstance(one, list | tuple):
            inner += one
        yield repr(one)
        yield type(one).__name__
        if isinstance(one, np.ndarray):
            yield str(len(one) if one.ndim else one)
            inside = one.shape[1:]  # what a layer says of its input
            yield from map(str, (one.shape, one.dtype, inside, prod(inside)))
            inner += one.ravel()[:1].tolist()
        if isinstance(one, list | tuple | Mapping):
            yield str(len(one))
        if isinstance(one, Mapping) and not one:
            yield "got no"
        if isinstance(one, float):
            yield f"{one:g}"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_public_function_and_each_of_its_arguments_has_a_row(part):
    expected = {
        name: set(inspect.signature(value).parameters)
        for name, value in public(part).items()
    }
    assert {name: set(row) for name, row in PARTS[part].items()} == expected


@pytest.mark.parametrize(
    ("part", "name"), [(part, name) for part, rows in PARTS.items() for name in rows],
    ids=lambda each: each if isinstance(each, str) else each.__name__,
)  # fmt: skip
def test_the_legal_values_pass(part, name):
    legal = {key: each.legal for key, each in PARTS[part][name].items()}
    called(getattr(part, name), legal)


def told(function, arguments, names, value):
    """Say what is wrong with a refusal; nothing, if it is a sentence of ours."""
    try:
        called(function, arguments)
    except (TypeError, ValueError) as error:
        said, trace = str(error), traceback.extract_tb(error.__traceback__)
    else:
        return "was accepted"
    faults = {
        "comes from elsewhere": "coursekit" not in Path(trace[-1].filename).parts
        or not str(trace[-1].line).startswith("raise"),
        "names no argument": not re.search(rf"\b({names})", said),
        "names no value": not any(form in said for form in forms(value)),
        "is no sentence": not said.endswith("."),
    }
    return "".join(f"{fault}: {said}" for fault, found in faults.items() if found)


@pytest.mark.usefixtures("as_a_user_calls")
@pytest.mark.parametrize(
    ("part", "name", "parameter"),
    [
        pytest.param(part, name, parameter, id=f"{part.__name__}.{name}({parameter})")
        for part, rows in PARTS.items()
        for name, row in rows.items()
        for parameter, each in row.items()
        if each.illegal
    ],
)
def test_an_illegal_value_is_refused_in_a_sentence_of_ours(part, name, parameter):
    row = PARTS[part][name]
    legal = {key: each.legal for key, each in row.items()}
    names = row[parameter].called or parameter
    faults = {}
    for value in row[parameter].illegal:
        arguments = legal | {parameter: value}
        faults[repr(value)] = told(getattr(part, name), arguments, names, value)
    assert {value: fault for value, fault in faults.items() if fault} == {}
