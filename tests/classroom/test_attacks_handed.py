"""What is handed in as a file to make grading fail: numbers 42 to 48 of the attacks."""

import io
import json
import stat
import struct
import zipfile

import pytest
from marked import LESSON, RIGHT, full, honest, notebook

from coursekit.classroom.results import Store, StoreUnusable

OTHERS = [id for id in LESSON if id != "corr2d"]

WHOLE = notebook(*honest())
OLD = json.dumps(
    {
        "nbformat": 3,
        "worksheets": [
            {"cells": [{"cell_type": "code", "input": text} for text in honest()]}
        ],
    }
)
BEYOND = "at most: clear the outputs"


def zipped(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("number", "data", "problem"),
    [
        (42, WHOLE[:-40], "is cut off"),
        (42, b"{" + WHOLE, "is damaged"),
        (42, b"", "is empty"),
        (42, b"\0" * 99, "is empty"),
        (42, OLD.encode(), ""),
        (42, b"\xef\xbb\xbf" + WHOLE, ""),
        (42, WHOLE.replace(b'"nbformat"', b'\0"nbformat"'), ""),
        (42, WHOLE.replace(b"\\n", b"\\r\\n"), ""),
        (43, WHOLE[:-1] + b', "outputs": "' + b"x" * 60_000_000 + b'"}', ""),
        (43, WHOLE[:-1] + b', "outputs": "' + b"x" * 70_000_000 + b'"}', BEYOND),
        (44, notebook("\n\n".join(honest())), ""),
        (44, notebook(*honest(), *honest()), ""),
        (44, notebook(*reversed(honest())), ""),
        (44, json.dumps([{"source": text} for text in honest()]).encode(), ""),
        (45, notebook("%matplotlib inline\n!pip install x", *honest()), ""),
        (45, notebook(*honest(), "%%time\nx = input('?')", "%%writefile x\nno"), ""),
    ],
    ids=lambda value: str(value)[:30],
)
def test_42_to_45_a_file_is_read_or_refused_in_one_line(
    desk, tmp_path, number, data, problem
):
    found = desk.content(tmp_path, data)
    if problem:
        (one,) = found.values()
        assert (one.status, one.points) == ("not graded", 0)
        assert problem in one.problem
    else:
        full(found, *LESSON)
    assert [path.name for path in tmp_path.iterdir()] == ["ada.ipynb"]


def test_44_a_deleted_cell_costs_its_exercise(desk, tmp_path):
    found = desk.marked(tmp_path, *honest("corr2d"))
    assert found["corr2d"].status == "missing"
    full(found, *OTHERS)


def test_46_an_archive_writes_nothing_and_costs_only_its_author(desk, tmp_path):
    place = tmp_path / "class.zip"
    link = zipfile.ZipInfo("eve/link.ipynb")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    device = zipfile.ZipInfo("eve/device.ipynb")
    device.external_attr = (stat.S_IFCHR | 0o666) << 16
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("ada/lab.ipynb", "../slip.ipynb", "/slip.ipynb", link, device):
            archive.writestr(name, WHOLE)
        archive.writestr("eve/bomb.ipynb", b" " * 60_000_000)
    found = desk.mark(place)
    assert len(found) == 6
    assert sum(len(results) > 1 for results in found) == 1
    for results in found:
        if len(results) > 1:
            full(results, *LESSON)
        else:
            (one,) = results.values()
            assert (one.status, one.points) == ("not graded", 0)
            assert one.problem
    assert [path.name for path in tmp_path.iterdir()] == ["class.zip"]


def test_46_an_archive_of_100_000_entries_is_refused(desk, tmp_path):
    archive = zipped({"a.ipynb": b""})
    start, end = archive.index(b"PK\1\2"), archive.index(b"PK\5\6")
    listed = 100_000 * archive[start:end]
    last = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, len(listed), start, 0)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.ipynb").write_bytes(WHOLE)
    (tmp_path / "in" / "eve.zip").write_bytes(archive[:start] + listed + last)
    ada, eve = desk.mark(tmp_path / "in")
    full(ada, *LESSON)
    assert [one.points for one in eve.values()] == [0]
    assert "more than 20000 files" in str(eve)


def test_47_names_that_look_alike_are_other_names(desk, tmp_path):
    cyrillic = RIGHT["corr2d"].replace("corr2d", "\u0441orr2d")
    found = desk.marked(tmp_path, *honest("corr2d"), cyrillic)
    assert found["corr2d"].status == "missing"
    assert "letters of another script (U+0441)" in str(found["corr2d"].notes)
    wide = RIGHT["corr2d"].replace("corr2d", "\uff43orr2d")  # the same to Python
    full(desk.marked(tmp_path, *honest("corr2d"), wide), *LESSON)


def test_47_names_of_files_in_any_script_or_none_are_graded(desk, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("\u05d0\u05d1\u202e.ipynb", "a\u0301da.ipynb", "\udcff.ipynb"):
        (folder / name).write_bytes(WHOLE)
    found = desk.mark(folder)
    assert len(found) == 3
    for results in found:
        full(results, *LESSON)
        assert all("\u202e" not in one.learner for one in results.values())


def test_48_a_second_grader_of_the_same_results_is_refused(desk, tmp_path):
    results = desk.marked(tmp_path, *honest())
    with Store(tmp_path / "results") as store:
        store.append([*results.values()])
        with pytest.raises(StoreUnusable), Store(tmp_path / "results"):
            pass
        assert {one.exercise: one for one in store} == results
