"""Runs one gesture at a time, from the press of a button to its release."""

from __future__ import annotations

from time import monotonic

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDropEvent, QMouseEvent

from gui.canvas.canvas import Canvas
from gui.canvas.edge_scroll import EdgeScroll
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.choose import gesture_for


class Driver:
    """Turns mouse events into the steps of a gesture, and goes on with it while the paper moves at the edge."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        self._held = Qt.KeyboardModifier.NoModifier
        self._at = QPoint()
        self._edge = EdgeScroll(canvas, self._drag_on)

    @property
    def busy(self) -> bool:
        """Whether a gesture is under way."""
        return self._gesture is not None

    def pointer(self, event: QMouseEvent | QDropEvent) -> Pointer:
        """Where an event happened."""
        at = event.position().toPoint()
        return Pointer(self._canvas.mapToScene(at), at, event.modifiers(), monotonic())

    def press(self, event: QMouseEvent) -> None:
        """A button went down: begin what that means here."""
        pointer, self._button = self.pointer(event), event.button()
        self._gesture = gesture_for(self._canvas, pointer, event.button())
        if self._gesture is not None:
            self._gesture.start(pointer)
            if self._gesture.cursor is not None:
                self._canvas.viewport().setCursor(self._gesture.cursor)

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved while a button is down."""
        pointer = self.pointer(event)
        self._at, self._held = pointer.view, pointer.modifiers
        if self._gesture is not None:
            self._gesture.move(pointer)
        if self._gesture is not None and self._gesture.follows_edge:
            self._edge.look(pointer.view)

    def release(self, event: QMouseEvent) -> None:
        """A button went up: finish, if it is the one that began."""
        if event.button() == self._button:
            gesture = self._let_go()
            if gesture is not None:
                gesture.finish(self.pointer(event))

    def cancel(self) -> None:
        """Leave everything as it was before the gesture."""
        gesture = self._let_go()
        if gesture is not None:
            gesture.cancel()

    def _let_go(self) -> Gesture | None:
        gesture, self._gesture = self._gesture, None
        self._edge.stop()
        self._canvas.viewport().unsetCursor()
        return gesture

    def _drag_on(self) -> None:
        if self._gesture is not None:
            self._gesture.move(Pointer(self._canvas.mapToScene(self._at), self._at, self._held, monotonic()))
