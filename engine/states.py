"""What stateful layers carry from one batch to the next: for every sample of a batch, the state it ended in.

A network's plans share it, whatever their batch size or purpose: a smaller batch takes the rows of its samples and
leaves the others alone. A pass over data begins at zero, as after Keras's `reset_state`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import DTypeLike

from engine.kernel import Array, Sizes
from graph.message import Message


class BatchTooLarge(ValueError):
    """A batch of more samples than a stateful layer carries states for; the text says how many those are."""


class States:
    """The arrays of all stateful layers of a network, by name."""

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}

    def rows(self, name: str, whole: int, batch: int, sizes: Sizes, dtype: DTypeLike) -> Array:
        """The first `batch` rows of one array, which has `whole` rows. Raises BatchTooLarge where those are fewer."""
        if batch > whole:
            text = "The network is stateful and carries the states of {whole} samples, but a batch has {batch}."
            raise BatchTooLarge(Message(text, whole=whole, batch=batch))
        return self._arrays.setdefault(name, np.zeros((whole, *sizes), dtype))[:batch]

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in self._arrays.values())

    def reset(self) -> None:
        """Begin anew, at zero."""
        for array in self._arrays.values():
            array.fill(0.0)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """A pass that begins with what is carried; that is there again afterwards."""
        before = {name: array.copy() for name, array in self._arrays.items()}
        try:
            yield
        finally:
            for name, array in self._arrays.items():
                array[...] = before.get(name, 0.0)

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """A pass that begins at zero; what was carried before is there again afterwards."""
        with self.kept():
            self.reset()
            yield
