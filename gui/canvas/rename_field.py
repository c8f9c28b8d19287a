"""A field on a card in which its name is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from graph.names import wrong_name
from gui.canvas.hint import Hint
from gui.translate import tr_message


class RenameField(QLineEdit):
    """Enter and a click elsewhere take the new name, Esc keeps the old one. `named(old, new)` follows a new name."""

    named = Signal(str, str)
    closed = Signal()

    def __init__(self, parent: QWidget, hint: Hint, name: str, taken: set[str], area: QRect) -> None:
        super().__init__(name, parent)
        self.name = name
        self._hint = hint
        self._taken = taken - {name}
        self._done = False
        self.setAccessibleName(self.tr("Name of the layer"))
        self.setGeometry(area)
        self.textEdited.connect(self._look)
        self.installEventFilter(self)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def refusal(self) -> str:
        """Why the typed name may not be, or nothing."""
        typed = self.text().strip()
        wrong = wrong_name(typed)
        if wrong is not None:
            return tr_message(wrong)
        if typed in self._taken:
            return self.tr("There is a layer named {name} already. Choose another name.").format(name=typed)
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._close(None)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not self.refusal():
                    self._close(self.text().strip())
                return True
        if event.type() == QEvent.Type.FocusOut:
            self._close(None if self.refusal() else self.text().strip())
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        refusal = self.refusal()
        if refusal:
            self._hint.refuse(self.geometry().bottomLeft(), refusal)
        else:
            self._hint.hide()

    def _close(self, name: str | None) -> None:
        if self._done:
            return
        self._done = True
        self._hint.hide()
        self.hide()
        if name is not None and name != self.name:
            self.named.emit(self.name, name)
        self.closed.emit()
        self.deleteLater()
