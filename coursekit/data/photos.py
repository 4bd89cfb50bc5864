"""Photographs by name, whose they are, and no network: they come with scikit-learn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

LUMA = np.array([0.299, 0.587, 0.114])  # how bright red, green and blue look to us


class Credit(NamedTuple):
    """Who made a photograph, under which licence, and where it was published."""

    title: str
    author: str
    licence: str
    address: str

    def __str__(self) -> str:
        return f"{self.title}: {self.author}, {self.licence}, {self.address}"


PHOTOS = {
    "china": Credit(
        "Pagoda of the Summer Palace, Beijing",
        "danielbuechele",
        "CC BY 2.0",
        "https://www.flickr.com/photos/danielbuechele/6061409035",
    ),
    "flower": Credit(
        "Dahlia",
        "vultilion",
        "CC BY 2.0",
        "https://www.flickr.com/photos/vultilion/6056698931",
    ),
}


def photo(
    name: str = "china", *, color: bool = False
) -> Float[np.ndarray, "427 640"] | Float[np.ndarray, "427 640 3"]:
    """Load a photograph as numbers from 0 (black) to 1 (white).

    Shapes: gray (427, 640); in color (427, 640, 3), the last axis red, green, blue.
    Raises: ValueError if there is no photograph of that name.
    Source: the files of `sklearn.datasets.load_sample_image`; gray by ITU-R BT.601.

    >>> photo("china").shape
    (427, 640)
    >>> photo("flower", color=True).shape
    (427, 640, 3)
    """
    credit(name)
    from sklearn.datasets import load_sample_image  # costs a second: only when asked

    rgb: np.ndarray = load_sample_image(f"{name}.jpg") / 255
    return rgb if color else rgb @ LUMA


def credit(name: str) -> Credit:
    """Say who made a photograph and under which licence you may use it.

    Raises: ValueError if there is no photograph of that name.

    >>> print(credit("flower").licence)
    CC BY 2.0
    """
    if name not in PHOTOS:
        known = ", ".join(repr(known) for known in PHOTOS)
        raise ValueError(
            f"There is no photograph called {name!r}. There are {len(PHOTOS)}: {known}."
        )
    return PHOTOS[name]
