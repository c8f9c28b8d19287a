"""What the editors of parameters have in common."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.parts import restyled
from gui.translate import tr_message


class EditorBase(QWidget):
    """One control and what it says. `begun` follows when a person turns to it: edits from there on are one undo step.

    Every editor adds `show_value(value)`, which shows a value without saying `edited`, and `show_mixed()` for several
    layers that have several values.
    """

    edited = Signal(object)
    said = Signal(str)
    begun = Signal()
    wide = False
    """Whether it takes the whole width below its label."""
    _wrong = ""

    def hold(self, control: QWidget) -> None:
        """Be this control."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(control)
        self.setFocusProxy(control)

    def mark(self, control: QWidget, text: str) -> None:
        """Show whether what stands in the control is valid, and say what is wrong with it."""
        self._wrong = text
        restyled(control, "invalid", bool(text))
        self.said.emit(text)

    def leave(self, tidy: Callable[[], None]) -> None:
        """The control is left: let the value that holds stand in it, and go on saying why another was not taken."""
        wrong = self._wrong
        tidy()
        self.said.emit(wrong)


def translated(text: str) -> str:
    """A text of a declaration in the language of the window."""
    return QCoreApplication.translate("graph", text)


def sentence(error: ValueError) -> str:
    """The error of a field as a sentence."""
    text = tr_message(error.args[0]) if error.args else ""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
