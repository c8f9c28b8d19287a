"""Weights laid out for tiles: a panel has 32 columns, row behind row, and is read from its beginning to its end."""

from __future__ import annotations

import numpy as np

from engine.kernel import Array, Site

ROWS, WIDTH = 8, 32
"""Of a tile."""


def filled(count: int, whole: int = WIDTH) -> int:
    """The next number that `whole` goes into."""
    return -(-count // whole) * whole


class Panels:
    """Weights of `depth` rows as `array`, (panels, depth, 32), written by `lay`; what no weights are given for is 0."""

    def __init__(self, site: Site, depth: int, columns: int) -> None:
        self.array = site.scratch(filled(columns) // WIDTH, depth, WIDTH)
        self.pieces: list[tuple[Array, Array]] = []

    def give(self, w: Array, row: int = 0) -> None:
        """Have these weights as the rows from `row` on."""
        depth, columns = w.shape
        count, done = columns // WIDTH, columns // WIDTH * WIDTH
        panels = self.array[:, row : row + depth]
        self.pieces.append((panels[:count], w[:, :done].reshape(depth, count, WIDTH).swapaxes(0, 1)))
        if done < columns:
            self.pieces.append((panels[count, :, : columns - done], w[:, done:]))

    def lay(self) -> None:
        """Write the weights as they are now."""
        for panels, w in self.pieces:
            np.copyto(panels, w)
