"""Every backward pass refuses a gradient that is not that of its output, in words."""

import re

import numpy as np
import pytest

from coursekit import fast
from coursekit.shapes import ShapeError

X = np.zeros((2, 4, 6, 6))
ARGUMENTS = {
    "avg_pool2d": ((X, 2), {}),
    "conv2d": ((X, np.zeros((3, 4, 3, 3))), {}),
    "conv_transpose2d": ((X, np.zeros((4, 3, 3, 3))), {}),
    "depthwise_conv2d": ((X, np.zeros((4, 3, 3))), {}),
    "global_avg_pool2d": ((X,), {}),
    "linear": ((X[0, 0], np.zeros((3, 6))), {}),
    "max_pool2d": ((X, 2), {}),
    "pad2d": ((X, 1), {"mode": "circular"}),
    "pointwise_conv2d": ((X, np.zeros((3, 4))), {}),
    "relu": ((X,), {}),
    "separable_conv2d": ((X, np.zeros((4, 3, 3)), np.zeros((5, 4))), {}),
    "sigmoid": ((X,), {}),
    "tanh": ((X,), {}),
    "unfold2d": ((X, 3), {}),
}


def test_every_backward_of_an_array_is_tried():
    backwards = {name for name in fast.__all__ if name.endswith("_backward")}
    one_number = "softmax_cross_entropy_backward"
    assert backwards - {one_number} == {f"{name}_backward" for name in ARGUMENTS}


@pytest.mark.parametrize("name", ARGUMENTS)
@pytest.mark.usefixtures("as_a_user_calls")
def test_a_gradient_of_another_shape_is_refused(name):
    given, how = ARGUMENTS[name]
    out = getattr(fast, name)(*given, **how)
    says = (
        f"upstream has shape {(*out.shape, 1)}, but the output has {out.shape}. Pass "
        f"the gradient of the output, one number for each of its own."
    )
    with pytest.raises(ShapeError, match="^" + re.escape(says)):
        getattr(fast, f"{name}_backward")(out[..., None], *given, **how)
    for shape in ((*out.shape[:-1], out.shape[-1] + 1), out.shape[1:]):
        with pytest.raises(ShapeError, match="upstream has shape"):
            getattr(fast, f"{name}_backward")(np.zeros(shape), *given, **how)


@pytest.mark.parametrize("name", ARGUMENTS)
@pytest.mark.parametrize("types", [(np.float32, np.float64), (np.float64, np.float32)])
@pytest.mark.usefixtures("as_a_user_calls")
def test_a_gradient_of_another_precision_is_refused(name, types):
    one, other = map(np.dtype, types)
    given, how = ARGUMENTS[name]
    given = [a.astype(one) if isinstance(a, np.ndarray) else a for a in given]
    out = getattr(fast, name)(*given, **how)
    says = (
        f"upstream has dtype {other}, but the output has {one}. Convert it: "
        f"upstream.astype(np.{one})."
    )
    with pytest.raises(TypeError, match="^" + re.escape(says)):
        getattr(fast, f"{name}_backward")(out.astype(other), *given, **how)


@pytest.mark.parametrize("name", ARGUMENTS)
@pytest.mark.usefixtures("as_a_user_calls")
def test_a_gradient_that_is_a_list_is_refused_by_its_name(name):
    given, how = ARGUMENTS[name]
    says = "upstream must be a NumPy array, but is list. Use np.asarray(upstream)."
    with pytest.raises(TypeError, match="^" + re.escape(says)):
        getattr(fast, f"{name}_backward")([1.0], *given, **how)


BAD = {
    "depthwise_conv2d": (X, np.zeros((3, 3, 3))),
    "linear": (X[0, 0], np.zeros((3, 5))),
    "pointwise_conv2d": (X, np.zeros((3, 5))),
    "relu": ([1.0],),
    "separable_conv2d": (X, np.zeros((4, 3, 3)), np.zeros((5, 3))),
    "softmax_cross_entropy": (X[0, 0], np.full(6, 6)),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.usefixtures("as_a_user_calls")
def test_a_backward_pass_refuses_what_its_operation_refuses_in_its_words(name):
    with pytest.raises((TypeError, ValueError)) as refused:
        getattr(fast, name)(*BAD[name])
    with pytest.raises(refused.type, match="^" + re.escape(str(refused.value)) + "$"):
        getattr(fast, f"{name}_backward")(np.float64(1), *BAD[name])
