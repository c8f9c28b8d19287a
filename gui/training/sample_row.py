"""One sample as a table row to type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.data.samples import Feature
from graph.fields import ChoiceField, FloatField
from graph.fields import Field as Parameter
from gui.inspector.form import ParameterForm
from gui.training.sample_input import Array, SampleBase


class Row(SampleBase):
    """A table row: a field for each column, a list for those with categories."""

    def __init__(self, features: Sequence[Feature], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._features = tuple(features)
        self._sample: Array = np.zeros(sum(feature.width for feature in features))
        self.form = ParameterForm({feature.column.name: _field(feature) for feature in features}, self)
        self.form.edited.connect(self._on_edited)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget(scroll)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(self.form)
        inner.addStretch(1)
        scroll.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def show_sample(self, sample: Array) -> None:
        """Show a sample."""
        self._sample = np.array(sample, np.float64)
        self.form.show_values(told(self._features, self._sample))

    def _on_edited(self, name: str, value: Any) -> None:
        for feature, start in _places(self._features):
            if feature.column.name != name:
                continue
            if feature.column.kind == "category":
                names = [_category(category) for category in feature.categories]
                self._sample[start : start + feature.width] = 0.0
                self._sample[start + names.index(value)] = 1.0
            else:
                self._sample[start] = np.nan if value is None else value
        self.edited.emit(self._sample.copy())


def told(features: Sequence[Feature], sample: Array) -> dict[str, Any]:
    """What a row says in each column: the name of a category, a number, or None where the cell is empty."""
    found: dict[str, Any] = {}
    for feature, start in _places(features):
        if feature.column.kind == "category":
            one_hot = sample[start : start + feature.width]
            found[feature.column.name] = _category(feature.categories[int(one_hot.argmax())])
        else:
            value = float(sample[start])
            found[feature.column.name] = value if value == value else None
    return found


def _places(features: Sequence[Feature]) -> list[tuple[Feature, int]]:
    starts = np.cumsum([0, *(feature.width for feature in features)])
    return [(feature, int(start)) for feature, start in zip(features, starts, strict=False)]


def _field(feature: Feature) -> Parameter:
    names = tuple(_category(category) for category in feature.categories)
    if feature.column.kind == "category":
        return ChoiceField(names[0], feature.column.name, choices=lambda: names, what="category")
    return FloatField(0.0, feature.column.name, optional=feature.column.missing == "fill", none_text="empty")


def _category(name: str) -> str:
    return name or QCoreApplication.translate("Samples", "(empty)")
