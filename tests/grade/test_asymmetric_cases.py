"""Fixed cases show what is flipped, turned, transposed or taken from another channel.

The rule: take one group of fixed cases, one of its arrays (an argument by its name, or
the right result) and one move. In at least one case of the group the move has to change
that array, so that nobody earns the group's points with it. A case where the move
cannot change anything (an axis of length 1) does not count; a constant is fine beside
another case of the group that is none. Results with a `measure` are not judged by
their entries, and not looked at. What is symmetric on purpose is in the table.
"""

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest

from coursekit import bank
from coursekit.grade.key import AnswerKey

BELL = "a bell is the same in all four directions: that is what is asked for"
MEANS = "the kernel of a mean is constant, and every channel has the same one"
RESULT = "the result"

# (exercise, group) -> (what is symmetric there, why)
ON_PURPOSE = {
    ("equivariance_error", "worked example"): ("x", "the prompt asks for equal rows"),
    ("gaussian_kernel", "worked example"): (RESULT, BELL),
    ("gaussian_kernel", "other sizes and widths"): (RESULT, BELL),
    ("gaussian_kernel", "edges of the rule"): (RESULT, BELL),
    ("avg_pool_as_conv", "several channels"): (RESULT, MEANS),
    ("avg_pool_as_conv", "edges of the rule"): (RESULT, MEANS),
}


def unchanged_by(array):
    """Yield each move that could change this array, and whether it leaves it alone."""
    if array.ndim == 1 and len(array) > 1:
        yield "turned round", np.array_equal(array, array[::-1])
    if array.ndim < 2:
        return
    rows, columns = array.shape[-2:]
    if rows > 1:
        yield "rows flipped", np.array_equal(array, array[..., ::-1, :])
    if columns > 1:
        yield "columns flipped", np.array_equal(array, array[..., ::-1])
    if rows * columns > 1:
        yield "half a turn", np.array_equal(array, array[..., ::-1, ::-1])
    if rows == columns > 1:
        yield "transposed", np.array_equal(array, array.swapaxes(-1, -2))
    for axis in range(array.ndim - 2):
        pairs = list(combinations(np.moveaxis(array, axis, 0), 2))
        if pairs:
            alike = any(np.array_equal(one, other) for one, other in pairs)
            yield f"two entries of axis {axis} exchanged", alike


def arrays_in(value, name):
    """Yield every array inside an argument or a result, by its name."""
    if isinstance(value, np.ndarray):
        yield name, value
    elif isinstance(value, list | tuple):
        for place, entry in enumerate(value):
            yield from arrays_in(entry, f"{name}[{place}]")
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from arrays_in(entry, f"{name}[{key!r}]")


def never_changed(exercise):
    """Return (group, array, move) for each move that no case of the group shows."""
    key, found = AnswerKey(exercise), defaultdict(list)
    for place in key.fixed:
        call, right = key.calls[place], key.right()[place]
        values = dict(zip(exercise.parameters, call.args, strict=False))
        if right.error is None and exercise.measure is None:
            values[RESULT] = right.value
        group = exercise.groups[call.group].name
        for name, value in values.items():
            for path, array in arrays_in(value, name):
                for move, unchanged in unchanged_by(array):
                    found[group, path, move].append(unchanged)
    return [what for what, unchanged in found.items() if all(unchanged)]


@pytest.mark.parametrize("exercise", bank.exercises(), ids=lambda one: one.id)
def test_no_move_goes_unseen_in_a_whole_group_of_fixed_cases(exercise):
    on_purpose = {
        (group, path)
        for (id, group), (path, _) in ON_PURPOSE.items()
        if id == exercise.id
    }
    found = never_changed(exercise)
    assert on_purpose <= {(group, path) for group, path, _ in found}, "mend the table"
    unseen = [one for one in found if one[:2] not in on_purpose]
    assert not unseen, f"{exercise.path.name}: {unseen}"


@pytest.mark.parametrize(
    ("array", "move"),
    [
        ([[1, 2], [1, 2]], "rows flipped"),
        ([[1, 1], [2, 2]], "columns flipped"),
        ([[1, 2], [2, 1]], "half a turn"),
        ([[1, 2], [2, 3]], "transposed"),
        ([[[1, 2]], [[3, 4]], [[1, 2]]], "two entries of axis 0 exchanged"),
        ([1, 2, 1], "turned round"),
    ],
)
def test_each_symmetry_is_recognised(array, move):
    assert dict(unchanged_by(np.array(array)))[move]


def test_an_array_without_symmetry_is_changed_by_every_move():
    moves = dict(unchanged_by(np.array([[[1, 2], [3, 4]], [[5, 6], [7, 9]]])))
    assert len(moves) == 5
    assert not any(moves.values())
    assert not dict(unchanged_by(np.ones((1, 1))))
