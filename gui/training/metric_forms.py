"""The parameters of the metrics that are ticked, one fold for each that has any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.metrics import Metric, metric_from, metric_text
from gui.inspector.form import ParameterForm
from gui.parts import Fold


class MetricForms(QWidget):
    """Follows the metrics of a recipe. `changed(metric, parameter, metrics)` follows an edit; `begun` begins a step."""

    changed = Signal(str, str, object)
    begun = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._metrics: tuple[Metric, ...] = ()
        self.forms: dict[int, ParameterForm] = {}
        """The forms by the place of their metric in the recipe."""
        self._folds: list[Fold] = []

    def show_value(self, texts: Sequence[str]) -> None:
        """Show the parameters of these metrics, as a recipe writes them."""
        metrics = tuple(metric_from(text) for text in texts)
        if list(map(type, metrics)) != list(map(type, self._metrics)):
            self._replace(metrics)
        self._metrics = metrics
        for place, form in self.forms.items():
            form.show_values(metrics[place].config())
        self.setVisible(bool(self.forms))

    def _replace(self, metrics: Sequence[Metric]) -> None:
        for fold in self._folds:
            self._column.removeWidget(fold)
            fold.hide()
            fold.deleteLater()
        self.forms, self._folds = {}, []
        for place, metric in enumerate(metrics):
            if metric.parameters:
                form = ParameterForm(metric.parameters, self)
                form.edited.connect(lambda name, value, place=place: self._edit(place, name, value))
                form.begun.connect(self.begun)
                fold = Fold(metric.key, form, bool(metric.changed()), self)
                self._column.addWidget(fold)
                self.forms[place] = form
                self._folds.append(fold)

    def _edit(self, place: int, name: str, value: Any) -> None:
        changed = [*self._metrics]
        changed[place] = changed[place].with_(**{name: value})
        texts = tuple(dict.fromkeys(map(metric_text, changed)))
        self.changed.emit(self._metrics[place].key, name, texts)
