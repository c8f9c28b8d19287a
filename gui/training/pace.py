"""Doing something as often as an eye can follow, and no oftener than the time that it takes allows."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

QUICKEST, SLOWEST = 0.1, 1.0
"""Seconds between two times that the action is done, at least and at most."""
SHARE = 0.05
"""The part of a processor that the thread may take for it; training could have every bit of that."""


class Pace(QObject):
    """`ask` does the action at once, or a moment later where it has just been done. The last asking is never lost.

    What counts is all that the thread does from one time to the next: so the painting is in it that an action brings
    about, and a person who moves something about comes first.
    """

    def __init__(self, action: Callable[[], object], parent: QObject) -> None:
        super().__init__(parent)
        self._action = action
        self._when, self._spent = -math.inf, 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._act)

    def ask(self) -> None:
        """Have it done soon."""
        if not self._timer.isActive():
            self._act()

    def now(self) -> None:
        """Do it at once, because it cannot wait."""
        self._timer.stop()
        self._when, self._spent = time.monotonic(), time.thread_time()
        self._action()

    def _act(self) -> None:
        spent = time.thread_time() - self._spent
        wait = min(max(spent / SHARE, QUICKEST), SLOWEST) - (time.monotonic() - self._when)
        if wait > 0:
            self._timer.start(math.ceil(1000 * wait))
        else:
            self.now()
