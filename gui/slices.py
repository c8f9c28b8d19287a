"""Long work in short slices, so that the window never stands still."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from functools import cache
from math import inf
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

BUDGET = 0.008
"""Seconds."""
MANY = 100
"""With more layers than this, what follows from an edit or a selection lets other events in between."""
SOON, FRAME = 1, 16
"""Milliseconds until then: at once, but after 0, Qt would not look for other events first; or once it was painted."""


class Turns(QObject):
    """Lets what was put off have its turn, one thing a round of the event loop: together they would hold it up."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[tuple[QObject, Callable[[], object]]] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self._next)

    def wait(self, whose: QObject, call: Callable[[], object]) -> None:
        """Call behind all who wait already, unless it is gone by then whose call it is."""
        self._waiting.append((whose, call))
        if not self._timer.isActive():
            self._timer.start()

    def _next(self) -> None:
        whose, call = self._waiting.popleft()
        if self._waiting:
            self._timer.start()
        if isValid(whose):
            call()


@cache
def turns() -> Turns:
    """The turns of the one event loop there is."""
    return Turns()


class Later(QObject):
    """Calls once, in a turn of its own, so long after it was last started."""

    def __init__(self, parent: QObject, call: Callable[[], object], milliseconds: int = FRAME) -> None:
        super().__init__(parent)
        self._call = call
        self.pending = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._wait)

    def start(self) -> None:
        """Call, so long from now."""
        self.pending = True
        self._timer.start()

    def stop(self) -> None:
        """Do not call."""
        self.pending = False
        self._timer.stop()

    def finish(self) -> None:
        """Call now what would be called later."""
        if self.pending:
            self.stop()
            self._call()

    def _wait(self) -> None:
        turns().wait(self, self._come)

    def _come(self) -> None:
        if not self._timer.isActive():
            self.finish()


class Slices(QObject):
    """Takes steps of an iterator for a few milliseconds a turn. `done` follows the last step."""

    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[None] | None = None
        self._waiting = False

    @property
    def busy(self) -> bool:
        """Whether some work is left."""
        return self._work is not None

    def run(self, work: Iterator[None], at_once: bool = False) -> None:
        """Do this work, in place of what is left of other work; `at_once` does the first slice before returning."""
        self._work = work
        self._wait()
        if at_once:
            self._slice()

    def finish(self) -> None:
        """Do what is left of the work now."""
        if self._work is not None:
            self._take(self._work, inf)

    def stop(self) -> None:
        """Leave what is left of the work undone."""
        self._work = None

    def _wait(self) -> None:
        if not self._waiting:
            self._waiting = True
            turns().wait(self, self._come)

    def _come(self) -> None:
        self._waiting = False
        self._slice()

    def _slice(self) -> None:
        if self._work is not None:
            self._take(self._work, perf_counter() + BUDGET)

    def _take(self, work: Iterator[None], until: float) -> None:
        for _ in work:
            if perf_counter() > until:
                self._wait()
                return
        if self._work is work:
            self.stop()
            self.done.emit()
