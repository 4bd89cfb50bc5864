"""Photographs: what their numbers mean, whose they are, and that no network is used."""

import socket

import numpy as np
import pytest

from coursekit import data


@pytest.mark.parametrize("name", data.PHOTOS)
def test_a_photograph_is_floats_from_black_to_white(name: str) -> None:
    for picture in (data.photo(name), data.photo(name, color=True)):
        assert picture.dtype == np.float64
        assert 0 <= picture.min() < 0.1
        assert 0.8 < picture.max() <= 1


def test_gray_weighs_green_more_than_red_and_red_more_than_blue() -> None:
    gray, color = data.photo("china"), data.photo("china", color=True)
    red, green, blue = np.moveaxis(color, -1, 0)
    assert np.allclose(gray, 0.299 * red + 0.587 * green + 0.114 * blue)


def test_the_sky_is_bright_and_bluer_than_red() -> None:
    red, green, blue = data.photo("china", color=True)[:50, :50].mean(axis=(0, 1))
    assert red < green < blue
    assert data.photo("china")[:50, :50].min() > 0.7


def test_what_you_do_to_a_photograph_stays_yours() -> None:
    mine = data.photo("flower")
    mine[:] = 0
    assert data.photo("flower").max() > 0.8


def test_a_photograph_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("a photograph asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert data.photo("flower").shape == (427, 640)


def test_every_photograph_names_author_licence_and_address() -> None:
    for name in data.PHOTOS:
        credit = data.credit(name)
        assert credit.licence == "CC BY 2.0"
        assert credit.author in str(credit)
        assert credit.address.startswith("https://www.flickr.com/photos/")
