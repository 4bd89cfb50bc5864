"""The offline data: what its numbers are, how it is parted and scaled up."""

import hashlib
import socket

import numpy as np
import pytest

from coursekit import data, nets
from coursekit.data.digits import enlarge, split

small, large = data.load("digits"), data.load("digits", size=28)


@pytest.mark.parametrize("found", [small, large], ids=["8", "28"])
def test_images_are_float32_from_0_to_1_and_labels_int64(found: data.Dataset) -> None:
    side = found.x_train.shape[-1]
    assert found.x_train.shape == (1297, 1, side, side)
    assert found.x_test.shape == (500, 1, side, side)
    for x, y in ((found.x_train, found.y_train), (found.x_test, found.y_test)):
        assert (x.dtype, y.dtype) == (np.float32, np.int64)
        assert (x.min(), x.max()) == (0, 1)
        assert len(x) == len(y)
    assert found.classes == tuple("0123456789")


def test_fifty_of_each_digit_are_kept_for_testing() -> None:
    assert np.bincount(small.y_test).tolist() == [50] * 10
    assert np.bincount(small.y_train).min() >= 120


def test_no_image_stands_in_both_parts_and_none_is_lost() -> None:
    y = np.repeat(np.arange(10), 60)
    train, test = split(y)
    assert sorted([*train, *test]) == list(range(600))


def test_the_parts_are_the_same_everywhere() -> None:
    """The digests hold what is stored in the lessons to the data it came from."""
    seen = hashlib.sha256(small.x_train.tobytes() + small.y_test.tobytes())
    assert seen.hexdigest().startswith("7a2f10ff77cb18e4")
    assert (
        hashlib.sha256(large.x_test.tobytes())
        .hexdigest()
        .startswith("62e51e80c8bd9c5e")
    )


def test_the_data_is_the_one_of_scikit_learn() -> None:
    from sklearn.datasets import load_digits

    images = load_digits().images / 16
    ours = np.concatenate([small.x_train, small.x_test])[:, 0]
    assert sorted(images.reshape(-1, 64).tolist()) == sorted(
        ours.reshape(-1, 64).astype(float).tolist()
    )
    assert np.allclose(images[0], ours[(ours == images[0]).all((1, 2))][0])


def test_labels_belong_to_their_images() -> None:
    from sklearn.datasets import load_digits

    values, y = load_digits(return_X_y=True)
    known = {tuple(v): label for v, label in zip(values / 16, y, strict=True)}
    for x, label in zip(small.x_test, small.y_test, strict=True):
        assert known[tuple(x.ravel().astype(float))] == label


def test_scaling_up_interpolates_by_hand() -> None:
    wide = enlarge(np.array([[0, 3], [6, 9]]))
    assert wide.shape == (10, 10)
    assert wide[2, 2:-2].tolist() == [0, 0, 9, 18, 27, 27]
    assert wide[2:-2, 2].tolist() == [0, 0, 18, 36, 54, 54]
    assert not wide[:2].any()
    assert not wide[:, -2:].any()


def test_scaling_up_is_bilinear_interpolation_of_torch() -> None:
    import torch

    x = torch.tensor(small.x_test[:20], dtype=torch.float64)
    theirs = torch.nn.functional.interpolate(x, scale_factor=3, mode="bilinear")
    assert np.allclose(large.x_test[:20, :, 2:-2, 2:-2], theirs.numpy(), atol=1e-6)
    assert not large.x_test[:, :, :2].any()
    assert np.array_equal(large.y_train, small.y_train)


def test_lenet_takes_the_large_digits() -> None:
    params = nets.init(nets.LENET, np.random.default_rng(0))
    assert nets.forward(nets.LENET, params, large.x_test[:2])[0].shape == (2, 10)


def test_what_you_do_to_the_digits_stays_yours() -> None:
    data.load("digits").x_train[:] = 0
    assert data.load("digits").x_train.max() == 1


def test_digits_need_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("the digits asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert data.load("digits", offline=True).x_train.shape == (1297, 1, 8, 8)


def test_a_data_set_shows_its_source_and_shapes() -> None:
    lines = repr(small).splitlines()
    assert lines[0] == small.source
    assert "1797" in lines[0]
    assert "8x8" in lines[0]
    assert "CC BY 4.0" in lines[0]
    assert lines[1] == "  x_train (1297, 1, 8, 8) float32"
    assert len(lines) == 5
    assert "28x28 pixels (8x8 scaled up)" in large.source
