"""The parameters of whatever is chosen from a registry: another form for another choice, none where it has none."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.declare import Declared
from gui.inspector.form import ParameterForm
from gui.parts import Fold


class DeclaredForm(QWidget):
    """A form for one declaration after another. `edited` and `begun` are those of a ParameterForm.

    What every declaration of `kind` has is rarely changed, so it is folded away, but for what a card always shows.
    """

    edited = Signal(str, object)
    begun = Signal()

    def __init__(self, kind: type[Declared] = Declared, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rare = tuple(name for name, field in kind.parameters.items() if field.show != "value")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._shown: type[Declared] | None = None
        self._parts: list[QWidget] = []
        self.form: ParameterForm | None = None
        self.more: ParameterForm | None = None
        self.hide()

    def show_value(self, declared: Declared | None) -> None:
        """Show the parameters of this declaration; None shows nothing."""
        kind = type(declared) if declared is not None and declared.parameters else None
        if kind is not self._shown:
            self._replace(kind)
        if declared is not None:
            for form in (self.form, self.more):
                if form is not None:
                    form.show_values(declared.config())

    def _replace(self, kind: type[Declared] | None) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._shown, self._parts, self.form, self.more = kind, [], None, None
        if kind is not None:
            own = tuple(name for name in kind.parameters if name not in self._rare)
            self.form = self._form(kind, own)
            self._parts.append(self.form)
            if self._rare:
                self.more = self._form(kind, self._rare)
                self._parts.append(Fold(self.tr("More"), self.more, False, self))
        for part in self._parts:
            self._column.addWidget(part)
        self.setVisible(bool(self._parts))

    def _form(self, kind: type[Declared], names: tuple[str, ...]) -> ParameterForm:
        made = ParameterForm({name: kind.parameters[name] for name in names}, self)
        made.edited.connect(self.edited)
        made.begun.connect(self.begun)
        return made
