"""Long work in short slices, so that the window never stands still."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

BUDGET = 0.008
"""Seconds."""
MANY = 100
"""With more layers than this, what follows from an edit or a selection lets other events in between."""
SOON, FRAME = 1, 16
"""Milliseconds until then: at once, but after 0, Qt would not look for other events first; or once it was painted."""


class Slices(QObject):
    """Takes steps of an iterator for a few milliseconds at a time, between events. `done` follows the last step."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[None] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    @property
    def busy(self) -> bool:
        """Whether some work is left."""
        return self._work is not None

    def run(self, work: Iterator[None], at_once: bool = False) -> None:
        """Do this work, in place of what is left of other work; `at_once` does the first slice before returning."""
        self._work = work
        self._timer.start()
        if at_once:
            self._slice()

    def finish(self) -> None:
        """Do what is left of the work now."""
        if self._work is not None:
            self._take(self._work, inf)

    def stop(self) -> None:
        """Leave what is left of the work undone."""
        self._work = None
        self._timer.stop()

    def _slice(self) -> None:
        if self._work is not None:
            self._take(self._work, perf_counter() + BUDGET)

    def _take(self, work: Iterator[None], until: float) -> None:
        for _ in work:
            if perf_counter() > until:
                return
        if self._work is work:
            self.stop()
            self.done.emit()
