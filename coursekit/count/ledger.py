"""The ledger of a network: layer by layer, what it makes, learns, costs and sees."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from coursekit.count.rows import PIXEL, Row, rows_of
from coursekit.nets.layers import Network, Parallel
from coursekit.nets.sizes import Shape, walk
from coursekit.shapes import at_least, sizes
from coursekit.tables import Table


@dataclass(frozen=True)
class Ledger:
    """The rows of a network and their sums; prints as a table."""

    in_shape: Shape
    rows: tuple[Row, ...]
    bytes_per_number: int

    @property
    def params(self) -> int:
        """Sum up what is learned."""
        return sum(row.params for row in self.rows)

    @property
    def macs(self) -> int:
        """Sum up the multiply-adds for one example."""
        return sum(row.macs for row in self.rows)

    @property
    def operations(self) -> int:
        """Sum up the operations for one example."""
        return sum(row.operations for row in self.rows)

    @property
    def forward_bytes(self) -> int:
        """Give the most memory that activations take at once, for one example."""
        most = max((row.forward for row in self.rows), default=prod(self.in_shape))
        return most * self.bytes_per_number

    @property
    def training_bytes(self) -> int:
        """Give the memory of the input and of all outputs, kept for the gradients."""
        kept = sum(row.training for row in self.rows) + prod(self.in_shape)
        return kept * self.bytes_per_number

    def __repr__(self) -> str:
        return self._table().text()

    def _repr_html_(self) -> str:
        return self._table().html()

    def _table(self) -> Table:
        """Write every cell: the heads of the columns, then the rows."""
        heads = ["", "layer", "output", "parameters", "multiply-adds", "operations"]
        heads += ["forward", "training", "sees"]
        cells = [["", "input", _size(self.in_shape)] + [""] * 6]
        for row in self.rows:
            counts = [f"{n:,}" for n in (row.params, row.macs, row.operations)]
            memory = [
                _bytes(n * self.bytes_per_number) for n in (row.forward, row.training)
            ]
            name = "Parallel" if isinstance(row.layer, Parallel) else repr(row.layer)
            place = ".".join(map(str, row.place))
            seen = "all" if row.fields is None else _size([f.size for f in row.fields])
            cells.append([place, name, _size(row.out_shape), *counts, *memory, seen])
        sums = [f"{n:,}" for n in (self.params, self.macs, self.operations)]
        sums += [_bytes(n) for n in (self.forward_bytes, self.training_bytes)]
        cells.append(["", "in all", "", *sums, ""])
        return Table(heads, cells, numbers=heads[2:], about="layer")


def ledger(network: Network, shape: Shape, *, bytes_per_number: int = 4) -> Ledger:
    """Count a network for one input of `shape`, layer by layer; nothing is allocated.

    Units:  memory is of activations alone, in bytes, for one example. Forward: what a
            layer reads and writes, and what waits for it; in all, the most of any.
            Training: what is kept for the gradients; in all, with the input.
    Raises: ShapeError if a layer does not fit, naming it by its place.

    >>> from coursekit.nets import LENET
    >>> ledger(LENET, (1, 28, 28)).params, ledger(LENET, (1, 28, 28)).macs
    (61706, 416520)
    """
    rows = rows_of(walk(network, shape), place=(), fields=PIXEL, waiting=0, kept=0)
    at_least(1, bytes_per_number, "bytes_per_number")
    return Ledger(sizes(shape, "shape"), tuple(rows), bytes_per_number)


def _size(numbers: Shape | list[int]) -> str:
    return "x".join(map(str, numbers))


def _bytes(n: float) -> str:
    for unit in ("B", "kB", "MB"):
        if n < 1000:
            return f"{n:.3g} {unit}"
        n /= 1000
    return f"{n:.3g} GB"
