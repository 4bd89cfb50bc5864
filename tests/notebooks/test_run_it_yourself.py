"""What lesson 7 does where a learner asks for the clothes and has no network."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from coursekit import data
from coursekit.author.lesson import read_lesson
from coursekit.torch_ref import recipes

SOURCE = Path(__file__).parents[2] / "notebooks" / "source" / "07_lenet.py"


def test_asking_for_the_clothes_without_a_network_says_so_and_keeps_the_digits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = [cell.source for cell in read_lesson(SOURCE.parents[2], SOURCE).cells]
    (text,) = [one for one in cells if one.startswith("live = False")]
    digits = data.load("digits", size=28)
    offline = partial(data.load, offline=True, folder=tmp_path)
    monkeypatch.setattr(data, "load", offline)
    names: dict[str, Any] = {"data": data, "digits": digits}
    names |= {"replace": replace, "recipes": recipes}
    exec(text.replace("live = False", "live = True"), names)
    said = capsys.readouterr().out
    assert "you asked for no network" in said
    assert names["clothes"] is digits
    assert not names["recipe"].mirrored
    assert (names["epochs"], names["some"]) == (6, 1000)


def test_all_cells_behind_look_at_the_network_and_images_of_this_one() -> None:
    cells = read_lesson(SOURCE.parents[2], SOURCE).cells
    code = [cell.source for cell in cells if cell.kind == "code"]
    (place,) = [i for i, one in enumerate(code) if one.startswith("live = False")]
    trains, *behind = code[place + 1 :]
    assert "lenet = model.double()" in trains
    assert "test images" in trains  # the accuracy is printed
    assert sum("clothes" in one for one in behind) >= 4
    assert not [one for one in behind if "digits" in one or "model" in one]
