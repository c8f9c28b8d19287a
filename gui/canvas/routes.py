"""Keeps every wire on its way round the cards, looking again only at wires that a change can concern."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from PySide6.QtCore import QObject

from graph.network import Wire
from graph.project import Position
from gui.canvas.geometry import Box, CardIndex, around, inflated, touching
from gui.canvas.wire_item import WireItem
from gui.canvas.wire_path import LANE, Curve, direct, route
from gui.slices import Slices

FEW = 40
"""So many wires find their way at once; more are drawn straight first and then find it, all in slices."""
Ends = Callable[[Wire], tuple[Position, Position]]


class Routes(QObject):
    """The ways of the wires on one canvas."""

    def __init__(self, items: dict[Wire, WireItem], cards: CardIndex, ends: Ends, parent: QObject) -> None:
        super().__init__(parent)
        self._items = items
        self._cards = cards
        self._ends = ends
        self._reach: dict[Wire, Box] = {}
        self._straight: dict[Wire, None] = {}
        self._waiting: dict[Wire, None] = {}
        self._slices = Slices(self)

    def forget(self, wire: Wire) -> None:
        """A wire is gone."""
        self._reach.pop(wire, None)
        self._straight.pop(wire, None)
        self._waiting.pop(wire, None)

    def look_again(self, attached: Collection[Wire], changed: Iterable[Box] = ()) -> None:
        """Ends of the `attached` wires have moved, and cards have come to or gone from the `changed` boxes."""
        passing = self._passing(list(changed)) - set(attached)
        if len(attached) > FEW:
            self._straight |= dict.fromkeys(attached)
        else:
            for wire in attached:
                self._route(wire)
        self._waiting |= dict.fromkeys(passing)
        if self._straight or self._waiting:
            self._slices.run(self._work())

    def finish(self) -> None:
        """Find every way now, for a picture that is about to be taken."""
        for _ in self._work():
            pass

    def _passing(self, changed: list[Box]) -> set[Wire]:
        if len(changed) > 8:
            whole = around(changed)
            changed = [whole] if whole is not None else []
        near = [inflated(box, LANE + 10) for box in changed]
        return {wire for wire, reach in self._reach.items() if any(touching(reach, box) for box in near)}

    def _work(self) -> Iterator[None]:
        while self._straight:
            wire = next(iter(self._straight))
            del self._straight[wire]
            self._waiting[wire] = None
            self._show(wire, direct(*self._ends(wire)))
            yield
        while self._waiting:
            self._route(next(iter(self._waiting)))
            yield

    def _route(self, wire: Wire) -> None:
        self._straight.pop(wire, None)
        self._waiting.pop(wire, None)
        if wire not in self._items:
            return
        boxes = self._cards.boxes
        self._show(wire, route(*self._ends(wire), self._near, (boxes[wire.source], boxes[wire.target])))

    def _near(self, box: Box) -> list[Box]:
        return [self._cards.boxes[name] for name in self._cards.near(box)]

    def _show(self, wire: Wire, way: list[Curve]) -> None:
        self._items[wire].set_way(way)
        found = around((x, y, x, y) for curve in way for x, y in curve)
        if found is not None:
            self._reach[wire] = found
