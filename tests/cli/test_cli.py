"""The command `coursekit`: what it calls, what it says, and how it exits."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path, PurePosixPath

import nbformat
import pytest
from nbformat.sign import NotebookNotary

import coursekit
from coursekit import cli, workfolder
from coursekit.cli import doctor, server
from coursekit.grade import record

COMMANDS = ["lab", "progress", "reset", "update", "data", "build", "doctor"]
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
        server, "open_lab", lambda *how: lines.append(server.command(*how))
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
    monkeypatch.setattr(server, "open_lab", lambda *how: lines.extend(how[1]) or 0)
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


def test_a_failure_is_one_line_and_exit_code_1(run, tmp_path):
    code, out, errors = run("reset", "corr3d", "--work", tmp_path)
    assert (code, out) == (1, "")
    assert errors.startswith("There is no exercise 'corr3d'.")
    assert errors.count("\n") == 1


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


def test_an_interrupt_is_no_traceback(run, monkeypatch, tmp_path):
    def interrupted(*_):
        raise KeyboardInterrupt

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
