"""What every data set is: images and labels to learn from, others to test with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float32, Int64


class Dataset(NamedTuple):
    """Labelled images in two parts, the names of the classes, and where they are from.

    Shapes: x (N, 1, H, W), float32 from 0 to 1; y (N,), int64, an index into `classes`.
    """

    x_train: Float32[np.ndarray, "N 1 H W"]
    y_train: Int64[np.ndarray, " N"]
    x_test: Float32[np.ndarray, "M 1 H W"]
    y_test: Int64[np.ndarray, " M"]
    classes: tuple[str, ...]
    source: str  # one line: which data, how many images, their size, the licence

    def __repr__(self) -> str:
        parts = (self.x_train, self.y_train, self.x_test, self.y_test)
        shapes = zip(self._fields, parts, strict=False)
        lines = [f"  {name:8}{part.shape} {part.dtype}" for name, part in shapes]
        return "\n".join([self.source, *lines])
