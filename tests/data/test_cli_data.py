"""The command `coursekit data`, and what doctor says of data."""

import pytest
import small_data
from small_data import IMAGES

from coursekit import cli
from coursekit.cli import doctor
from coursekit.data.download import registry, stock


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a data set of a few bytes, which no server has; know of no other."""
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    for name in registry.SOURCES:
        source = small_data.source("http://x/")._replace(
            name=name, folder=name.replace("_", "-")
        )
        monkeypatch.setitem(registry.SOURCES, name, source)


def run(*words: object) -> int:
    try:
        return cli.main(["data", *map(str, words)])
    except SystemExit as stop:
        return int(stop.code)


def test_without_a_name_it_lists_what_is_there(capsys, tmp_path):
    folder = small_data.fill(tmp_path)
    assert run("--data", tmp_path) == 0
    assert capsys.readouterr().out.splitlines() == [
        "digits         always there, with scikit-learn",
        f"fashion_mnist  complete in {folder}",
        f"mnist          not downloaded (0 MB): nothing in {tmp_path / 'mnist'}",
        "To download one, and check it: coursekit data NAME",
    ]


def test_a_bad_file_in_the_list_exits_with_1_and_stays(capsys, tmp_path):
    folder = small_data.fill(tmp_path, x_train=b"<html>")
    assert run("--data", tmp_path) == 1
    out = capsys.readouterr().out
    assert f"fashion_mnist  1 bad, 0 missing in {folder}\n" in out
    assert "  SHA-256  found    " in out
    assert (folder / IMAGES).exists()


def test_a_data_set_that_is_there_is_checked(capsys, tmp_path):
    folder = small_data.fill(tmp_path)
    assert run("fashion_mnist", "--data", tmp_path) == 0
    assert capsys.readouterr().out == f"fashion_mnist: complete in {folder}\n"
    assert run("digits") == 0
    assert capsys.readouterr().out == "digits: always there, with scikit-learn\n"


def test_what_cannot_be_had_exits_with_1_and_the_remedies(
    capsys, monkeypatch, tmp_path
):
    def no_network(*_: object) -> None:
        raise stock.NotDownloaded("no network")

    monkeypatch.setattr(stock, "download", no_network)
    assert run("mnist", "--data", tmp_path) == 1
    out, errors = capsys.readouterr()
    assert out == ""
    assert errors.startswith("Data set 'mnist': ")
    assert 'load("digits")' in errors


def test_an_unknown_data_set_exits_with_2_and_the_known_ones(capsys):
    assert run("cifar") == 2
    assert "There are 3: 'digits', 'fashion_mnist'" in capsys.readouterr().err


def test_doctor_says_which_data_is_there_and_what_to_do_about_bad_files(
    monkeypatch, tmp_path
):
    folder = small_data.fill(tmp_path, y_test=b"")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    lines = [str(finding) for finding in doctor.examine(doctor_course(), tmp_path)]
    assert "ok      data: digits          always there, with scikit-learn" in lines
    there = f"not downloaded (0 MB): nothing in {tmp_path / 'mnist'}"
    assert f"ok      data: mnist           {there}" in lines
    (bad,) = [line for line in lines if "fashion_mnist" in line]
    assert bad.startswith("PROBLEM data: fashion_mnist   1 bad, 0 missing in")
    assert bad.endswith("Run: coursekit data fashion_mnist")
    assert folder.name in bad


def doctor_course():
    from coursekit import workfolder

    return workfolder.course_folder()


def test_doctor_works_without_the_packages_that_data_needs(monkeypatch, tmp_path):
    monkeypatch.setitem(doctor.sys.modules, "platformdirs", None)
    lines = [str(finding) for finding in doctor.examine(doctor_course(), tmp_path)]
    assert not any("data:" in line for line in lines)
    assert lines[-1].startswith("ok      browser")
