"""Downloaded data: what is loaded from good files, and the table they are known by."""

import gzip
import re

import numpy as np
import pytest
import small_data
from small_data import ARRAYS, IMAGES, LABELS, PACKED, UNPACKED

from coursekit import data
from coursekit.data.download import registry
from coursekit.data.download.cache import cache_folder

SMALL = small_data.source("http://data.invalid/")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a data set of a few bytes, which no server has."""
    monkeypatch.delenv("COURSEKIT_DATA", raising=False)
    monkeypatch.setitem(registry.SOURCES, "fashion_mnist", SMALL)


def test_bytes_become_numbers_from_0_to_1_with_one_channel(tmp_path):
    small_data.fill(tmp_path)
    found = data.load("fashion_mnist", folder=tmp_path, offline=True)
    x_train, y_train, x_test, y_test = ARRAYS
    assert found.x_train.shape == (6, 1, 28, 28)
    assert found.x_train.dtype == found.x_test.dtype == np.float32
    assert np.allclose(found.x_train[:, 0] * 255, x_train)
    assert np.allclose(found.x_test[:, 0] * 255, x_test)
    assert found.x_train.max() == 1
    assert found.y_train.dtype == found.y_test.dtype == np.int64
    assert found.y_train.tolist() == y_train.tolist()
    assert found.y_test.tolist() == y_test.tolist()
    assert (found.classes, found.source) == (SMALL.classes, SMALL.summary)


def test_a_file_that_somebody_unpacked_or_packed_again_serves(tmp_path):
    again = gzip.compress(UNPACKED[LABELS], 1, mtime=99)
    assert again != PACKED[LABELS]
    folder = small_data.fill(tmp_path, x_train=None, y_train=again)
    (folder / IMAGES.removesuffix(".gz")).write_bytes(UNPACKED[IMAGES])
    found = data.load("fashion_mnist", folder=tmp_path, offline=True)
    assert np.allclose(found.x_train[:, 0] * 255, ARRAYS[0])
    assert found.y_train.tolist() == ARRAYS[1].tolist()


def test_the_folder_asked_for_comes_before_the_environment_and_that_before_the_cache(
    monkeypatch, tmp_path
):
    assert cache_folder().parts[-2:] == ("coursekit", "data")
    monkeypatch.setenv("COURSEKIT_DATA", str(tmp_path))
    assert cache_folder() == tmp_path
    assert cache_folder("elsewhere").name == "elsewhere"
    small_data.fill(tmp_path)
    assert len(data.load("fashion_mnist", offline=True).x_test) == 4


def test_a_survey_tells_what_is_complete_missing_or_bad_and_changes_nothing(tmp_path):
    def words() -> str:
        return data.survey(tmp_path)["fashion_mnist"].words

    place = tmp_path / "fashion-mnist"
    assert words() == f"not downloaded (0 MB): nothing in {place}"
    folder = small_data.fill(tmp_path, x_test=None)
    assert words() == f"1 of 4 missing in {folder}"
    (folder / IMAGES).write_bytes(b"<html>")
    assert words() == f"1 bad, 1 missing in {folder}"
    (fault,) = data.survey(tmp_path)["fashion_mnist"].faults
    assert "it is a web page" in fault
    assert (folder / IMAGES).read_bytes() == b"<html>"
    for name, raw in PACKED.items():
        (folder / name).write_bytes(raw)
    assert words() == f"complete in {folder}"
    assert data.survey(tmp_path)["fashion_mnist"].complete
    assert data.survey(tmp_path)["digits"].complete


@pytest.mark.parametrize("source", [registry.FASHION_MNIST, registry.MNIST])
def test_the_table_is_that_of_four_idx_files_with_two_mirrors_or_more(source):
    images, labels = 28 * 28, 1
    assert [file.unpacked_size for file in source.files] == [
        60000 * images + 16,
        60000 * labels + 8,
        10000 * images + 16,
        10000 * labels + 8,
    ]
    assert [file.name for file in source.files] == list(PACKED)
    assert len(source.mirrors) >= 2
    assert all(re.fullmatch("https?://.*/", mirror) for mirror in source.mirrors)
    assert len(source.classes) == 10
    assert "60000 + 10000" in source.summary
    assert "28x28" in source.summary
    for file in source.files:
        assert file.size < file.unpacked_size
        for digest in (file.sha256, file.unpacked_sha256):
            assert re.fullmatch("[0-9a-f]{64}", digest)


def test_no_two_files_of_the_table_have_a_hash_in_common():
    both = (registry.FASHION_MNIST, registry.MNIST)
    files = [file for source in both for file in source.files]
    hashes = {digest for f in files for digest in (f.sha256, f.unpacked_sha256)}
    assert len(hashes) == 2 * len(files)
