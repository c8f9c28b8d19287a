"""Measures of the canvas, and plain boxes: left, top, right, bottom. They are tuples, for wires ask for thousands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import floor

from graph.network import Wire
from gui.theme import tokens

Box = tuple[float, float, float, float]

METRIC: Mapping[str, float] = tokens()["metric"]
GRID = METRIC["grid"]
CARD_WIDTH = METRIC["node_width"]
CARD_HEIGHT = METRIC["node_height"]
GAP_ACROSS = 64.0
"""The room between a card and the next one in the direction of the wires."""
GAP_DOWN = 44.0
FAN = 9.0
"""The distance between wires that end in the same port."""


def snap(value: float) -> float:
    """`value` on the grid."""
    return round(value / GRID) * GRID


def inflated(box: Box, by: float) -> Box:
    """`box`, larger on every side."""
    return (box[0] - by, box[1] - by, box[2] + by, box[3] + by)


def touching(a: Box, b: Box) -> bool:
    """Whether two boxes share a point."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def around(boxes: Iterable[Box]) -> Box | None:
    """The smallest box that holds all of them, or None where there is none."""
    found = list(boxes)
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*found, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def heights(count: int) -> list[float]:
    """Where so many ports stand on the side of a card, from its upper edge."""
    return [CARD_HEIGHT * (i + 1) / (count + 1) for i in range(count)]


def fanned(wire: Wire, into: tuple[Wire, ...]) -> float:
    """How far below its port a wire ends, so that several wires into one port stay apart."""
    together = [w for w in into if w.target_port == wire.target_port]
    if len(together) < 2 or wire not in together:
        return 0.0
    step = min(2 * FAN, (CARD_HEIGHT - 24) / (len(together) - 1))
    return (together.index(wire) - (len(together) - 1) / 2) * step


class CardIndex:
    """The cards by where they stand, so that those near a wire are found without looking at all of them."""

    CELL = 256.0

    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.changes = 0
        """How often a card came, went or moved; a picture of the cards is right for as long as this stays."""
        self._cells: dict[tuple[int, int], set[str]] = {}

    def put(self, name: str, box: Box) -> None:
        """Remember where a card stands now."""
        self.changes += 1
        old = self.boxes.get(name)
        if old is not None and self._range(old) == self._range(box):
            self.boxes[name] = box
            return
        self.drop(name)
        self.boxes[name] = box
        for cell in self._over(box):
            self._cells.setdefault(cell, set()).add(name)

    def drop(self, name: str) -> None:
        """Forget a card."""
        self.changes += 1
        box = self.boxes.pop(name, None)
        for cell in self._over(box) if box is not None else ():
            self._cells[cell].discard(name)

    def near(self, box: Box) -> set[str]:
        """The cards that touch `box`."""
        found: set[str] = set()
        for cell in self._over(box):
            found.update(self._cells.get(cell, ()))
        return {name for name in found if touching(self.boxes[name], box)}

    def _range(self, box: Box) -> tuple[int, int, int, int]:
        left, top, right, bottom = box
        return (floor(left / self.CELL), floor(top / self.CELL), floor(right / self.CELL), floor(bottom / self.CELL))

    def _over(self, box: Box) -> Iterator[tuple[int, int]]:
        left, top, right, bottom = self._range(box)
        if (right - left + 1) * (bottom - top + 1) > 4 * len(self._cells) + 64:
            yield from [cell for cell in self._cells if left <= cell[0] <= right and top <= cell[1] <= bottom]
            return
        for column in range(left, right + 1):
            for row in range(top, bottom + 1):
                yield (column, row)
