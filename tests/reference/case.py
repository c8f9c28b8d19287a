"""A way a layer is worth trying, which Keras computes for the tests."""

from __future__ import annotations

from dataclasses import dataclass

from graph.layers.base import Layer
from graph.layers.core import Embedding
from graph.layers.masking import Masking

BATCH = 3
Sizes = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A layer and the sizes of its inputs, without the batch.

    `random`: training draws numbers, so its output cannot be held against another program's.
    """

    layer: Layer
    xs: tuple[Sizes, ...]
    random: bool = False

    @property
    def name(self) -> str:
        """What is special about it, for the reader of a test run: `Conv2D(filters=4, strides=(2, 2)) 7x6x2`."""
        return f"{self.layer!r} " + " + ".join("x".join(map(str, x)) for x in self.xs)

    @property
    def padding(self) -> float | None:
        """The value that the last steps of the first sample are filled up with, where the layer looks for it."""
        return self.layer.mask_value if isinstance(self.layer, Masking) else None

    @property
    def whole_below(self) -> int:
        """For layers that take whole numbers: the number that is already too large. 0 for all others."""
        return self.layer.input_dim if isinstance(self.layer, Embedding) else 0


def case(layer: Layer, *xs: Sizes, random: bool = False) -> Case:
    """A case with one input or more."""
    return Case(layer, xs, random)
