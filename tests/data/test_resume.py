"""A download that broke off goes on; nobody else's file is touched; drips are left."""

import gzip
import itertools
import os
import re
import subprocess
import sys

import pytest
import small_data
from small_data import IMAGES, PACKED, UNPACKED
from unreliable import PATIENT

from coursekit.data.download import stock
from coursekit.data.download.part import part_of
from coursekit.data.download.transfer import NotDownloaded, download

FILE, RIGHT = small_data.source().files[0], PACKED[IMAGES]
REPACKED = small_data.repacked(UNPACKED[IMAGES])
PART = f".{IMAGES}.part"
FROM_100 = "bytes=100-"


@pytest.fixture
def fetch(server, tmp_path):
    """Download the file from mirrors that behave so, into an empty folder."""

    def fetch(*ways: str, **patience: object) -> bytes:
        mirrors = tuple(map(server.mirror, ways))
        place = tmp_path / IMAGES
        download(FILE, mirrors, place, PATIENT._replace(**patience))
        return place.read_bytes()

    return fetch


def left(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_next_mirror_goes_on_where_one_broke_off(fetch, server, tmp_path):
    assert fetch("truncated", "good", tries=1) == RIGHT
    assert server.ranges == [None, f"bytes={len(RIGHT) - 9}-"]
    assert left(tmp_path) == [IMAGES]


def test_the_second_try_goes_on_where_the_first_broke_off(fetch, server):
    assert fetch("truncated_once") == RIGHT
    assert server.ranges == [None, f"bytes={len(RIGHT) - 9}-"]


def test_what_an_interrupt_leaves_is_gone_on_with(fetch, server, tmp_path):
    def interrupted() -> float:
        if (tmp_path / PART).stat().st_size:
            raise KeyboardInterrupt
        return 0

    with pytest.raises(KeyboardInterrupt):
        fetch("stalled", clock=interrupted)
    assert left(tmp_path) == [PART]
    assert (tmp_path / PART).read_bytes() == RIGHT[:100]
    assert fetch("good") == RIGHT
    assert server.ranges == [None, FROM_100]
    assert left(tmp_path) == [IMAGES]


def test_how_far_it_came_is_told(fetch):
    told = re.escape(f"The next try goes on after 100 of {len(RIGHT)} bytes.")
    with pytest.raises(NotDownloaded, match=told):
        fetch("stalled", read=0.1)


@pytest.mark.parametrize(
    ("kept", "way", "asked"),
    [
        (RIGHT[:100], "good", [FROM_100]),
        (RIGHT[:100], "whole", [FROM_100]),
        (RIGHT[:100], "no_part", [FROM_100, None]),
        (RIGHT[:100], "repacked", [FROM_100, None]),
        (REPACKED[:100], "good", [FROM_100, None]),
        (RIGHT, "good", []),
        (bytes(len(RIGHT)), "good", [None]),
        (bytes(9 * len(RIGHT)), "good", [None]),
    ],
    ids=[
        "the server goes on",
        "the server begins again",
        "the server has not so much",
        "the server has another version",
        "another version was kept",
        "nothing lacks",
        "as long, but another file",
        "longer",
    ],
)
def test_what_was_kept_serves_if_the_whole_is_right(
    kept, way, asked, fetch, server, tmp_path
):
    (tmp_path / PART).write_bytes(kept)
    assert gzip.decompress(fetch(way)) == UNPACKED[IMAGES]
    assert server.ranges == asked
    assert left(tmp_path) == [IMAGES]


def test_who_comes_second_does_not_touch_the_part_of_the_first(fetch, server, tmp_path):
    with part_of(tmp_path / IMAGES) as part:
        part.write(RIGHT[:100])
        part.flush()
        assert fetch("good") == RIGHT
        assert server.ranges == [None]
        assert (tmp_path / PART).read_bytes() == RIGHT[:100]
        assert left(tmp_path) == [PART, IMAGES]
        part.write(RIGHT[100:])
    assert left(tmp_path) == [IMAGES]
    assert (tmp_path / IMAGES).read_bytes() == RIGHT


def test_a_part_that_was_finished_meanwhile_is_not_written_to(
    fetch, monkeypatch, tmp_path
):
    def finished(*_: object) -> None:
        os.replace(tmp_path / PART, tmp_path / "finished")

    (tmp_path / PART).write_bytes(b"finished")
    monkeypatch.setattr("fcntl.flock", finished)
    assert fetch("good") == RIGHT
    assert (tmp_path / "finished").read_bytes() == b"finished"


def test_a_link_in_the_place_of_the_part_is_left_alone(fetch, tmp_path):
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / PART).symlink_to("mine")
    assert fetch("good") == RIGHT
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert (tmp_path / PART).is_symlink()


def test_a_server_that_drips_is_left_for_the_next(fetch, server):
    every_40_s = itertools.count(0, 40).__next__
    assert fetch("stalled", "good", least=2.6, clock=every_40_s) == RIGHT
    assert server.ranges == [None, FROM_100]


def test_how_slow_a_server_was_and_how_slow_it_may_be_is_told(fetch, server):
    told = "sent 2 bytes a second for 40 s; we wait for 1000 or more\n"
    with pytest.raises(NotDownloaded, match=re.escape(told)):
        fetch("stalled", clock=itertools.count(0, 40).__next__)
    assert server.asked["stalled"] == 1


def test_a_slow_beginning_is_waited_for_until_the_window_ends(fetch):
    with pytest.raises(NotDownloaded, match=r"sent nothing for 0\.1 s"):
        fetch("stalled", read=0.1, clock=itertools.count(0, 29).__next__)


def test_a_package_that_lacks_is_named_with_the_command_that_installs_it(
    fetch, monkeypatch, tmp_path
):
    told = (
        "The package 'requests', which downloads, is not installed. "
        "In the course's folder run: python install.py"
    )
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(NotDownloaded, match=re.escape(told)):
        fetch("good")
    assert left(tmp_path) == []


def test_data_loads_without_the_packages_that_download():
    lines = ["import sys", "sys.modules |= {'requests': None, 'urllib3': None}"]
    lines += ["from coursekit import data", "print(*data.survey())"]
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("digits fashion_mnist mnist\n", "")


def test_a_full_disk_is_told_with_what_to_do(monkeypatch, tmp_path):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(stock, "download", full)
    told = r"could not be written: \[Errno 28\] No space left on device\.\nWhat you can"
    with pytest.raises(stock.DataUnavailable, match=told):
        stock.content(tmp_path, small_data.source("http://x/"), FILE, PATIENT)
