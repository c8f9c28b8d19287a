"""Doing something as often as it is asked for, but no oftener than an eye can follow."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

INTERVAL = 160
"""Milliseconds between two paintings of what a run tells; each takes time that training could have."""


class Pace(QObject):
    """`ask` does the action at once, or a moment later where it has just been done."""

    def __init__(self, action: Callable[[], object], parent: QObject, interval: int = INTERVAL) -> None:
        super().__init__(parent)
        self._action = action
        self._asked = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval)
        self._timer.timeout.connect(self._on_timeout)

    def ask(self) -> None:
        """Have it done soon."""
        self._asked = True
        if not self._timer.isActive():
            self._on_timeout()

    def _on_timeout(self) -> None:
        if self._asked:
            self._asked = False
            self._action()
            self._timer.start()
