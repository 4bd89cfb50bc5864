r"""Join the branches

The branches of an Inception block end in one array: all their channels, behind each
other. Write `concat_channels(branches)`.

- `branches` is a list of at least one array. Branch `b` has shape `(N, C_b, H, W)`:
  images, channels, rows, columns, each at least 1. The numbers of channels may differ.
- If `N`, `H` and `W` are the same for all branches, return an array of shape
  `(N, the sum of all C_b, H, W)`: first all channels of branch 0, then all of branch 1,
  and so on. Images, rows and columns stay where they are.
- If not, raise a `ValueError`. Its message must contain the number of the first branch
  whose `N`, `H` or `W` differs from that of branch 0, **counted from 0** and written in
  digits, as in "branch 2 has another height". What else it says is up to you.
- Leave the list and its arrays as they are. `np.concatenate` is allowed; look at what
  it does, and at what it says.

The check calls your function and reads the message of its ValueError. In its report,
`UnnamedBranch` stands for a ValueError whose message lacks the number.

**By hand.** One image of one row and two pixels; the first branch has one channel, the
second has two:

    branches[0] = [[[[1, 2]]]]      branches[1] = [[[[3, 4]], [[5, 6]]]]

so the result has shape (1, 3, 1, 2): `[[[[1, 2]], [[3, 4]], [[5, 6]]]]`. If
`branches[1]` were one pixel wide, its number, 1, would have to be in the message.
"""

import numpy as np

from coursekit.exercise import Exercise


def naming_the_branch(answer, branches):
    """Call the answer; a ValueError has to name the first branch that differs."""
    import re

    class UnnamedBranch(Exception):
        pass

    sizes = [(one.shape[0], *one.shape[2:]) for one in branches]
    try:
        return answer(branches)
    except ValueError as error:
        differs = [str(b) for b, size in enumerate(sizes) if size != sizes[0]]
        if differs and differs[0] not in re.findall(r"\d+", str(error)):
            raise UnnamedBranch(str(error)) from error
        raise


exercise = Exercise(
    __name__,
    points=3,
    difficulty=2,
    minutes=10,
    section="Inception, the step in between",
    driver=naming_the_branch,
    hints=(
        "Which of the four axes grows, and which three have to agree? What would "
        "happen to a branch of another height, if nobody looked?",
        "Channels are axis 1, so join along axis 1. Before that, compare images, rows "
        "and columns of each branch, `shape[0]`, `shape[2]` and `shape[3]`, with those "
        "of branches[0]. `enumerate(branches)` gives the number along with the branch.",
        "Almost code:\n\n"
        "    for every branch and its number b:\n"
        "        if its N, H or W is not that of branches[0]:\n"
        '            raise ValueError(f"branch {b} has shape ..., branch 0 has ...")\n'
        "    return all branches, joined along axis 1",
    ),
)


@exercise.solution
def concat_channels(branches):
    """Return all branches (N, C_b, H, W) joined along the channels."""
    n, _, h, w = branches[0].shape
    for b, branch in enumerate(branches):
        if (branch.shape[0], *branch.shape[2:]) != (n, h, w):
            raise ValueError(
                f"branch {b} has shape {branch.shape}; all need N, H, W = {n}, {h}, {w}"
            )
    return np.concatenate(branches, axis=1)


@exercise.wrong(
    "You joined the branches along the images, the first axis, where np.concatenate "
    "joins unless told otherwise. Channels are axis 1: np.concatenate(branches, "
    "axis=1)."
)
def along_the_images(branches):
    return np.concatenate(branches)


@exercise.wrong(
    "You joined the branches along the columns. Channels are axis 1: (N, C, H, W)."
)
def along_the_columns(branches):
    return np.concatenate(branches, axis=3)


@exercise.wrong(
    "np.stack and np.array make a new axis for the branches. Nothing new is wanted: "
    "the axis of the channels gets longer."
)
def stacked(branches):
    return np.stack(branches)


@exercise.wrong(
    "You added the branches up, as a residual block does. An Inception block keeps all "
    "maps, behind each other."
)
def added(branches):
    return sum(branches)


@exercise.wrong(
    "The channels of the branches are mixed: first of each, then second of each. All "
    "channels of branch 0 come first, then all of branch 1."
)
def interleaved(branches):
    joined = concat_channels(branches)
    places = [c for branch in branches for c in range(branch.shape[1])]
    return joined[:, np.argsort(places, kind="stable")]


@exercise.wrong(
    "You cut all branches to the smallest of them. A branch of another size is a "
    "mistake in the network that should be heard: raise a ValueError that names it."
)
def cut_to_the_smallest(branches):
    n, _, h, w = np.min([branch.shape for branch in branches], axis=0)
    return np.concatenate([one[:n, :, :h, :w] for one in branches], axis=1)


@exercise.wrong(
    "You fill up what is missing with zeros. A branch of another size is a mistake in "
    "the network that should be heard: raise a ValueError that names it."
)
def filled_with_zeros(branches):
    n, _, h, w = np.max([branch.shape for branch in branches], axis=0)
    out = [np.zeros((n, one.shape[1], h, w)) for one in branches]
    for place, one in zip(out, branches, strict=True):
        place[: len(one), :, : one.shape[2], : one.shape[3]] = one
    return np.concatenate(out, axis=1)


@exercise.wrong(
    "Your ValueError does not say which branch it is about. Put the number of the "
    "branch into its message, counted from 0."
)
def unnamed(branches):
    try:
        return concat_channels(branches)
    except ValueError:
        raise ValueError("the sizes differ") from None


@exercise.wrong(
    "You want equal numbers of channels, too. Only N, H and W have to agree; channels "
    "may differ from branch to branch."
)
def equal_channels_wanted(branches):
    for b, branch in enumerate(branches):
        if branch.shape != branches[0].shape:
            raise ValueError(f"branch {b}")
    return concat_channels(branches)


@exercise.wrong(
    "You do not compare the numbers of images. A branch of one image is repeated for "
    "all images, without a word, when you write it into a larger array; others stop "
    "with a message of NumPy's that names no branch. Compare shape[0], too."
)
def images_not_compared(branches):
    images = len(branches[0])
    fit = [len(one) in (1, images) for one in branches]
    if not all(fit):
        raise ValueError("could not broadcast")
    repeat = [np.repeat(b, images // len(b), 0) for b in branches]
    return concat_channels(repeat)


@exercise.wrong(
    "An `assert` raises an AssertionError. Raise a ValueError: "
    "`if ...: raise ValueError(...)`."
)
def asserted(branches):
    try:
        return concat_channels(branches)
    except ValueError:
        raise AssertionError from None


@exercise.wrong(
    "You averaged the branches. An Inception block keeps all maps, behind each other: "
    "nothing is added up, and nothing is divided."
)
def averaged(branches):
    return sum(branches) / len(branches)


@exercise.alternative
def numpy_names_it_itself(branches):
    return np.concatenate(branches, 1)


@exercise.alternative
def into_an_empty_array(branches):
    n, _, h, w = branches[0].shape
    out = np.zeros((n, sum(branch.shape[1] for branch in branches), h, w))
    first = 0
    for b, branch in enumerate(branches):
        if not (len(branch) == n and branch.shape[2] == h and branch.shape[3] == w):
            raise ValueError(f"see branches[{b}]")
        out[:, first : first + branch.shape[1]] = branch
        first += branch.shape[1]
    return out


@exercise.alternative
def in_single_precision(branches):
    return concat_channels([np.float32(branch) for branch in branches])


@exercise.cases("worked example", points=1)
def worked():
    yield ([np.array([[[[1, 2]]]]), np.array([[[[3, 4]], [[5, 6]]]])],)


def filled(*shape):
    return np.arange(float(np.prod(shape))).reshape(shape) ** 2 % 19 - 6


@exercise.cases("several branches", points=1)
def several():
    yield ([filled(2, 3, 2, 4), filled(2, 1, 2, 4), filled(2, 2, 2, 4) / 2],)
    yield ([filled(2, 2, 3, 3), filled(2, 2, 3, 3) + 50],)
    yield ([filled(1, 3, 2, 2)],)


@exercise.cases("a branch that does not fit", points=1)
def unfit():
    yield ([filled(5, 4, 6, 7), filled(5, 4, 6, 7), filled(5, 4, 8, 7)],)
    yield ([filled(5, 4, 6, 7), filled(5, 4, 6, 8), filled(5, 4, 6, 8)],)
    yield ([filled(6, 4, 5, 5), filled(6, 3, 5, 5), filled(4, 3, 5, 5)],)
    yield ([filled(4, 5, 3, 3), filled(1, 5, 3, 3)],)
