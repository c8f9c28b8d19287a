"""The parameters of whatever is chosen from a registry: another form for another choice, none where it has none."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.declare import Declared
from gui.inspector.form import ParameterForm


class DeclaredForm(QWidget):
    """A form for one declaration after another. `edited` and `begun` are those of a ParameterForm."""

    edited = Signal(str, object)
    begun = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._shown: type[Declared] | None = None
        self.form: ParameterForm | None = None
        self.hide()

    def show_value(self, declared: Declared | None) -> None:
        """Show the parameters of this declaration; None shows nothing."""
        kind = type(declared) if declared is not None and declared.parameters else None
        if kind is not self._shown:
            self._replace(kind)
        if self.form is not None and declared is not None:
            self.form.show_values(declared.config())

    def _replace(self, kind: type[Declared] | None) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self._shown = kind
        self.form = ParameterForm(kind.parameters, self) if kind is not None else None
        if self.form is not None:
            self.form.edited.connect(self.edited)
            self.form.begun.connect(self.begun)
            self._column.addWidget(self.form)
        self.setVisible(self.form is not None)
