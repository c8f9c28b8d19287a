"""What the keys do while the canvas has the focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from gui.canvas.canvas import Canvas
from gui.canvas.commands import COMMANDS, go, nudge, select_none

Key = Qt.Key
ARROWS: Mapping[int, Callable[[Canvas], None]] = {
    Key.Key_Left: partial(go, direction="left"),
    Key.Key_Right: partial(go, direction="right"),
    Key.Key_Up: partial(go, direction="up"),
    Key.Key_Down: partial(go, direction="down"),
}
NUDGES: Mapping[int, tuple[int, int]] = {
    Key.Key_Left: (-1, 0),
    Key.Key_Right: (1, 0),
    Key.Key_Up: (0, -1),
    Key.Key_Down: (0, 1),
}


def press(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what a key stands for. Returns whether it stands for anything here."""
    # A number, because Qt.Key has no member for most letters of the world.
    key = event.key()
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if key in ARROWS and not held:
        ARROWS[key](canvas)
        return True
    if key in NUDGES and held == Qt.KeyboardModifier.ControlModifier:
        nudge(canvas, *NUDGES[key])
        return True
    if key == Key.Key_Escape:
        select_none(canvas)
        return True
    pressed = QKeySequence(held.value | key)
    for command in COMMANDS.values():
        if any(QKeySequence(text) == pressed for text in command.keys):
            if command.enabled(canvas):
                command.run(canvas)
            return True
    return False
