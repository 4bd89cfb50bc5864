"""The command `coursekit`: what it calls, what it says, and how it exits."""

import errno
import json
import os
import re
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.sign import NotebookNotary

import coursekit
from coursekit import cli, workfolder
from coursekit.cli import doctor, server
from coursekit.grade import record

COMMANDS = ["lab", "progress", "reset", "update", "data", "doctor"]
COMMANDS += ["release", "grade", "export", "exam", "answers", "build"]
TASKS = "exercises/02_cross_correlation.ipynb"


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command line in this process; return exit code, output, errors."""
    monkeypatch.setenv("COURSEKIT_PROGRESS", "off")
    monkeypatch.delenv("COURSEKIT_PROGRESS")

    def run(*words: str | Path) -> tuple[int, str, str]:
        try:
            code = cli.main([str(word) for word in words])
        except SystemExit as stop:
            code = stop.code
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def opened(monkeypatch, tmp_path):
    """Catch the command line that would start JupyterLab."""
    lines = []
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setattr(server, "free_port", lambda port: port)
    monkeypatch.setattr(
        server,
        "open_lab",
        lambda *how, **more: lines.append(server.command(*how, **more)),
    )
    return lines


def test_help_names_every_command_and_each_has_its_own(run):
    code, out, _ = run("--help")
    assert code == 0
    for command in COMMANDS:
        assert f"\n    {command} " in out
        code, own, _ = run(command, "--help")
        assert code == 0
        assert own.startswith(f"usage: coursekit {command}")


def test_the_version_is_the_package_s(run):
    assert run("--version") == (0, f"coursekit {coursekit.__version__}\n", "")


@pytest.mark.parametrize("words", [[], ["lba"], ["reset"], ["lab", "--port", "x"]])
def test_a_wrong_command_line_exits_with_2_and_the_usage(run, words):
    code, out, errors = run(*words)
    assert (code, out) == (2, "")
    assert errors.startswith("usage: coursekit")


@pytest.mark.parametrize("port", ["-1", "0", "65536", "70000"])
def test_a_port_that_none_has_is_named_with_those_that_there_are(
    run, opened, tmp_path, port
):
    code, _, errors = run("lab", "--port", port, "--work", tmp_path)
    assert code == 2
    assert f"{port} is no port: name one from 1024 to 65535, or leave" in errors


def test_lab_copies_the_course_starts_progress_and_opens_the_start_page(
    run, opened, tmp_path
):
    work = tmp_path / "mine"
    run("lab", "--work", work, "--port", "8899", "--no-browser", "--", "--debug")
    assert (work / "notebooks" / "00_start_here.ipynb").is_file()
    assert record.read(work / "progress.json").results == {}
    (line,) = opened
    assert f"--ServerApp.root_dir={work}" in line
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in line
    assert line[-3:] == ["--port=8899", "--no-browser", "--debug"]


def test_lab_says_first_that_it_starts_and_where(run, opened, tmp_path):
    out = run("lab", "--work", tmp_path, "--no-browser", "--port", "8899")[1]
    assert out.startswith("Starting JupyterLab at http://localhost:8899/lab ...")


def test_lab_names_a_port_that_is_taken_and_the_one_it_uses(
    run, opened, monkeypatch, tmp_path
):
    monkeypatch.undo()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    lines = []
    monkeypatch.setattr(server, "open_lab", lambda *how, **_: lines.extend(how[1]))
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        out = run("lab", "--work", tmp_path, "--port", str(taken))[1]
    (port,) = [int(word.split("=")[1]) for word in lines if "--port" in word]
    assert port > taken
    first, second, *_ = out.splitlines()
    assert first == f"Port {taken} is taken; this one uses {port}."
    assert f"http://localhost:{port}/lab" in second


def trusted(path: Path) -> bool:
    notary = NotebookNotary()
    found = notary.check_signature(nbformat.read(path, as_version=4))
    notary.store.close()
    return bool(found)


def answered(path: Path, *, sign: bool = True) -> None:
    """Answer corr2d as Lab saves it: signed, unless it came from elsewhere."""
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [one for one in notebook.cells if one.id == "corr2d-answer"]
    cell.source = "def corr2d(x, k):\n    return x"
    notebook.cells[-1].source += "  # my note, which a reset leaves alone"
    nbformat.write(notebook, path)
    if sign:
        notary = NotebookNotary()
        notary.sign(notebook)
        notary.store.close()


def test_a_new_work_folder_is_its_learner_s_alone(run, opened, tmp_path):
    run("lab", "--work", tmp_path / "new")
    (tmp_path / "shared").mkdir(mode=0o755)
    run("lab", "--work", tmp_path / "shared")
    modes = [(tmp_path / name).stat().st_mode & 0o777 for name in ("new", "shared")]
    assert modes == [0o700, 0o755]


@pytest.mark.parametrize("words", [[], ["--no-browser"]])
def test_a_second_lab_in_a_folder_opens_the_one_that_runs(
    run, opened, monkeypatch, tmp_path, words
):
    shown = []
    monkeypatch.setattr(webbrowser, "get", lambda _: SimpleNamespace(open=shown.append))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    with socket.socket() as other:
        other.bind((server.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        told = {"root_dir": str(tmp_path / "work"), "token": "ab", "port": port}
        told |= {"url": f"http://127.0.0.1:{port}/", "pid": os.getpid()}
        (tmp_path / "jpserver-1.json").write_text(json.dumps(told), encoding="utf-8")
        code, out, _ = run("lab", "--work", tmp_path / "work", *words)
        run("lab", "--work", tmp_path / "another")
    address = f"http://127.0.0.1:{port}/lab/tree/{server.START_PAGE}?token=ab"
    assert (code, out) == (0, f"JupyterLab runs already in this folder: {address}\n")
    assert shown == ([] if words else [address])
    assert len(opened) == 1, "the server of one folder kept another from opening"
    run("lab", "--work", tmp_path / "work")
    assert len(opened) == 2, "a server that has crashed kept its folder closed"


def test_jupyter_trusts_the_copies_and_not_what_was_changed(run, opened, tmp_path):
    run("lab", "--work", tmp_path)
    assert trusted(tmp_path / server.START_PAGE)
    answered(tmp_path / TASKS, sign=False)
    assert not trusted(tmp_path / TASKS)


@pytest.mark.parametrize("sign", [True, False])
def test_jupyter_trusts_after_a_reset_what_it_trusted_before(
    run, opened, tmp_path, sign
):
    run("lab", "--work", tmp_path)
    answered(tmp_path / TASKS, sign=sign)
    out = run("reset", "corr2d", "--work", tmp_path)[1]
    assert "is its starter again" in out
    assert trusted(tmp_path / TASKS) == sign


def test_jupyter_trusts_what_update_brings(run, opened, monkeypatch, tmp_path):
    run("lab", "--work", tmp_path)
    answered(tmp_path / TASKS)
    (tmp_path / server.START_PAGE).unlink()
    monkeypatch.setattr(workfolder, "news", lambda *_: [PurePosixPath(TASKS)])
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "nothing is signed here"))
    assert run("update", "--work", tmp_path)[0] == 0
    assert trusted(tmp_path / server.START_PAGE)
    assert trusted((tmp_path / TASKS).with_suffix(".new.ipynb"))


def test_lab_keeps_the_progress_of_the_last_time(run, opened, tmp_path):
    run("lab", "--work", tmp_path)
    kept = (tmp_path / "progress.json").read_text(encoding="utf-8")
    kept = kept.replace(
        "{}", '{"corr2d": {"status": "passed", "points": 3, "out_of": 3}}'
    )
    (tmp_path / "progress.json").write_text(kept, encoding="utf-8")
    run("lab", "--work", tmp_path)
    assert (tmp_path / "progress.json").read_text(encoding="utf-8") == kept


def test_lab_says_when_there_are_new_versions(run, opened, monkeypatch, tmp_path):
    assert "New versions" not in run("lab", "--work", tmp_path)[1]
    monkeypatch.setattr(workfolder, "news", lambda *_: ["one", "two"])
    assert "New versions of your notebooks: 2." in run("lab", "--work", tmp_path)[1]


def test_lab_asks_no_other_machine_and_nobody_for_leave():
    line = server.command(Path("work"))
    assert "--LabApp.news_url=None" in line
    assert "--LabApp.extension_manager=readonly" in line
    settings = server.SETTINGS / "labconfig" / "default_setting_overrides.json"
    told = json.loads(settings.read_text(encoding="utf-8"))
    assert told["@jupyterlab/apputils-extension:notification"] == {
        "fetchNews": "false",
        "checkForUpdates": False,
    }


def test_terminals_in_lab_find_the_command(monkeypatch):
    monkeypatch.setenv("PATH", "elsewhere")
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    found = server.environment()
    here = str(Path(sys.executable).parent)
    assert found["PATH"].split(os.pathsep) == [here, "elsewhere"]
    assert found["JUPYTER_CONFIG_PATH"] == str(server.SETTINGS)


@pytest.mark.parametrize("words", [[], ["--use-my-config"]])
def test_only_who_asks_for_it_lets_a_configuration_choose_the_address(
    run, opened, tmp_path, words
):
    run("lab", "--work", tmp_path, *words)
    pinned = "--ServerApp.ip=127.0.0.1" in opened[0]
    assert pinned == (words == [])


def test_without_jupyterlab_lab_says_what_to_run(run, monkeypatch, tmp_path):
    monkeypatch.setattr(server.importlib.util, "find_spec", lambda _: None)
    code, _, errors = run("lab", "--work", tmp_path)
    assert code == 1
    assert errors.endswith("run: python install.py\n")


def test_progress_shows_the_points_kept_in_the_work_folder(run, opened, tmp_path):
    run("lab", "--work", tmp_path)
    table = run("progress", "--work", tmp_path)[1]
    assert "in all" in table
    assert "No progress is kept" not in table


def test_progress_without_a_work_folder_says_how_to_start_one(run, tmp_path):
    code, out, _ = run("progress", "--work", tmp_path / "typo")
    assert code == 0
    assert out.endswith("`coursekit lab` starts a folder that keeps it.\n")
    assert not (tmp_path / "typo").exists()


def test_progress_of_a_damaged_record_is_no_other_folder_s(
    run, opened, monkeypatch, tmp_path
):
    run("lab", "--work", tmp_path)
    (tmp_path / "progress.json").write_bytes(b'{"coursekit prog')
    monkeypatch.chdir(tmp_path / "exercises")
    assert workfolder.work_folder(Path("course")) == tmp_path
    assert "progress.json could not be read. Your next check" in run("progress")[1]
    (tmp_path / "progress.json").unlink()
    assert workfolder.work_folder(Path("course")) == tmp_path
    assert "No progress is kept" not in run("progress")[1]


def test_progress_of_another_program_s_file_leaves_it_alone(run, tmp_path):
    theirs = tmp_path / "progress.json"
    theirs.write_text('{"of": "another"}', encoding="utf-8")
    out = run("progress", "--work", tmp_path)[1]
    assert "progress.json was not written by coursekit." in out
    assert [*tmp_path.iterdir()] == [theirs]


def test_progress_can_be_asked_for_one_lesson_and_for_what_is_open(
    run, opened, tmp_path
):
    run("lab", "--work", tmp_path)
    result = '{"corr1d": {"status": "passed", "points": 3, "out_of": 3}}'
    text = f'{{"coursekit progress": 1, "exercises": {result}}}'
    (tmp_path / "progress.json").write_text(text, encoding="utf-8")
    code, out, _ = run("progress", "2", "--open", "--work", tmp_path)
    assert code == 0
    assert "  corr1d " not in out
    assert "1 of 10 passed" in out
    last = "Next: `corr2d_out_shape`, 'How large is the output?', in lesson 2.\n"
    assert out.endswith(last)
    code, out, _ = run("progress", "9", "--work", tmp_path)
    assert (code, out[:25]) == (1, "There is no lesson 9. The")


def test_inside_a_work_folder_no_command_needs_its_name(
    run, opened, monkeypatch, tmp_path
):
    run("lab", "--work", tmp_path)
    monkeypatch.chdir(tmp_path / "exercises")
    assert workfolder.work_folder(Path("course")) == tmp_path
    monkeypatch.chdir(tmp_path.parent)
    assert workfolder.work_folder(Path("course")) == Path("course", "work")


def test_a_failure_is_one_line_and_exit_code_1(run, opened, tmp_path):
    run("lab", "--work", tmp_path)
    code, out, errors = run("reset", "corr3d", "--work", tmp_path)
    assert (code, out) == (1, "")
    assert errors.startswith("There is no exercise 'corr3d'.")
    assert errors.count("\n") == 1


@pytest.mark.parametrize("words", [["update"], ["reset", "corr2d"]])
def test_a_misspelt_work_folder_is_not_made_and_the_right_one_is_named(
    run, opened, tmp_path, words
):
    run("lab", "--work", tmp_path / "mine")
    (tmp_path / "mime").mkdir()
    code, out, errors = run(*words, "--work", tmp_path / "mien")
    assert (code, out) == (1, "")
    assert errors == (
        f"{tmp_path / 'mien'} is no work folder. Did you mean --work "
        f"{tmp_path / 'mine'}? `coursekit lab` makes a new one.\n"
    )
    far = run(*words, "--work", tmp_path / "far" / "away")[2]
    assert far.endswith("is no work folder. `coursekit lab` makes a new one.\n")
    assert sorted(one.name for one in tmp_path.iterdir() if one.name[0] == "m") == [
        *("mime", "mine")
    ]
    assert not (tmp_path / "far").exists()


@pytest.mark.parametrize("words", [["lab"], ["update"], ["reset", "corr2d"]])
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (
            errno.ENOSPC,
            r"The disk is full \(.*\). Free some space. Every file is whole",
        ),
        (errno.EROFS, r"does not allow it \(.*\). Name a folder of yours \(--help"),
        (errno.EACCES, r"does not allow it \(.*\). .* run the command again after"),
    ],
)
def test_a_full_or_closed_disk_is_one_sentence_with_a_remedy(
    run, opened, monkeypatch, tmp_path, words, number, said
):
    def refuse(*_):
        raise OSError(number, os.strerror(number), "a file")

    run("lab", "--work", tmp_path)
    answered(tmp_path / TASKS)
    before = (tmp_path / TASKS).read_bytes()
    (tmp_path / server.START_PAGE).unlink()
    monkeypatch.setattr(os, "replace", refuse)
    code, _, errors = run(*words, "--work", tmp_path)
    assert code == 1
    assert re.search(said, errors)
    assert errors.count("\n") == 1
    assert (tmp_path / TASKS).read_bytes() == before


def test_where_jupyter_keeps_no_signature_the_copies_are_made_all_the_same(
    run, opened, monkeypatch, tmp_path
):
    def refuse(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(NotebookNotary, "sign", refuse)
    out = run("lab", "--work", tmp_path)[1]
    assert "could not sign your notebooks ([Errno 30] Read-only" in out
    assert (tmp_path / TASKS).is_file()
    assert len(opened) == 1


def test_where_jupyter_has_no_room_of_its_own_lab_says_which_to_name(
    run, opened, monkeypatch, tmp_path
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "file" / "runtime"))
    code, _, errors = run("lab", "--work", tmp_path / "work")
    assert code == 1
    assert re.search(r"where nothing can be written \(.*\). Set JUPYTER_DATA", errors)
    assert not (tmp_path / "work").exists()


def test_a_terminal_without_the_letters_of_a_path_is_no_traceback(tmp_path):
    work = tmp_path / "работа"
    done = subprocess.run(
        [sys.executable, "-m", "coursekit", "doctor", "--work", str(work)],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    assert rb"\u0440\u0430\u0431" in done.stdout


def test_update_with_nothing_new_says_so(run, opened, tmp_path):
    run("lab", "--work", tmp_path)
    code, out, _ = run("update", "--work", tmp_path)
    assert (code, out) == (0, "Your notebooks are those of the course.\n")


def test_update_tells_of_a_new_version_that_waits(run, opened, tmp_path):
    run("lab", "--work", tmp_path)
    page = tmp_path / server.START_PAGE
    page.with_suffix(".new.ipynb").write_bytes(page.read_bytes())
    out = run("update", "--work", tmp_path)[1]
    assert out.startswith("notebooks/00_start_here.new.ipynb waits beside yours: copy")


def test_a_reader_who_has_read_enough_is_no_error():
    command = [sys.executable, "-m", "coursekit", "progress"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_interrupt_is_no_traceback(run, opened, monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

    run("lab", "--work", tmp_path)
    monkeypatch.setattr(workfolder, "copy_missing", interrupted)
    assert run("update", "--work", tmp_path) == (1, "", "Stopped.\n")


def test_a_package_without_its_course_says_how_to_get_it(run, monkeypatch, tmp_path):
    monkeypatch.setattr(coursekit, "__file__", str(tmp_path / "coursekit" / "x.py"))
    code, _, errors = run("doctor")
    assert code == 1
    assert "Clone the course" in errors


def test_doctor_finds_this_installation_in_order(run, tmp_path):
    code, out, _ = run("doctor", "--work", tmp_path)
    assert code == 0
    assert "PROBLEM" not in out
    assert "may differ" not in out, "the installed versions are not the tested ones"


def test_doctor_names_a_missing_package_and_the_remedy(run, monkeypatch, tmp_path):
    def nothing(name):
        raise doctor.importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.importlib.metadata, "version", nothing)
    code, out, _ = run("doctor", "--work", tmp_path)
    assert code == 1
    assert "PROBLEM anywidget             not installed\n" in out
    assert "run: python install.py" in out


def test_the_module_runs_as_the_command_does():
    done = subprocess.run(
        [sys.executable, "-m", "coursekit", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"coursekit {coursekit.__version__}\n"
