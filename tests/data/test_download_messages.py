"""What a download that fails says, server by server, and what it leaves behind."""

import re
from pathlib import Path

import pytest
import small_data
from small_data import IMAGES, LABELS, PACKED
from unreliable import PAGE, PATIENT, Server, unreliable_server

from coursekit import data
from coursekit.data import sets
from coursekit.data.download import registry

SIZE, SHA256 = len(PACKED[IMAGES]), small_data.sha256(PACKED[IMAGES])

PART = f".{IMAGES}.part"
CAME = "what came is not the known file: "

FAILURES = {
    "missing": "answered 404 Client Error: Not Found",
    "failing": "answered 503 Server Error: Service Unavailable (2 tries)",
    "reset": "the connection failed: ",
    "truncated": "the connection failed: ",
    "short": f"{CAME}it stops before its end.",
    "html": f"{CAME}it is a web page, not data",
    "empty": f"{CAME}it is empty.",
    "swapped": f"{CAME}it is {LABELS} of 'fashion_mnist', under another name.",
    "extra": f"{CAME}4 bytes follow after its end.",
    "endless": f"{CAME}it does not end.",
    "corrupt": f"{CAME}it is damaged (Error -3 while decompressing data: incorrect ",
    "circle": "sent us from address to address without end",
    "silence": "sent nothing for 0.3 s",
    "stalled": "sent nothing for 0.3 s",
}
SILENT = {"silence", "stalled"}
TRIED_AGAIN = {"failing", "reset", "truncated"}
BROKE_OFF = {"reset", "truncated", "stalled"}


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make no pause between two tries."""
    monkeypatch.setattr(sets, "Patience", lambda: PATIENT)


@pytest.fixture
def mirrors(server: Server, monkeypatch: pytest.MonkeyPatch):
    """Let a data set of a few bytes have these mirrors."""

    def use(*ways: str) -> None:
        if SILENT & set(ways):  # a good answer has longer than two silences
            asks = {"read": 0.8, "tries": 1} if "good" in ways else {"read": 0.3}
            monkeypatch.setattr(sets, "Patience", lambda: PATIENT._replace(**asks))
        small = small_data.source(*map(server.mirror, ways))
        monkeypatch.setitem(registry.SOURCES, "fashion_mnist", small)

    return use


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("way", FAILURES)
def test_each_failure_is_told_with_its_address_and_leaves_nothing_bad(
    way, mirrors, server, tmp_path
):
    mirrors(way)
    told = f"{server.mirror(way)}{IMAGES}\n  {FAILURES[way]}"
    with pytest.raises(data.DataUnavailable) as no:
        data.load("fashion_mnist", folder=tmp_path)
    assert no.match(re.escape(told))
    assert no.match("run: coursekit data fashion_mnist --data")
    assert no.match(re.escape('always there: load("digits").'))
    assert set(left(tmp_path)) <= ({PART} if way in BROKE_OFF else set())


@pytest.mark.parametrize("way", FAILURES)
def test_whatever_one_mirror_does_the_next_is_asked(way, mirrors, tmp_path):
    mirrors(way, "good")
    small_data.fill(tmp_path, x_train=None)
    found = data.load("fashion_mnist", folder=tmp_path)
    assert found.x_train.shape == (6, 1, 28, 28)
    assert left(tmp_path) == sorted(PACKED)


@pytest.mark.parametrize("way", FAILURES)
def test_only_failures_that_may_pass_are_tried_again(way, mirrors, server, tmp_path):
    mirrors(way)
    with pytest.raises(data.DataUnavailable):
        data.load("fashion_mnist", folder=tmp_path)
    asked = server.asked[way]
    if way == "circle":
        assert asked > 10
    else:
        assert asked == (2 if way in TRIED_AGAIN else 1)


def test_a_server_that_fails_once_is_asked_again(mirrors, server, tmp_path):
    mirrors("failing_once")
    assert len(data.load("fashion_mnist", folder=tmp_path).x_test) == 4
    assert server.asked["failing_once"] == 5


def test_what_came_is_told_with_both_sizes_and_both_hashes(mirrors, tmp_path):
    mirrors("html")
    contrast = (
        f"    size     found    {len(PAGE)} bytes\n"
        f"             expected {SIZE}\n"
        f"    SHA-256  found    {small_data.sha256(PAGE)}\n"
        f"             expected {SHA256}\n"
    )
    with pytest.raises(data.DataUnavailable, match=re.escape(contrast)):
        data.load("fashion_mnist", folder=tmp_path)


def test_every_mirror_that_failed_is_named(mirrors, server, tmp_path):
    mirrors("missing", "html")
    with pytest.raises(data.DataUnavailable, match="404") as no:
        data.load("fashion_mnist", folder=tmp_path)
    assert no.match("web page")


def test_a_port_where_nobody_listens_is_asked_once(mirrors, monkeypatch, tmp_path):
    with unreliable_server() as gone:
        small = small_data.source(gone.mirror("good"))
    monkeypatch.setitem(registry.SOURCES, "fashion_mnist", small)
    told = "the connection failed: Failed to establish a new connection"
    with pytest.raises(data.DataUnavailable, match=told) as no:
        data.load("fashion_mnist", folder=tmp_path)
    assert "tries" not in str(no.value)


def test_a_proxy_that_does_not_answer_is_named(mirrors, monkeypatch, tmp_path):
    with unreliable_server() as gone:
        monkeypatch.setenv("http_proxy", gone.mirror("good"))
    small = small_data.source("http://data.invalid/good/")
    monkeypatch.setitem(registry.SOURCES, "fashion_mnist", small)
    with pytest.raises(data.DataUnavailable, match="the proxy failed: ") as no:
        data.load("fashion_mnist", folder=tmp_path)
    assert no.match("behind a proxy set HTTPS_PROXY first")


def test_a_download_goes_through_the_proxy(server, monkeypatch, tmp_path):
    monkeypatch.setenv("http_proxy", server.mirror("good"))
    small = small_data.source("http://data.invalid/good/")
    monkeypatch.setitem(registry.SOURCES, "fashion_mnist", small)
    assert len(data.load("fashion_mnist", folder=tmp_path).x_train) == 6


def test_a_server_that_unpacks_on_the_way_serves_too(mirrors, tmp_path):
    mirrors("encoded")
    assert len(data.load("fashion_mnist", folder=tmp_path).x_train) == 6
    assert len(data.load("fashion_mnist", folder=tmp_path, offline=True).x_train) == 6


def test_what_is_there_already_is_not_downloaded_again(mirrors, server, tmp_path):
    mirrors("good")
    small_data.fill(tmp_path, y_test=None)
    data.load("fashion_mnist", folder=tmp_path)
    assert server.asked["good"] == 1
    data.load("fashion_mnist", folder=tmp_path)
    assert server.asked["good"] == 1


def test_offline_no_server_is_asked(mirrors, server, tmp_path):
    mirrors("good")
    small_data.fill(tmp_path, x_test=None)
    told = "t10k-images-idx3-ubyte.gz is not there, and you asked for no network."
    with pytest.raises(data.DataUnavailable, match=re.escape(told)):
        data.load("fashion_mnist", folder=tmp_path, offline=True)
    assert not server.asked


def test_fetch_replaces_a_bad_file_and_tells_of_it(mirrors, tmp_path):
    mirrors("good")
    folder = small_data.fill(tmp_path, x_train=PAGE)
    aside = IMAGES.replace(".gz", ".bad.gz")
    (told,) = data.fetch("fashion_mnist", tmp_path)
    assert told.startswith(f"{IMAGES} is not the known file: it is a web page")
    assert told.endswith(f"{aside}. The right one is downloaded.")
    assert (folder / aside).read_bytes() == PAGE
    assert data.survey(tmp_path)["fashion_mnist"].complete
