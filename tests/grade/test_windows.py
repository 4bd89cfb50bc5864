"""The window that a verdict frames feeds the number that is wrong, and all of it does.

A window that is one pixel off would send a learner to look in the wrong place.
"""

import numpy as np
import pytest

from coursekit import bank
from coursekit.exercise.windows import pooling_window

FRAMED = [one for one in bank.exercises() if one.window]
POOLS = [one for one in FRAMED if one.window is pooling_window]


@pytest.mark.parametrize("exercise", FRAMED, ids=lambda one: one.id)
def test_what_lies_outside_a_window_does_not_count(exercise):
    for _, args in exercise.calls():
        expected = exercise.answer(*args)
        for cell in list(np.ndindex(expected.shape))[::5]:
            window = exercise.window(args, cell)
            before, x = args[: window.argument], args[window.argument]
            other = x + 1000
            other[window.region] = x[window.region]
            again = exercise.answer(*before, other, *args[window.argument + 1 :])
            assert np.isclose(again[cell], expected[cell], atol=1e-6)


@pytest.mark.parametrize("exercise", POOLS, ids=lambda one: one.id)
def test_a_pixel_counts_for_those_outputs_of_a_pool_whose_windows_hold_it(exercise):
    for _, (x, *how) in exercise.calls():
        expected = exercise.answer(x, *how)
        holds = np.zeros((*expected.shape, *x.shape), bool)
        for cell in np.ndindex(expected.shape):
            holds[cell][exercise.window((x, *how), cell).region] = True
        for pixel in list(np.ndindex(x.shape))[::3]:
            brighter = x.copy()
            brighter[pixel] += 1000
            changed = exercise.answer(brighter, *how) > expected
            np.testing.assert_array_equal(changed, holds[..., *pixel])


def test_the_window_of_a_padded_pool_ends_with_the_image():
    args = np.zeros((1, 1, 3, 5)), (2, 3), (1, 2), (1, 1)
    assert pooling_window(args, (0, 0, 0, 2)).region[2:] == (slice(0, 1), slice(3, 5))
    assert pooling_window(args, (0, 0, 3, 0)).region[2:] == (slice(2, 3), slice(0, 2))
