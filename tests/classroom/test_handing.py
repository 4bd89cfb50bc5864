"""A release in a learner's folder takes the place of a release, and of no work."""

import json
from pathlib import Path

import pytest

from coursekit import author, cli, files
from coursekit.author import student
from coursekit.author.draft import BuildError
from coursekit.author.handing import hand_out
from coursekit.author.student import MANIFEST

TASKS = "exercises/02_cross_correlation.ipynb"
SHAPES = "coursekit/shapes.py"
FIRST = {TASKS: b"tasks, 1", SHAPES: b"shapes, 1", "install.py": b"install"}
SECOND = {TASKS: b"tasks, 2", SHAPES: b"shapes, 2", "install.py": b"install"}


def everything(folder: Path) -> dict[str, bytes]:
    """Map name to content of each file, but for the manifest."""
    every = (path for path in folder.rglob("*") if path.is_file())
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in every}
    found.pop(MANIFEST, None)
    return found


def said(changes) -> list[str]:
    return [str(change) for change in changes]


@pytest.fixture
def folder(tmp_path):
    """Return a learner's folder with the first release, and work in it."""
    folder = tmp_path / "learner"
    hand_out(FIRST, FIRST, folder)
    for name in ("work/exercises/02.ipynb", "work/progress.json", "notes.txt"):
        files.put(folder / name, b"mine")
    return folder


MINE = dict.fromkeys(
    ("work/exercises/02.ipynb", "work/progress.json", "notes.txt"), b"mine"
)


def test_what_nobody_changed_is_replaced_and_work_stays(folder):
    changes = hand_out(SECOND, SECOND, folder)
    assert everything(folder) == SECOND | MINE
    assert said(changes) == [
        f"{TASKS}: replaced by its new version",
        f"{SHAPES}: replaced by its new version",
    ]


def test_a_second_time_changes_nothing(folder):
    hand_out(SECOND, SECOND, folder)
    assert hand_out(SECOND, SECOND, folder) == []
    assert everything(folder) == SECOND | MINE


def test_an_answer_written_into_the_course_s_own_file_is_kept_beside(folder):
    (folder / TASKS).write_bytes(b"my answer")
    (change, _) = hand_out(SECOND, SECOND, folder)
    kept = "exercises/02_cross_correlation.yours.ipynb"
    assert everything(folder) == SECOND | MINE | {kept: b"my answer"}
    assert str(change).endswith("kept as 02_cross_correlation.yours.ipynb")
    (folder / TASKS).write_bytes(b"my second answer")
    hand_out(SECOND, SECOND, folder)
    kept_too = "exercises/02_cross_correlation.yours-2.ipynb"
    assert everything(folder)[kept] == b"my answer"
    assert everything(folder)[kept_too] == b"my second answer"


@pytest.mark.parametrize("manifest", [None, b"{", b"[]", b'{"files": 3}', b"\xff"])
def test_without_a_manifest_whatever_differs_is_kept(folder, manifest):
    (folder / MANIFEST).unlink()
    if manifest is not None:
        (folder / MANIFEST).write_bytes(manifest)
    hand_out(SECOND, SECOND, folder)
    aside = {
        "exercises/02_cross_correlation.yours.ipynb": b"tasks, 1",
        "coursekit/shapes.yours.py": b"shapes, 1",
    }
    assert everything(folder) == SECOND | MINE | aside


def test_a_dry_run_says_the_same_and_changes_nothing(folder):
    (folder / TASKS).write_bytes(b"my answer")
    before = everything(folder) | {MANIFEST: (folder / MANIFEST).read_bytes()}
    second = {TASKS: b"tasks, 2"}
    told = said(hand_out(second, second, folder, dry_run=True))
    after = everything(folder) | {MANIFEST: (folder / MANIFEST).read_bytes()}
    assert before == after
    assert len(told) == 2
    assert told == said(hand_out(second, second, folder))


def test_what_the_course_has_no_longer_goes_unless_it_was_changed(folder):
    fewer = {TASKS: b"tasks, 1"}
    (change,) = hand_out(fewer, fewer, folder)
    assert str(change) == f"{SHAPES}: deleted, for the course has it no longer"
    assert everything(folder) == {**fewer, **MINE, "install.py": b"install"}
    hand_out(FIRST, FIRST, folder)
    (folder / SHAPES).write_bytes(b"mine, too")
    assert hand_out(fewer, fewer, folder) == []
    assert everything(folder)[SHAPES] == b"mine, too"


def test_lessons_of_an_older_release_stay_and_are_remembered(folder):
    third = "exercises/03_channels.ipynb"
    hand_out({third: b"3"}, [*FIRST, third], folder)
    assert everything(folder) == {**FIRST, **MINE, third: b"3"}
    hand_out(SECOND, [*SECOND, third], folder)
    assert everything(folder) == {**SECOND, **MINE, third: b"3"}, "replaced, not kept"


@pytest.mark.parametrize("name", ["coursekit/../../precious", "/precious", "work/it"])
def test_a_manifest_that_was_tampered_with_deletes_nothing(folder, tmp_path, name):
    precious = (folder / "coursekit" / name).resolve()
    precious = tmp_path / "precious" if "precious" in name else folder / name
    files.put(precious, b"precious")
    told = {name: student.digest(b"precious")}
    (folder / MANIFEST).write_text(json.dumps({"files": told}), encoding="utf-8")
    hand_out(FIRST, FIRST, folder)
    assert precious.read_bytes() == b"precious"


@pytest.mark.parametrize("inside", ["coursekit", "coursekit/bank"])
def test_a_link_that_leads_elsewhere_is_not_followed(tmp_path, inside):
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "learner"
    (elsewhere / "bank").mkdir(parents=True)
    (folder / inside).parent.mkdir(parents=True)
    (folder / inside).symlink_to(elsewhere)
    name = "coursekit/bank/l2_03_corr2d.key"
    with pytest.raises(BuildError, match=r"is a link, and a release follows none"):
        hand_out({name: b"key"}, [name], folder)
    assert everything(elsewhere) == {}


def test_a_link_or_a_folder_in_a_file_s_place_is_set_aside(folder, tmp_path):
    (tmp_path / "theirs.py").write_bytes(b"theirs")
    (folder / SHAPES).unlink()
    (folder / SHAPES).symlink_to(tmp_path / "theirs.py")
    (folder / TASKS).unlink()
    files.put(folder / TASKS / "inside", b"mine")
    hand_out(SECOND, SECOND, folder)
    assert (tmp_path / "theirs.py").read_bytes() == b"theirs"
    assert (folder / "coursekit" / "shapes.yours.py").is_symlink()
    kept = folder / "exercises" / "02_cross_correlation.yours.ipynb"
    assert (kept / "inside").read_bytes() == b"mine"
    assert everything(folder)[TASKS] == b"tasks, 2"


def test_a_file_where_a_folder_belongs_is_said(tmp_path):
    (tmp_path / "coursekit").write_bytes(b"mine")
    with pytest.raises(BuildError, match=r"coursekit is a file where a folder belongs"):
        hand_out(FIRST, FIRST, tmp_path)
    assert everything(tmp_path) == {"coursekit": b"mine"}


def test_neither_a_course_nor_a_work_folder_takes_a_release(tmp_path):
    with pytest.raises(BuildError, match=r"holds the course with its answers"):
        hand_out(FIRST, FIRST, Path(author.__file__).parents[2])
    work = tmp_path / "work"
    files.put(work / "notebooks" / "00_start_here.ipynb", b"mine")
    files.put(work / TASKS, b"mine")
    with pytest.raises(BuildError, match=r"is somebody's work folder\. Name the"):
        hand_out(FIRST, FIRST, work)
    assert set(everything(work).values()) == {b"mine"}


@pytest.fixture
def release(monkeypatch, tmp_path, capsys):
    """Run the command on a course of a few files."""
    monkeypatch.setattr(student, "copy", lambda *_, **__: {**FIRST, MANIFEST: b"{}"})
    monkeypatch.setattr(student, "contents", lambda course: FIRST)

    def release(*words: str) -> tuple[int, str, str]:
        line = ["release", str(tmp_path / "student.zip"), *words]
        return cli.main(line), *capsys.readouterr()

    return release


def test_the_command_writes_the_zip_and_the_folder_and_says_so(release, tmp_path):
    folder = tmp_path / "learner"
    files.put(folder / SHAPES, b"mine")
    code, out, errors = release("--into", str(folder))
    assert (code, errors) == (0, "")
    assert "student.zip holds 4 files, 0.0 MB unpacked." in out
    assert "shapes.py: replaced by its new version; the one that was changed" in out
    assert out.endswith("learner: 2 files new, 1 changed.\n")
    assert (tmp_path / "student.zip").is_file()
    assert everything(folder) == {**FIRST, "coursekit/shapes.yours.py": b"mine"}


def test_the_command_s_dry_run_writes_nothing(release, tmp_path):
    code, out, _ = release("--into", str(tmp_path / "learner"), "--dry-run")
    assert code == 0
    assert "student.zip would hold 4 files" in out
    assert "learner: 3 files new, 0 changed." in out
    assert list(tmp_path.iterdir()) == []
