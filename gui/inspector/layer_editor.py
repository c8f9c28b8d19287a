"""The editor of a parameter that is a layer: which one, and below it the form of that layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.fields import Field
from graph.fields.inner import LayerField
from graph.layers import Layer, layers
from gui.inspector.controls import Box
from gui.inspector.editor import EditorBase, translated
from gui.inspector.groups import grouped
from gui.parts import Fold

INDENT = 12
MakeForm = Callable[[Mapping[str, Field], QWidget], Any]


class LayerEditor(EditorBase):
    """A choice of layers. `inside` is the form of the chosen one, for the row below; `make_form` makes such forms."""

    def __init__(self, field: LayerField, make_form: MakeForm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_form = make_form
        self._box = Box(self)
        if field.optional:
            self._box.addItem(translated(field.none_text), None)
        for name in field.choices():
            self._box.addItem(name, name)
        self._box.activated.connect(lambda index: self._choose(self._box.itemData(index)))
        self._box.entered.connect(self.begun)
        self.hold(self._box)
        self.inside = QWidget(parent)
        self._column = QVBoxLayout(self.inside)
        self._column.setContentsMargins(INDENT, 0, 0, 0)
        self._column.setSpacing(8)
        self._parts: list[QWidget] = []
        self.forms: list[Any] = []
        self._value: Layer | None = None
        self._shown: type[Layer] | None = None
        self.inside.hide()

    def show_value(self, value: Layer | None) -> None:
        self._value = value
        self._box.setCurrentIndex(self._box.findData(None if value is None else value.key))
        kind = None if value is None else type(value)
        if kind is not self._shown:
            self._replace(value)
        if value is not None:
            for form in self.forms:
                form.show_values(value.config())

    def show_mixed(self) -> None:
        self._value = None
        self._box.setPlaceholderText(self.tr("several values"))
        self._box.setCurrentIndex(-1)
        self._replace(None)

    def _replace(self, value: Layer | None) -> None:
        """Make the form of another layer; None needs none."""
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._shown, self._parts, self.forms = None if value is None else type(value), [], []
        if value is not None:
            main, more, _ = grouped([value])
            self.forms = [self._form(fields) for fields in (main, more)]
            self._parts = [self.forms[0], Fold(self.tr("More"), self.forms[1], parent=self.inside)]
            for part in self._parts:
                self._column.addWidget(part)
        self.inside.setVisible(bool(self._parts))
        self._chain()

    def _chain(self) -> None:
        """Let Tab go from the box through the form below it, and then on."""
        inner = [widget for part in self._parts for widget in part.findChildren(QWidget)]
        stops = [widget for widget in inner if stops_at(widget) and widget.window() is self.window()]
        for before, after in pairwise([self._box, *stops]):
            QWidget.setTabOrder(before, after)

    def _form(self, fields: Mapping[str, Field]) -> Any:
        form = self._make_form(fields, self.inside)
        form.edited.connect(self._change)
        form.begun.connect(self.begun)
        return form

    def _choose(self, key: str | None) -> None:
        if key is None:
            self.edited.emit(None)
        elif self._value is None:
            self.edited.emit(layers[key]())
        elif key != self._value.key:
            self.edited.emit(like(self._value, layers[key]))

    def _change(self, name: str, value: Any) -> None:
        if self._value is not None:
            self._value = self._value.with_(**{name: value})
            self.edited.emit(self._value)


def stops_at(widget: QWidget) -> bool:
    """Whether Tab comes to a widget by itself."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def like(layer: Layer, kind: type[Layer]) -> Layer:
    """A layer of another kind that keeps what both have alike, such as its units."""
    kept = {}
    for name, value in layer.changed().items():
        if name in kind.parameters:
            with suppress(ValueError):
                kept[name] = kind.parameters[name].parse(value)
    return kind(**kept)


def way_to(parameter: str, before: Any, after: Any) -> str:
    """What was changed: `layer.units` where it is one parameter of the layer inside."""
    if isinstance(before, Layer) and type(before) is type(after):
        found = [name for name, value in before.config().items() if value != after.config()[name]]
        if len(found) == 1:
            return way_to(f"{parameter}.{found[0]}", before.config()[found[0]], after.config()[found[0]])
    return parameter
