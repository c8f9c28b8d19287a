"""Moves cards to their new places in a moment instead of at once, so that the eye can follow."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation, Signal

from graph.project import Position
from gui.canvas.scene import CanvasScene

MILLISECONDS = 150
MOST = 150
"""More cards than this jump: following them all would take longer than a frame."""


class Motion(QObject):
    """One movement at a time; a new one begins where the cards stand."""

    settled = Signal()

    def __init__(self, board: CanvasScene, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._from: Mapping[str, Position] = {}
        self._clock = QVariantAnimation(self)
        self._clock.setDuration(MILLISECONDS)
        self._clock.setStartValue(0.0)
        self._clock.setEndValue(1.0)
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.valueChanged.connect(self._step)
        self._clock.finished.connect(self.settled)

    @property
    def running(self) -> bool:
        """Whether cards are under way."""
        return self._clock.state() == QVariantAnimation.State.Running

    def begin(self, moved: Mapping[str, Position]) -> None:
        """Let cards that have just been put in their new places come there from these."""
        self._clock.stop()
        self._from = moved
        if len(moved) <= MOST:
            self._clock.start()
        else:
            self.settled.emit()

    def finish(self) -> None:
        """Put every card in its place now."""
        if self.running:
            self._clock.stop()
            self._step(1.0)
            self.settled.emit()

    def _step(self, part: float) -> None:
        places = {}
        for name, (x, y) in self._from.items():
            if name in self._board.nodes:
                u, v = self._board.shown.positions.get(name, (0.0, 0.0))
                places[name] = (u, v) if part == 1.0 else (x + (u - x) * part, y + (v - y) * part)
        self._board.place(places)
