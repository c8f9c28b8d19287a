"""The inspector's page for selected layers: their parameters, their shape and cost, their problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from graph import edits
from graph.check import Check
from graph.fields import Field
from graph.infer import Inferred
from graph.layers import Layer
from graph.project import Project
from graph.shapes import Shapes, shape_text
from gui.document import Document
from gui.figures import short
from gui.icons import layer_icon_name, pixmap
from gui.inspector.fitting import fitting, ranges, sample_text
from gui.inspector.form import MIXED, ParameterForm
from gui.inspector.groups import grouped
from gui.inspector.layer_editor import way_to
from gui.inspector.name_field import NameField
from gui.inspector.sections import Problems, heading
from gui.parts import Fold, label, line
from gui.theme import current_theme, fixed_font, font, theme_switch

INITIATOR = "inspector"

_turn = count()


class LayerPage(QWidget):
    """Shows and edits one layer, or what several have in common."""

    def __init__(self, document: Document, names: tuple[str, ...], check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.names = names
        self._turn = next(_turn)
        layers = [document.project.network.layers[name] for name in names]
        self._kinds = kinds(layers)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(Title(layers, self))
        self.name_field = NameField(document, self) if len(names) == 1 else None
        if self.name_field is not None:
            column.addWidget(self.name_field)
        self.forms = [self._form(fields) for fields in grouped(layers)]
        main, more, first = self.forms
        column.addWidget(main)
        self._more = self._fold(self.tr("More"), more, column)
        self._first = self._fold(self.tr("First layer"), first, column)
        column.addWidget(line(self))
        column.addWidget(heading(self.tr("Shape"), self))
        self._shape, self._cost = QLabel(self), label("", "muted", self)
        self._shape.setFont(fixed_font("font_small"))
        self._shape.setWordWrap(True)
        self._shape.setTextFormat(Qt.TextFormat.RichText)
        self._shape.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._cost.setFont(font("font_small"))
        self._cost.setWordWrap(True)
        column.addWidget(self._shape)
        column.addWidget(self._cost)
        self._problems = Problems(document, INITIATOR, self)
        column.addWidget(self._problems)
        column.addStretch(1)
        self.show_check(check)

    def fits(self, layers: list[Layer]) -> bool:
        """Whether this page, made for other layers, would look the same for these."""
        return kinds(layers) == self._kinds

    def show_layers(self, names: tuple[str, ...], check: Check) -> None:
        """Show layers of the same kinds: a field that is being typed in is left first."""
        if names != self.names:
            typed_in = self.focusWidget()
            if typed_in is not None:
                typed_in.clearFocus()
            self.names = names
            self._begin()
        self.show_check(check)

    def show_check(self, check: Check) -> None:
        """Show what the project holds of these layers now."""
        network = check.project.network
        layers = [network.layers[name] for name in self.names]
        for form in self.forms:
            form.show_values({name: common(layers, name) for name in form.editors})
        known = [check.inference.layers.get(name, Inferred()) for name in self.names]
        if self.name_field is not None:
            self.name_field.show_name(self.names[0])
            self._show_hints(layers[0], known[0].inputs)
            stated = any(getattr(layers[0], name) is not None for name in self.forms[2].editors)
            self._first.setVisible(bool(self.forms[2].editors) and (stated or self.names[0] not in network.wiring.into))
        self._show_shape(known)
        self._problems.show_problems([p for name in self.names for p in check.of(name)], named=len(self.names) > 1)

    def focus_first(self) -> None:
        """Go to the name, to change it; where there are several layers, to the first parameter they share."""
        if self.name_field is not None:
            self.name_field.focus()
            return
        for form in self.forms:
            for editor in form.editors.values():
                if editor.isVisible():
                    editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    return

    def _form(self, fields: Mapping[str, Field]) -> ParameterForm:
        form = ParameterForm(fields, self)
        form.edited.connect(self._on_edited)
        form.begun.connect(self._begin)
        return form

    def _fold(self, title: str, form: ParameterForm, column: QVBoxLayout) -> Fold:
        fold = Fold(title, form, parent=self)
        fold.setVisible(bool(form.editors))
        column.addWidget(fold)
        return fold

    def _begin(self) -> None:
        self._turn = next(_turn)

    def _on_edited(self, parameter: str, value: Any) -> None:
        whom = self.names[0] if len(self.names) == 1 else self.tr("{n} layers").format(n=len(self.names))
        before = self._document.project.network.layers[self.names[0]].config()[parameter]
        said = way_to(parameter, before, value)
        text = self.tr("Change {parameter} of {layer}").format(parameter=said, layer=whom)
        merge = (INITIATOR, self.names, parameter, self._turn)
        self._document.edit(text, changing(self.names, parameter, value), INITIATOR, merge)

    def _show_hints(self, layer: Layer, xs: Shapes) -> None:
        for form in self.forms:
            for name in form.editors:
                fit = fitting(layer, name, xs)
                text = (
                    self.tr("{values} fit an {size} input").format(values=ranges(fit), size=sample_text(xs[0]))
                    if fit
                    else ""
                )
                form.show_hint(name, text)

    def _show_shape(self, known: list[Inferred]) -> None:
        parameters, macs = sum(k.parameters for k in known), sum(k.macs for k in known)
        one = known[0] if len(known) == 1 else None
        if one is not None and (one.outputs is not None or one.inputs):
            came = ", ".join(map(shape_text, one.inputs))
            goes = "–" if one.outputs is None else ", ".join(map(shape_text, one.outputs))
            self._shape.setText(f"{came} → <b>{goes}</b>")
        else:
            self._shape.setText(self.tr("not known yet"))
        self._shape.setVisible(one is not None)
        self._cost.setVisible(any(k.outputs is not None for k in known))
        count = self.tr("1 parameter") if parameters == 1 else self.tr("{n} parameters").format(n=f"{parameters:,}")
        said = [count, self.tr("{n} multiply-adds").format(n=short(macs))]
        self._cost.setText(" · ".join(said))


class Title(QWidget):
    """Icon and type of the selected layers, and what they do."""

    def __init__(self, layers: list[Layer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer = layers[0] if len({layer.key for layer in layers}) == 1 else None
        self._picture = QLabel(self)
        name = layers[0].key if self._layer else self.tr("Several layers")
        title = label(name if len(layers) == 1 else f"{len(layers)} × {name}" if self._layer else name, "title", self)
        doc = QCoreApplication.translate("graph", layers[0].doc()) if self._layer else ""
        if len(layers) > 1:
            doc = self.tr("Changes go to all {n} selected layers.").format(n=len(layers))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._picture)
        head.addWidget(title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(label(doc, "muted", self, wrap=True))
        self._draw()
        theme_switch().changed.connect(self._draw)

    def _draw(self) -> None:
        theme, ratio = current_theme(), self.devicePixelRatioF()
        if self._layer is None:
            self._picture.setPixmap(pixmap("select-all", "muted", 20, ratio))
        else:
            color = theme.category_color(self._layer.category)
            self._picture.setPixmap(pixmap(layer_icon_name(self._layer), color, 20, ratio))


def kinds(layers: list[Layer]) -> tuple[int, list[str]]:
    """What the look of a page depends on: how many layers there are, and of which kinds."""
    return len(layers), list(dict.fromkeys(layer.key for layer in layers))


def common(layers: list[Layer], name: str) -> Any:
    """The value that all layers have, or MIXED."""
    values = [getattr(layer, name) for layer in layers]
    return values[0] if all(value == values[0] for value in values) else MIXED


def changing(names: tuple[str, ...], parameter: str, value: Any) -> Callable[[Project], Project]:
    """The edit that gives a parameter of several layers one value."""

    def change(project: Project) -> Project:
        for name in names:
            project = edits.set_parameters(project, name, {parameter: value})
        return project

    return change
