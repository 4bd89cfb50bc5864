"""Files are found as platforms name them; nothing leads out, and nothing is written."""

import json
import os
import pickle
import random
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from coursekit.classroom.reader import contents
from coursekit.classroom.reader import handed as module
from coursekit.classroom.reader.cells import Unreadable
from coursekit.classroom.reader.handed import Handed, handed

NOTEBOOK = json.dumps({"cells": [{"cell_type": "code", "source": "a = 1"}]}).encode()


def folder(place: Path, *names: str) -> Path:
    for name in names:
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(NOTEBOOK)
    return place


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return kept.getvalue()


def both(place: Path, *names: str) -> list[list[Handed]]:
    """Hand the same files in as a folder and as a .zip."""
    archive = place / "all.zip"
    archive.write_bytes(zipped(dict.fromkeys(names, NOTEBOOK)))
    return [[*handed(folder(place / "all", *names))], [*handed(archive)]]


def whose(place: Path, *names: str) -> dict[str, str]:
    as_folder, as_zip = (
        {one.name: one.learner for one in found} for found in both(place, *names)
    )
    assert as_folder == as_zip
    return as_folder


PLATFORMS = {
    "files": {"jane.ipynb": "jane", "jim (2).ipynb": "jim", "zoe.ipynb.txt": "zoe"},
    "files of lessons": {
        "jane_02_cross_correlation.ipynb": "jane",
        "jane_03_channels.ipynb": "jane",
        "jim.py": "jim",
    },
    "one lesson first": {
        "02_cross_correlation_jane.ipynb": "jane",
        "02_cross_correlation_jim.ipynb": "jim",
    },
    "a folder a learner": {
        "Jane Smith/02.ipynb": "Jane Smith",
        "Jane Smith/sub/03.ipynb": "Jane Smith",
        "jim/02.IPYNB": "jim",
    },
    "Canvas": {
        "smithjane_123_456_02_cross_correlation.ipynb": "smithjane",
        "smithjane_123_457_03_channels-1.ipynb": "smithjane",
        "doejim_LATE_124_458_02_cross_correlation-2.ipynb": "doejim",
        "o'neilzoë_125_459_a.py": "o'neilzoë",
    },
    "Canvas in a folder": {
        "submissions-1/smithjane_123_456_02.ipynb": "smithjane",
        "submissions-1/doejim_LATE_124_458_02.ipynb": "doejim",
    },
    "Moodle": {
        "Jane Smith_1234_assignsubmission_file_/02.ipynb": "Jane Smith",
        "Jane Smith_1234_assignsubmission_file_/sub/03.ipynb": "Jane Smith",
        "Jim_van_Dam_1235_assignsubmission_file_/02.ipynb": "Jim_van_Dam",
    },
    "Moodle, flat": {
        "Jane Smith_1234_assignsubmission_file_02.ipynb": "Jane Smith",
        "Participant 7_1235_assignsubmission_file_x_y.ipynb": "Participant 7",
    },
    "Gradescope without its list": {
        "assignment_1_export/submission_1/a.ipynb": "submission_1",
        "assignment_1_export/submission_2/a.ipynb": "submission_2",
    },
    "GitHub Classroom": {
        "02-cross-correlation-submissions/02-cross-correlation-jane/mine/02.ipynb": (
            "jane"
        ),
        "02-cross-correlation-submissions/02-cross-correlation-jim-d/02.ipynb": "jim-d",
    },
    "nbgrader": {
        "submitted/jane/ps1/02.ipynb": "jane",
        "submitted/jim/ps1/02.ipynb": "jim",
    },
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_platform_says_who_it_was(tmp_path, platform):
    assert whose(tmp_path, *PLATFORMS[platform]) == PLATFORMS[platform]


def test_lateness_and_other_names_are_kept(tmp_path):
    names = ["doejim_LATE_124_458_02.ipynb", "smithjane_123_456_02.ipynb"]
    for found in both(tmp_path, *names):
        assert [(one.late, one.ids) for one in found] == [
            (True, ("124",)),
            (False, ("123",)),
        ]
    names = ["02-cross-correlation-jim/a.ipynb", "02-cross-correlation-jo/a.ipynb"]
    ids = [one.ids for one in handed(folder(tmp_path / "github", *names))]
    assert ids == [("02-cross-correlation-jim",), ("02-cross-correlation-jo",)]


METADATA = """---
submission_1:
  :submitters:
  - :name: Zoë O'Neil
    :sid: '007'
    :email: zoe@x.edu
  - :name: "Jim"
    :sid:
  :created_at: 2026-02-01 20:20:47.123456000 Z
  :history:
  - :id: 1
    :submitters:
    - :name: Old Name
submission_2:
  :submitters:
  - :email: jo@x.edu
  :created_at: yesterday
"""


@pytest.mark.parametrize("as_zip", [False, True])
@pytest.mark.parametrize("above", ["", "assignment_9_export/"])
def test_gradescopes_list_says_who_they_were_and_when(tmp_path, as_zip, above):
    files = {
        f"{above}submission_metadata.yml": METADATA.encode(),
        f"{above}submission_1/a.ipynb": NOTEBOOK,
        f"{above}submission_2/a.ipynb": NOTEBOOK,
        f"{above}submission_3/a.ipynb": NOTEBOOK,
    }
    place = tmp_path / "all.zip"
    place.write_bytes(zipped(files))
    if not as_zip:
        with zipfile.ZipFile(place) as archive:
            archive.extractall(tmp_path / "all")
        place = tmp_path / "all"
    zoe, jim, jo, other = handed(place)
    assert (zoe.learner, zoe.ids) == ("Zoë O'Neil", ("007", "zoe@x.edu"))
    assert (jim.learner, jim.ids, jim.name) == ("Jim", (), zoe.name)
    assert zoe.when == jim.when == 1769977247.0
    assert (jo.learner, jo.ids) == ("jo@x.edu", ("jo@x.edu",))
    assert jo.when != zoe.when
    assert other.learner == "submission_3"


def test_one_notebook_can_be_handed_over_alone(tmp_path):
    path = folder(tmp_path, "jane.ipynb") / "jane.ipynb"
    (found,) = handed(path)
    assert (found.learner, found.name, found.problem) == ("jane", "jane.ipynb", "")
    assert found.read() == NOTEBOOK
    assert found.when == path.stat().st_mtime


def test_a_folder_with_nothing_but_the_zip_of_a_class_is_that(tmp_path):
    names = {"jane/a.ipynb": NOTEBOOK, "jim/a.ipynb": NOTEBOOK}
    (tmp_path / "download.zip").write_bytes(zipped(names))
    assert [one.learner for one in handed(tmp_path)] == ["jane", "jim"]


def test_a_place_that_cannot_be_read_is_told(tmp_path):
    with pytest.raises(Unreadable, match=r"There is no .*nowhere"):
        handed(tmp_path / "nowhere")
    (tmp_path / "all.zip").write_bytes(b"PK\3\4 damaged")
    with pytest.raises(Unreadable, match="damaged: pack it once more"):
        handed(tmp_path / "all.zip")


def test_an_empty_folder_holds_nothing(tmp_path):
    assert [*handed(tmp_path)] == []


def test_what_programs_leave_behind_is_passed_over(tmp_path):
    names = [
        "jane/a.ipynb",
        "jane/.ipynb_checkpoints/a-checkpoint.ipynb",
        "jane/.git/hooks.py",
        "jane/__pycache__/a.py",
        "jane/.hidden.ipynb",
        "jane/Thumbs.db",
        "jane/coursekit/ops/correlation.py",
        "__MACOSX/jane/._a.ipynb",
        "jim/a-checkpoint.ipynb",
        "jim/coursekit/mine/b.ipynb",
    ]
    assert [*whose(tmp_path, *names)] == [names[0], *names[-2:]]


def test_every_other_file_is_told_what_is_wrong_with_it(tmp_path):
    names = ["jane.pdf", "jim.7z", "jo/a.png", "jo/b.ipynb"]
    for found in both(tmp_path, *names):
        assert [(one.name, one.problem) for one in found] == [
            ("jane.pdf", "It is no notebook: hand in the .ipynb file."),
            (
                "jim.7z",
                "It is an archive of another kind: hand in the notebook itself.",
            ),
            ("jo/a.png", "It is no notebook: hand in the .ipynb file."),
            ("jo/b.ipynb", ""),
        ]
        with pytest.raises(Unreadable, match="It is no notebook"):
            found[0].read()


def test_a_learners_own_zip_is_looked_into(tmp_path):
    own = {"t/02.ipynb": NOTEBOOK, "__MACOSX/._02.ipynb": b"", "notes.txt": b"x"}
    inner = zipped({**own, "more.zip": zipped({"03.ipynb": NOTEBOOK})})
    files = {
        "smithjane_1_2_home.zip": inner,
        "jim_3_4_a.zip": b"PK",
        "z_5_6_a.zip": b"",
    }
    files["empty_7_8_a.zip"] = zipped({"dir/": b""})
    (tmp_path / "all").mkdir()
    for name, data in files.items():
        (tmp_path / "all" / name).write_bytes(data)
    (tmp_path / "all.zip").write_bytes(zipped(files))
    for place in (tmp_path / "all", tmp_path / "all.zip"):
        found = [*handed(place)]
        assert [(one.learner, one.name, one.problem) for one in found] == [
            ("empty", "empty_7_8_a.zip", "The .zip archive holds no files."),
            ("jim", "jim_3_4_a.zip", "The .zip archive is damaged: pack it once more."),
            (
                "smithjane",
                "smithjane_1_2_home.zip/more.zip",
                "It is a .zip in a .zip: hand in the notebook itself.",
            ),
            (
                "smithjane",
                "smithjane_1_2_home.zip/notes.txt",
                "It is no notebook: hand in the .ipynb file.",
            ),
            ("smithjane", "smithjane_1_2_home.zip/t/02.ipynb", ""),
            ("z", "z_5_6_a.zip", "The .zip archive is damaged: pack it once more."),
        ]
        assert found[4].read() == NOTEBOOK


def test_what_was_found_can_be_sent_to_another_process(tmp_path):
    for found in both(tmp_path, "jane/a.ipynb", "jim/a.ipynb"):
        for one in found:
            again = pickle.loads(pickle.dumps(one))
            assert again == one
            assert again.read() == NOTEBOOK


def test_nothing_is_read_before_it_is_asked_for(tmp_path, monkeypatch):
    folder(tmp_path, "a/a.ipynb", "b/b.ipynb")
    seen: list[str] = []
    listed = module._listed
    monkeypatch.setattr(
        module, "_listed", lambda path: seen.append(path.name) or listed(path)
    )
    found = handed(tmp_path)
    assert next(found).name == "a/a.ipynb"
    assert seen[1:] == ["a"]


def test_links_pipes_and_sockets_are_told_and_not_followed(tmp_path):
    outside = folder(tmp_path / "outside", "secret.ipynb")
    place = folder(tmp_path / "all", "jane/a.ipynb")
    (place / "jane" / "b.ipynb").symlink_to(outside / "secret.ipynb")
    (place / "jane" / "c").symlink_to(outside)
    (place / "jane" / "d.ipynb").symlink_to(place / "jane" / "d.ipynb")
    os.mkfifo(place / "jane" / "e.ipynb")
    (place / "jim").symlink_to(outside)
    assert [(one.name, one.problem) for one in handed(place)] == [
        ("jane/a.ipynb", ""),
        ("jane/b.ipynb", "It is a link: hand in the file itself."),
        ("jane/c", "It is a link: hand in the file itself."),
        ("jane/d.ipynb", "It is a link: hand in the file itself."),
        ("jane/e.ipynb", "It is a pipe: hand in the file itself."),
        ("jim", "It is a link: hand in the file itself."),
    ]


def test_a_link_or_pipe_that_takes_a_files_place_is_not_read(tmp_path):
    place = folder(tmp_path / "all", "a.ipynb", "b.ipynb", "c.ipynb")
    a, b, c = handed(place)
    for name in "abc":
        (place / f"{name}.ipynb").unlink()
    (place / "a.ipynb").symlink_to(folder(tmp_path, "secret.ipynb") / "secret.ipynb")
    os.mkfifo(place / "b.ipynb")
    with pytest.raises(Unreadable, match="cannot be opened"):
        a.read()
    with pytest.raises(Unreadable, match="no regular file any more"):
        b.read()
    with pytest.raises(Unreadable, match="cannot be opened: No such file"):
        c.read()


def entry(name: str, **fields: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, (2026, 2, 3, 4, 5, 6))
    for field, value in fields.items():
        setattr(info, field, value)
    return info


def archive_of(path: Path, *infos: zipfile.ZipInfo, data: bytes = NOTEBOOK) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for info in infos:
            archive.writestr(info, data, info.compress_type)
    return path


@pytest.mark.parametrize(
    ("name", "fields", "problem"),
    [
        ("../../jane.ipynb", {}, "leads out of the folder"),
        ("/etc/jane.ipynb", {}, "leads out of the folder"),
        ("jane\\..\\..\\a.ipynb", {}, "leads out of the folder"),
        ("C:\\jane.ipynb", {}, "leads out of the folder"),
        ("a.ipynb", {"external_attr": (stat.S_IFLNK | 0o777) << 16}, "It is a link"),
        ("a.ipynb", {"external_attr": (stat.S_IFCHR | 0o666) << 16}, "is a device"),
        ("a.ipynb", {"external_attr": (stat.S_IFIFO | 0o666) << 16}, "is a pipe"),
        ("a.ipynb", {"compress_type": zipfile.ZIP_BZIP2}, "packed in an unusual way"),
        ("a.ipynb", {"compress_type": zipfile.ZIP_LZMA}, "packed in an unusual way"),
        (f"{300 * 'a'}/{300 * 'b'}.ipynb", {}, "has more than 255 characters"),
    ],
)
def test_dangerous_entries_are_told_and_neither_read_nor_written(
    tmp_path, monkeypatch, name, fields, problem
):
    monkeypatch.chdir(tmp_path)
    place = archive_of(tmp_path / "a.zip", entry(name, **fields), entry("z/b.ipynb"))
    bad, good = handed(place)
    assert problem in bad.problem
    with pytest.raises(Unreadable, match=problem):
        bad.read()
    assert good.read() == NOTEBOOK
    assert os.listdir(tmp_path) == ["a.zip"]


def test_a_locked_entry_is_told(tmp_path):
    place = archive_of(tmp_path / "a.zip", entry("jane.ipynb"))
    data = bytearray(place.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    place.write_bytes(data)
    (found,) = handed(place)
    assert found.problem == "The .zip archive is locked with a password."


def test_an_entry_with_a_wrong_checksum_is_told_when_it_is_read(tmp_path):
    place = archive_of(tmp_path / "a.zip", entry("jane.ipynb"), entry("jim.ipynb"))
    place.write_bytes(place.read_bytes().replace(b"a = 1", b"a = 2", 1))
    jane, jim = handed(place)
    with pytest.raises(Unreadable, match=r"damaged in its \.zip archive"):
        jane.read()
    assert jim.read() == NOTEBOOK


def test_of_a_name_that_comes_twice_the_last_is_read(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive_of(tmp_path / "a.zip", entry("a.ipynb"), entry("a.ipynb"))
    assert sorted(one.problem for one in handed(tmp_path / "a.zip")) == [
        "",
        "The .zip archive holds this name again: the last one counts.",
    ]


def test_bombs_are_told_by_their_ratio_size_count_and_sum(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "SMALL", 1000)
    monkeypatch.setattr(contents, "FILE", 200_000)
    monkeypatch.setattr(contents, "UNPACKED", 150_000)
    monkeypatch.setattr(contents, "ONE", 5)
    noise = random.Random(0).randbytes
    files = {
        "count.zip": zipped({f"{n}.ipynb": b"" for n in range(6)}),
        "ratio.ipynb": b" " * 150_000,
        "size.ipynb": noise(210_000),
        "sum.zip": zipped({f"{n}.ipynb": noise(60_000) for n in range(3)}),
    }
    (tmp_path / "all.zip").write_bytes(zipped(files))
    found = [(one.name, one.problem) for one in handed(tmp_path / "all.zip")]
    assert found == [
        (
            "count.zip",
            "The .zip archive holds more than 5 files: pack the notebooks alone.",
        ),
        ("ratio.ipynb", "It would unpack to more than 500 times its size."),
        ("size.ipynb", found[2][1]),
        ("sum.zip/0.ipynb", ""),
        ("sum.zip/1.ipynb", ""),
        ("sum.zip/2.ipynb", "The .zip archive would unpack to over 0 MiB."),
    ]
    assert found[2][1].startswith("The file has 0 MB")


def test_a_lying_size_unpacks_no_more_than_it_says(tmp_path):
    place = tmp_path / "a.zip"
    place.write_bytes(zipped({"jane.ipynb": b" " * 3_000_000}))
    data = bytearray(place.read_bytes())
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    place.write_bytes(data)
    (found,) = handed(place)
    with pytest.raises(Unreadable, match="damaged"):
        found.read()


def test_a_class_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "CLASS", 3)
    (tmp_path / "a.zip").write_bytes(zipped({f"{n}.ipynb": b"" for n in range(4)}))
    with pytest.raises(Unreadable, match="more than 3 files"):
        handed(tmp_path / "a.zip")


def test_the_list_of_a_learners_zip_is_counted_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "ONE", 3)
    (tmp_path / "jim.ipynb").write_bytes(NOTEBOOK)
    data = zipped({f"{n}.ipynb": b"" for n in range(4)})
    (tmp_path / "jane.zip").write_bytes(data)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "more than 3 files" in next(handed(tmp_path)).problem


def test_one_learner_with_many_files_costs_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "READ", 2)
    monkeypatch.setattr(module, "OTHERS", 1)
    names = ["jane/1.pdf", "jane/2.pdf", *(f"jane/{n}.ipynb" for n in range(4))]
    for found in both(tmp_path, *names, "jim/a.ipynb"):
        assert [(one.name, one.problem) for one in found] == [
            ("jane/0.ipynb", ""),
            ("jane/1.ipynb", ""),
            ("jane/1.pdf", "It is no notebook: hand in the .ipynb file."),
            ("jane/2.ipynb", "Only the first 2 files of one learner are read."),
            ("jane/3.ipynb", "Only the first 2 files of one learner are read."),
            ("jim/a.ipynb", ""),
        ]
    monkeypatch.setattr(module, "FOUND", 1)
    found = [*handed(tmp_path / "all")]
    assert found[1].problem == "It holds over 1 files: some are read."
    assert found[-1].learner == "jim"


def test_folders_that_are_too_deep_or_closed_are_told(tmp_path, monkeypatch):
    place = folder(tmp_path, f"jane/{'x/' * 25}a.ipynb", "jim/a.ipynb")
    jane, jim = handed(place)
    assert jane.problem == "It lies more than 20 folders deep."
    assert jim.read() == NOTEBOOK
    scandir = os.scandir

    def closed(path: Path) -> object:
        if path.name == "jane":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    jane, jim = handed(place)
    assert jane.problem == "The folder cannot be opened: Permission denied."
    assert jim.problem == ""


def test_a_file_above_the_limit_is_told_when_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "FILE", 10)
    (found,) = handed(folder(tmp_path, "jane.ipynb"))
    with pytest.raises(Unreadable, match="clear the outputs"):
        found.read()


def test_odd_names_stay_one_line_and_can_be_written(tmp_path):
    names = ["jo\nhn/a.ipynb", "\u202egnp/a.ipynb", "Zoe\u0308/a.ipynb", "x\x1b[31m.py"]
    names += ["\u200b/a.ipynb"]
    found = {one.learner: one for one in handed(folder(tmp_path, *names))}
    assert set(found) == {"john", "gnp", "Zo\u00eb", "x[31m", "(no name)"}
    assert found["Zo\u00eb"].name == "Zo\u00eb/a.ipynb"
    assert found["gnp"].read() == NOTEBOOK


def test_a_name_that_is_no_unicode_can_be_written_and_read(tmp_path):
    path = os.fsencode(tmp_path) + b"/jos\xe9.ipynb"
    with open(path, "wb") as file:
        file.write(NOTEBOOK)
    (found,) = handed(tmp_path)
    assert found.learner == "jos\\xe9"
    assert found.read() == NOTEBOOK


def test_names_that_macos_packs_without_saying_how_are_read(tmp_path):
    place = archive_of(tmp_path / "a.zip", entry("Jos\u00e9/a.ipynb"))
    data = place.read_bytes()
    for mark, at in ((b"PK\3\4", 7), (b"PK\1\2", 9)):
        where = data.index(mark) + at
        data = data[:where] + bytes([data[where] & ~8]) + data[where + 1 :]
    place.write_bytes(data)
    assert [one.learner for one in handed(place)] == ["Jos\u00e9"]


def test_times_in_a_zip_are_those_of_its_entries_where_they_make_sense(tmp_path):
    infos = [entry("a.ipynb"), entry("b.ipynb")]
    infos[1].date_time = (1980, 1, 1, 0, 0, 0)
    a, b = handed(archive_of(tmp_path / "a.zip", *infos))
    other = handed(
        archive_of(
            tmp_path / "b.zip", entry("a.ipynb", date_time=(2026, 2, 3, 5, 5, 6))
        )
    )
    assert next(other).when - a.when == 3600
    assert b.when is None


def test_five_hundred_damaged_zips_are_read_or_refused_in_one_line(tmp_path):
    inner = zipped({"work/a.ipynb": NOTEBOOK, "b.py": b"a = 1"})
    valid = zipped({"jane/a.ipynb": NOTEBOOK, "jim.zip": inner, "jo.pdf": b""})
    rng = random.Random(5)
    place = tmp_path / "all.zip"
    reasons = set()
    for number in range(500):
        data = bytearray(valid)
        for _ in range(rng.choice([1, 2, 8])):
            start = rng.choice([0, len(data) - 400])
            data[rng.randrange(start, len(data))] = rng.randrange(256)
        if number % 10 == 0:
            del data[rng.randrange(len(data)) :]
        place.write_bytes(data)
        reasons |= set(outcomes(place))
    assert all("\n" not in one and len(one) < 200 for one in reasons)
    assert len(reasons) > 5


def outcomes(place: Path) -> list[str]:
    said = []
    try:
        for one in handed(place):
            said.append(one.problem)
            said += [] if one.problem else reading(one)
    except Unreadable as error:
        said.append(str(error))
    return said


def reading(one: Handed) -> list[str]:
    try:
        one.read()
    except Unreadable as error:
        return [str(error)]
    return []
