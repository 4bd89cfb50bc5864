"""Files in a folder that are not what they should be: what is said, what is done."""

import gzip
import os
import re
from pathlib import Path

import pytest
import small_data
from small_data import IMAGES, LABELS, PACKED, UNPACKED

from coursekit import data
from coursekit.data.download import registry
from coursekit.data.download.proof import BadFile, proven, unpack
from coursekit.data.idx import read_idx

RAW = PACKED[IMAGES]
ASIDE = "train-images-idx3-ubyte.bad.gz"
PAGE = b"\n<html>You need to log in.</html>"
BAD = {
    "truncated": (RAW[:-100], "it stops before its end."),
    "cut to its header": (RAW[:5], "it stops before its end."),
    "a web page": (PAGE, "it is a web page, not data (a login page of the network?)."),
    "empty": (b"", "it is empty."),
    "swapped": (
        PACKED[LABELS],
        f"it is {LABELS} of 'fashion_mnist', under another name.",
    ),
    "swapped, unpacked": (
        UNPACKED[LABELS],
        f"it is {LABELS} of 'fashion_mnist', under another name.",
    ),
    "swapped, packed again": (
        gzip.compress(UNPACKED[LABELS], 1, mtime=7),
        f"it is {LABELS} of 'fashion_mnist', under another name.",
    ),
    "longer": (RAW + bytes(9), "9 bytes follow after its end."),
    "far too long": (RAW * 9, "it is too long."),
    "a bomb": (gzip.compress(bytes(10**6)), "it unpacks to more than 4720 bytes."),
    "damaged": (RAW[:-8] + bytes(8), "it is damaged (Error -3 while decompressing"),
    "a zip": (b"PK\x03\x04" + bytes(90), "it is not gzip."),
    "other data": (
        gzip.compress(bytes(len(UNPACKED[IMAGES]))),
        "it unpacks, but to other data.",
    ),
}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a data set of a few bytes, which no server has."""
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    monkeypatch.setitem(
        registry.SOURCES, "fashion_mnist", small_data.source("http://data.invalid/")
    )


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_named_with_both_hashes_and_set_aside(case, tmp_path):
    raw, what = BAD[case]
    folder = small_data.fill(tmp_path, x_train=raw)
    told = (
        f"Data set 'fashion_mnist': {IMAGES} is not the known file: {what}",
        f"  size     found    {len(raw)} bytes\n           expected {len(RAW)}\n",
        f"found    {small_data.sha256(raw)}\n           expected "
        f"{small_data.sha256(RAW)}\nIt was set aside as {folder / ASIDE}.\n",
        f'run: coursekit data fashion_mnist --data "{tmp_path}"\n',
        f"by hand into {folder}: {IMAGES}, {LABELS}, ",
        '- Or work with data that is always there: load("digits").',
    )
    with pytest.raises(data.DataUnavailable) as no:
        data.load("fashion_mnist", folder=tmp_path, offline=True)
    for part in told:
        assert no.match(re.escape(part))
    assert (folder / ASIDE).read_bytes() == raw
    assert not (folder / IMAGES).exists()


def test_a_file_set_aside_before_is_kept(tmp_path):
    folder = small_data.fill(tmp_path, x_train=b"first")
    kept = [ASIDE, ASIDE.replace(".bad", ".bad-2"), ASIDE.replace(".bad", ".bad-3")]
    (folder / kept[1]).symlink_to("nowhere")
    for raw, name in ((b"first", kept[0]), (b"second", kept[2])):
        (folder / IMAGES).write_bytes(raw)
        with pytest.raises(data.DataUnavailable, match=f"aside as .*{name}"):
            data.load("fashion_mnist", folder=tmp_path, offline=True)
        assert (folder / name).read_bytes() == raw
    assert (folder / kept[0]).read_bytes() == b"first"
    assert (folder / kept[1]).is_symlink()


def test_what_cannot_be_set_aside_is_told(monkeypatch, tmp_path):
    def not_ours(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    folder = small_data.fill(tmp_path, x_train=b"<html>")
    monkeypatch.setattr(os, "replace", not_ours)
    told = "It was not set aside: [Errno 1] Operation not permitted."
    for use in (data.load, lambda name, folder: list(data.fetch(name, folder))):
        with pytest.raises(data.DataUnavailable, match=re.escape(told)):
            use("fashion_mnist", folder=tmp_path)
    assert (folder / IMAGES).read_bytes() == b"<html>"


MAKE = {
    "a folder": Path.mkdir,
    "a link": lambda path: path.symlink_to("nowhere"),
}
if hasattr(os, "mkfifo"):
    MAKE["a pipe"] = os.mkfifo


@pytest.mark.parametrize("kind", MAKE)
def test_what_is_no_file_is_named_and_left_alone(kind, tmp_path):
    folder = small_data.fill(tmp_path, x_train=None)
    MAKE[kind](folder / IMAGES)
    before = (folder / IMAGES).lstat()
    told = (
        f"{IMAGES} is not the known file: it is {kind}, not a regular file.\n"
        f"It stays where it is: {folder / IMAGES} is {kind}. Move it away yourself."
    )
    for use in (data.load, lambda name, folder: list(data.fetch(name, folder))):
        with pytest.raises(data.DataUnavailable, match=re.escape(told)):
            use("fashion_mnist", folder=tmp_path)
    assert data.survey(tmp_path)["fashion_mnist"].words.startswith("1 bad, 0 missing")
    assert (folder / IMAGES).lstat() == before


def test_a_folder_into_which_somebody_unpacked_is_not_in_the_way(tmp_path):
    folder = small_data.fill(tmp_path, x_train=None)
    (folder / "train-images-idx3-ubyte").mkdir()
    (folder / "train-images-idx3-ubyte" / "mine").touch()
    with pytest.raises(data.DataUnavailable, match="and you asked for no network"):
        data.load("fashion_mnist", folder=tmp_path, offline=True)


def test_a_link_is_read_through_and_never_replaced(tmp_path):
    folder = small_data.fill(tmp_path / "data", x_train=None)
    target = tmp_path / "elsewhere.gz"
    (folder / IMAGES).symlink_to(target)
    target.write_bytes(RAW)
    assert len(data.load("fashion_mnist", folder=folder.parent).x_train) == 6
    target.write_bytes(PAGE)
    for use in (data.load, lambda name, folder: list(data.fetch(name, folder))):
        with pytest.raises(data.DataUnavailable, match=r"is a link\. Move it away you"):
            use("fashion_mnist", folder=folder.parent)
    assert (folder / IMAGES).is_symlink()
    assert target.read_bytes() == PAGE


@pytest.mark.parametrize("part", ["x_train", "y_train", "x_test", "y_test"])
def test_one_missing_file_of_four_is_named(part, tmp_path):
    small_data.fill(tmp_path, **{part: None})
    file = dict(zip(data.Dataset._fields, PACKED, strict=False))[part]
    told = f"{file} is not there, and you asked for no network."
    with pytest.raises(data.DataUnavailable, match=re.escape(told)):
        data.load("fashion_mnist", folder=tmp_path, offline=True)


def protect(folder: Path) -> None:
    """Take the leave to write from a folder and all it holds."""
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555)


@pytest.fixture
def protected(tmp_path):
    """Give the tests of write-protected folders a way back."""
    if os.name == "nt":
        pytest.skip("folders have no such protection there")
    yield tmp_path
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(0o755)


def test_a_write_protected_folder_serves(protected):
    small_data.fill(protected)
    protect(protected)
    found = data.load("fashion_mnist", folder=protected)
    assert found.x_train.shape == (6, 1, 28, 28)


def test_a_write_protected_folder_is_never_written_to(protected):
    folder = small_data.fill(protected, x_test=None)
    protect(protected)
    told = f"{folder / list(PACKED)[2]} is not there, and you may not write to its"
    with pytest.raises(data.DataUnavailable, match=re.escape(told)) as no:
        data.load("fashion_mnist", folder=protected)
    assert no.match("--data FOLDER, with a folder that you may write to")
    assert len(list(folder.iterdir())) == 3


def test_a_bad_file_stays_in_a_write_protected_folder(protected):
    folder = small_data.fill(protected, x_train=PAGE)
    protect(protected)
    told = f"It stays where it is: you may not write to {folder}."
    for use in (data.load, lambda name, folder: list(data.fetch(name, folder))):
        with pytest.raises(data.DataUnavailable, match=re.escape(told)):
            use("fashion_mnist", folder=protected)
    assert (folder / IMAGES).read_bytes() == PAGE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "but this one with nothing. It is another kind"),
        (
            b"PK\x03\x04",
            "00 00 08 and its number of axes, but this one with 50 4b 03 04",
        ),
        (bytes([0, 0, 8]), "number of axes, but this one with 00 00 08. It is"),
        (bytes([0, 0, 8, 2, 0, 0, 0, 1, 0]), r"2 axes of lengths \[1, 0\], 0 numbers"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 7]), r"1 axes of lengths \[3\], 3 numbers"),
        (bytes([0, 0, 8, 1, 0, 0, 0, 1, 7, 7]), "holds 2. It is damaged"),
    ],
)
def test_what_is_no_idx_file_is_refused(content, message):
    with pytest.raises(ValueError, match=message):
        read_idx(content)


def test_a_bomb_is_unpacked_to_one_byte_more_than_it_may_be():
    content, fault = unpack(gzip.compress(bytes(10**6)), 10)
    assert (len(content), fault) == (11, "it unpacks to more than 10 bytes")


def test_a_proof_names_the_file_it_looked_at(tmp_path):
    (file, *_) = small_data.source().files
    (tmp_path / "mine").write_bytes(b"")
    with pytest.raises(BadFile, match="mine is not the known file: it is empty"):
        proven(tmp_path / "mine", file)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"name": "cifar"}, "no data set called 'cifar'. There are 3: 'digits', 'fash"),
        ({"name": "digits", "size": 32}, "size of 'digits' is 8 or 28, but size=32."),
        ({"name": "mnist", "size": 8}, "size of 'mnist' is 28, but size=8."),
    ],
)
def test_an_unknown_name_or_size_is_told_the_known_ones(asked, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        data.load(**asked)
