"""What lessons say of their figures, held to the numbers that they store."""

import re
from pathlib import Path

import nbformat

COURSE = Path(__file__).parents[2]


def stored(lesson: str, opening: str) -> str:
    """Find the one stored output of a lesson that begins with these words."""
    notebook = nbformat.read(COURSE / "notebooks" / f"{lesson}.ipynb", as_version=4)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    said = [out.get("text") or out.get("data", {}).get("text/plain") for out in outputs]
    [found] = [text for text in said if text and text.startswith(opening)]
    return found


def per_cent(said: str, row: str) -> list[int]:
    """Read the numbers that an output gives after the name of a row."""
    found = re.search(rf"(?:^|[ \n]){row}:?(?: \d runs, mean)?([ \d%]+)", said)
    assert found, (row, said)
    return [int(number) for number in re.findall(r"\d+", found[1])]


def test_a_shift_by_one_pixel_costs_the_mlp_half_and_the_cnn_less() -> None:
    said = stored("01_mlp_limits", "Accuracy over shift in pixels -2 -1 0 1 2")
    mlp, cnn = per_cent(said, "MLP"), per_cent(said, "CNN")
    assert min(mlp[2], cnn[2]) > 90
    assert all(one < mlp[2] / 2 + 1 for one in (mlp[1], mlp[3]))
    assert all(one < 20 for one in (mlp[0], mlp[4]))
    assert all(mlp[at] < cnn[at] < 70 for at in (1, 3))


def test_a_wide_mlp_learns_every_place_and_a_small_one_not_its_own_digits() -> None:
    first = stored("01_mlp_limits", "known")
    assert all(45 < one < 60 for one in per_cent(first, "known"))
    assert all(35 < one < 45 for one in per_cent(first, "new"))
    said = stored("01_mlp_limits", "Accuracy of each run, in per cent. MLP known")
    assert max(per_cent(said, "MLP known")) < 85
    assert min(per_cent(said, "wide MLP known")) >= 99
    assert all(77 < one < 84 for one in per_cent(said, "wide MLP new"))
    assert min(per_cent(said, "CNN new")) >= max(per_cent(said, "wide MLP new"))


def test_a_shuffle_costs_an_mlp_nothing_and_the_cnn_its_lead() -> None:
    said = stored("01_mlp_limits", "Accuracy of each run, in per cent. MLP: ")
    mean = {
        row: sum(per_cent(said, row)) / 2
        for name in ("MLP", "wide MLP", "CNN")
        for row in (name, f"{name} shuffled")
    }
    for name in ("MLP", "wide MLP"):
        assert abs(mean[name] - mean[f"{name} shuffled"]) <= 3
    assert mean["CNN"] - mean["CNN shuffled"] > 15
    assert abs(mean["CNN shuffled"] - mean["MLP"]) < 8


def test_maps_moved_back_bring_back_what_a_dense_layer_lost() -> None:
    said = stored("01_mlp_limits", "in the middle")
    [middle], [moved], [back] = (
        per_cent(said, row) for row in ("in the middle", "moved", "maps moved back")
    )
    assert moved < 30 < 85 < back <= middle


def test_without_a_first_bias_neurons_fall_silent_and_with_it_none() -> None:
    said = stored("01_mlp_limits", "bias 0: ")
    assert min(per_cent(said, "bias 0")) > 1
    assert set(per_cent(said, "bias 0.5")) == {0}


def test_a_relu_between_two_layers_finds_corners_that_no_filter_finds() -> None:
    said = stored("03_channels", "Grid of numbers. corners: ")
    corners, without = re.findall(r"rows ([\d. /]+)\.(?: |$)", said)
    assert [float(one) for one in corners.replace("/", " ").split()].count(0.5) == 2
    assert {float(one) for one in without.replace("/", " ").split()} == {0}
    answers = stored("03_channels", "windows: ").splitlines()[1:]
    for line in answers:
        corner, flat = re.findall(r"-?\d\.\d+", line)
        assert corner == flat
