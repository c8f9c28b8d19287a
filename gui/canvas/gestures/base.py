"""What every mouse gesture is: it starts, moves, and finishes with at most one edit, or is cancelled with none."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, Qt

from gui.canvas.canvas import Canvas

DRIFT = 6
"""A press that moves less than this, in pixels, within `QUICK` is a click."""
QUICK = 0.15


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is, on the canvas and in the window, which keys are held, and when, in seconds."""

    scene: QPointF
    view: QPoint
    modifiers: Qt.KeyboardModifier
    time: float

    def holds(self, modifier: Qt.KeyboardModifier) -> bool:
        """Whether a key such as Shift is held."""
        return bool(self.modifiers & modifier)


class Gesture:
    """The base of every gesture."""

    cursor: Qt.CursorShape | None = None
    follows_edge = True
    """Whether the paper moves on while this is dragged to the edge of the window."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def start(self, pointer: Pointer) -> None:
        """The button went down."""
        self.origin = pointer

    def move(self, pointer: Pointer) -> None:
        """The pointer moved."""

    def finish(self, pointer: Pointer) -> None:
        """The button went up: commit."""

    def cancel(self) -> None:
        """Leave everything as it was before."""

    def drifted(self, pointer: Pointer) -> bool:
        """Whether this is more than a click."""
        way = (pointer.view - self.origin.view).manhattanLength()
        return way >= DRIFT or (way > 1 and pointer.time - self.origin.time > QUICK)
