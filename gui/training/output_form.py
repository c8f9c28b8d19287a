"""What each of several outputs is trained with: its own loss, weight and metrics."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from graph import edits
from graph.losses import losses
from graph.project import Project
from graph.recipe import OutputRecipe, TrainingRecipe
from gui.document import Document
from gui.inspector.form import ParameterForm, labelled
from gui.parts import Fold
from gui.training.choices import DeclaredBox, MetricsBox
from gui.training.declared_form import DeclaredForm
from gui.training.metric_forms import MetricForms


class OutputForms(QWidget):
    """One fold for each output, where there are several; nothing otherwise."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.forms: dict[str, OutputForm] = {}
        self._folds: list[Fold] = []

    def show_results(self, results: Sequence[str], recipe: TrainingRecipe) -> None:
        """Show what differs for each of these outputs."""
        wanted = tuple(results) if len(results) > 1 else ()
        if tuple(self.forms) != wanted:
            for fold in self._folds:
                self._column.removeWidget(fold)
                fold.hide()
                fold.deleteLater()
            self.forms = {name: OutputForm(name, self._document, self) for name in wanted}
            self._folds = [Fold(name, form, name in recipe.outputs, self) for name, form in self.forms.items()]
            for fold in self._folds:
                self._column.addWidget(fold)
        for name, form in self.forms.items():
            form.show_recipe(recipe.outputs.get(name, OutputRecipe()), recipe)


class OutputForm(QWidget):
    """Loss, weight and metrics of one output."""

    def __init__(self, output: str, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._output, self._document = output, document
        self._turn = 0
        self.loss = DeclaredBox(losses, self.tr("Loss of {name}").format(name=output), self.tr("as above"), self)
        self.loss.chosen.connect(lambda key: self._set("loss", losses.make(key) if key else None))
        self.loss_form = DeclaredForm(parent=self)
        self.loss_form.edited.connect(self._set_loss)
        self.loss_form.begun.connect(self._begin)
        self.weight = ParameterForm(OutputRecipe.parameters, self)
        self.weight.edited.connect(self._set)
        self.weight.begun.connect(self._begin)
        self.own = QCheckBox(self.tr("Metrics of its own"), self)
        self.own.clicked.connect(self._choose_own)
        self.metrics = MetricsBox(self)
        self.metrics.chosen.connect(lambda names: self._set("metrics", names))
        self.metric_forms = MetricForms(self)
        self.metric_forms.changed.connect(lambda metric, name, names: self._set("metrics", names))
        self.metric_forms.begun.connect(self._begin)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 0, 4)
        column.setSpacing(8)
        for control in (
            labelled(self.tr("loss"), self.loss),
            self.loss_form,
            self.weight,
            self.own,
            self.metrics,
            self.metric_forms,
        ):
            column.addWidget(control)

    def show_recipe(self, own: OutputRecipe, recipe: TrainingRecipe) -> None:
        """Show what differs from the recipe as a whole."""
        self.loss.show_value(own.loss)
        self.loss_form.show_value(own.loss)
        self.weight.show_values(own.config())
        self.own.setChecked(own.metrics is not None)
        self.metrics.setVisible(own.metrics is not None)
        self.metrics.show_value(recipe.metrics if own.metrics is None else own.metrics)
        self.metric_forms.show_value(own.metrics or ())

    def _begin(self) -> None:
        self._turn += 1

    def _choose_own(self, wanted: bool) -> None:
        self._set("metrics", self._document.project.training.metrics if wanted else None)

    def _set_loss(self, name: str, value: Any) -> None:
        own = self._document.project.training.outputs.get(self._output, OutputRecipe()).loss
        if own is not None:
            self._set("loss", own.with_(**{name: value}))

    def _set(self, name: str, value: Any) -> None:
        def change(project: Project) -> Project:
            outputs = dict(project.training.outputs)
            changed = outputs.get(self._output, OutputRecipe()).with_(**{name: value})
            if changed == OutputRecipe():
                outputs.pop(self._output, None)
            else:
                outputs[self._output] = changed
            return edits.set_training(project, outputs=MappingProxyType(outputs))

        text = self.tr("Change {name} of {output}").format(name=name, output=self._output)
        self._document.edit(text, change, "recipe", ("output", self._output, name, self._turn))
