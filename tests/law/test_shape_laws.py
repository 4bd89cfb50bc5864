"""What must hold of sizes: counted and measured, not calculated."""

import numpy as np
import pytest

from coursekit import ops
from coursekit.shapes import ShapeError, out_len, receptive_fields, transposed_len

STACKS = [
    [(3,)],
    [(3, 2, 1, 1), (2, 2), (3, 1, 2, 2)],
    [(5, 1, 1, 2), (2, 2), (5,), (2, 2)],
    [(2, 3), (3, 1, 3), (1, 2), (2, 1, 1, 1)],
]


@pytest.mark.parametrize("stack", STACKS, ids=str)
def test_an_impulse_reaches_the_ends_of_the_receptive_field_and_no_further(stack):
    n = 40

    def network(x):
        for k, *rest in stack:
            how = dict(zip(("stride", "dilation", "padding"), rest, strict=False))
            x = ops.corr1d(x, np.ones(k, int), **how)
        return x

    reached = np.array([network(impulse) for impulse in np.eye(n, dtype=int)])
    size, jump, start = receptive_fields(stack)[-1]
    firsts = {o: start + o * jump for o in range(reached.shape[1])}
    inside = {o: at for o, at in firsts.items() if at >= 0 and at + size <= n}
    assert len(inside) > 2
    for o, first in inside.items():
        inputs = np.flatnonzero(reached[:, o])
        assert (inputs[0], inputs[-1]) == (first, first + size - 1)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_a_transposed_length_is_one_that_comes_back(k, stride, dilation, padding):
    for n in range(1, 9):
        for extra in range(stride):
            how = {"stride": stride, "dilation": dilation, "padding": padding}
            try:
                length = transposed_len(n, k, **how, output_padding=extra)
            except ShapeError:
                assert (n - 1) * stride + dilation * (k - 1) + extra < 2 * padding
                continue
            assert out_len(length, k, **how) == n


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_the_formula_counts_the_starts(ceil_mode):
    for n, k, p, s in np.ndindex(9, 5, 3, 4):
        n, k, s, p = n + 1, k + 1, s + 1, min(p, (k + 1) // 2)
        starts = range(0, n + 2 * p, s)
        hang = s - 1 if ceil_mode else 0
        found = [t for t in starts if t + k <= n + 2 * p + hang and t < n + p]
        if found:
            assert out_len(n, k, padding=p, stride=s, ceil_mode=ceil_mode) == len(found)
        else:
            with pytest.raises(ShapeError, match="Along"):
                out_len(n, k, padding=p, stride=s, ceil_mode=ceil_mode)
