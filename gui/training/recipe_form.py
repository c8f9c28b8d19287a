"""The training recipe as a form: optimizer, loss, metrics, length, split and early stopping, made from declarations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from graph import edits
from graph.check import Check
from graph.declare import Declared
from graph.fields import ChoiceField, Field
from graph.losses import losses
from graph.optimizers import Optimizer, optimizers
from graph.project import Project
from graph.recipe import DataRecipe, EarlyStopping, TrainingRecipe
from graph.schedules import schedules
from gui.checks import Checks
from gui.document import Document
from gui.inspector.form import ParameterForm, labelled
from gui.inspector.sections import heading
from gui.slices import MANY, Later
from gui.training.choices import DeclaredBox, MetricsBox
from gui.training.declared_form import DeclaredForm
from gui.training.metric_forms import MetricForms
from gui.training.output_form import OutputForms

LENGTH = ("epochs", "batch_size", "seed", "shuffle")
SPLIT = ("validation", "test", "seed", "standardize")


class RecipeForm(QScrollArea):
    """Shows the document's recipes and sends edits of them. It can be edited while a run is under way."""

    def __init__(self, document: Document, checks: Checks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._checks = document, checks
        self._turn = 0
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Training recipe"))
        page = QWidget(self)
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(8)
        self.setWidget(page)
        self._build()
        self._later = Later(self, self._show_outputs)
        document.changed.connect(self._on_changed)
        checks.changed.connect(self._on_checked)
        self._show(document.project)

    def _build(self) -> None:
        self.loss = DeclaredBox(losses, self.tr("Loss"), parent=self)
        self.loss.chosen.connect(lambda key: self._set(self.tr("Change the loss"), loss=losses.make(key)))
        self.metrics = MetricsBox(self)
        self.metrics.chosen.connect(lambda names: self._set(self.tr("Change the metrics"), metrics=names))
        self._section(self.tr("Objective"))
        self._column.addWidget(labelled(self.tr("loss"), self.loss))
        self._loss_form = self._declared_form(self._set_loss)
        self.weights = self._form(TrainingRecipe.parameters, ("class_weight",), self._set_one)
        self.outputs = OutputForms(self._document, self)
        self._column.addWidget(self.outputs)
        self._section(self.tr("Optimizer"))
        self.optimizer = DeclaredBox(optimizers, self.tr("Optimizer"), parent=self)
        self.optimizer.chosen.connect(self._choose_optimizer)
        self._column.addWidget(labelled(self.tr("optimizer"), self.optimizer))
        self._optimizer_form = self._declared_form(self._set_optimizer, Optimizer)
        self.schedule = DeclaredBox(schedules, self.tr("Schedule of the learning rate"), self.tr("constant"), self)
        self.schedule.chosen.connect(self._choose_schedule)
        self._column.addWidget(labelled(self.tr("schedule"), self.schedule))
        self._schedule_form = self._declared_form(self._set_schedule)
        self._section(self.tr("Run"))
        self.length = self._form(TrainingRecipe.parameters, LENGTH, self._set_one)
        self._section(self.tr("Metrics"))
        self._column.addWidget(self.metrics)
        self.metric_forms = MetricForms(self)
        self.metric_forms.changed.connect(self._set_metrics)
        self.metric_forms.begun.connect(self._begin)
        self._column.addWidget(self.metric_forms)
        self.weighted = self._form(TrainingRecipe.parameters, ("weighted_metrics",), self._set_one)
        self._section(self.tr("Split"))
        self.split = self._form(DataRecipe.parameters, SPLIT, self._set_data)
        self._section(self.tr("Early stopping"))
        self.stops = QCheckBox(self.tr("Stop when it no longer improves"), self)
        self.stops.clicked.connect(self._choose_stopping)
        self._column.addWidget(self.stops)
        self._stopping: ParameterForm | None = None
        self._stopping_place = QVBoxLayout()
        self._column.addLayout(self._stopping_place)
        self._column.addStretch(1)

    def _section(self, text: str) -> None:
        if self._column.count():
            self._column.addSpacing(8)
        self._column.addWidget(heading(text, self))

    def _form(self, fields: Any, names: tuple[str, ...], edited: Callable[[str, Any], None]) -> ParameterForm:
        made = ParameterForm({name: fields[name] for name in names}, self)
        made.edited.connect(edited)
        made.begun.connect(self._begin)
        self._column.addWidget(made)
        return made

    def _declared_form(self, edited: Callable[[str, Any], None], kind: type[Declared] = Declared) -> DeclaredForm:
        made = DeclaredForm(kind, self)
        made.edited.connect(edited)
        made.begun.connect(self._begin)
        self._column.addWidget(made)
        return made

    def _begin(self) -> None:
        self._turn += 1

    # What the person does

    def _set(self, text: str, merge: object = None, **changes: Any) -> None:
        self._document.edit(text, lambda project: edits.set_training(project, **changes), "recipe", merge)

    def _set_one(self, name: str, value: Any) -> None:
        self._set(self.tr("Change {name}").format(name=name), ("training", name, self._turn), **{name: value})

    def _set_data(self, name: str, value: Any) -> None:
        text = self.tr("Change {name} of the data").format(name=name)
        merge = ("data", name, self._turn)
        self._document.edit(text, lambda project: edits.set_data(project, **{name: value}), "recipe", merge)

    def _set_loss(self, name: str, value: Any) -> None:
        changed = self._document.project.training.loss.with_(**{name: value})
        self._set(self.tr("Change {name}").format(name=name), ("loss", name, self._turn), loss=changed)

    def _set_metrics(self, metric: str, name: str, names: tuple[str, ...]) -> None:
        text = self.tr("Change {name} of {metric}").format(name=name, metric=metric)
        self._set(text, ("metrics", metric, name, self._turn), metrics=names)

    def _choose_optimizer(self, key: str) -> None:
        if key != self._document.project.training.optimizer.key:
            self._set(self.tr("Change the optimizer"), optimizer=optimizers.make(key))

    def _set_optimizer(self, name: str, value: Any) -> None:
        changed = self._document.project.training.optimizer.with_(**{name: value})
        text = self.tr("Change {name}").format(name=name)
        self._set(text, ("optimizer", name, self._turn), optimizer=changed)

    def _choose_schedule(self, key: str | None) -> None:
        self._set(self.tr("Change the schedule"), schedule=schedules.make(key) if key else None)

    def _set_schedule(self, name: str, value: Any) -> None:
        schedule = self._document.project.training.schedule
        if schedule is not None:
            text = self.tr("Change {name}").format(name=name)
            self._set(text, ("schedule", name, self._turn), schedule=schedule.with_(**{name: value}))

    def _choose_stopping(self, wanted: bool) -> None:
        text = self.tr("Stop early") if wanted else self.tr("Train all epochs")
        monitor = "val_loss" if self._document.project.data.validation > 0 else "loss"
        self._set(text, early_stopping=EarlyStopping(monitor=monitor) if wanted else None)

    def _set_stopping(self, name: str, value: Any) -> None:
        stopping = self._document.project.training.early_stopping or EarlyStopping()
        text = self.tr("Change {name}").format(name=name)
        self._set(text, ("stopping", name, self._turn), early_stopping=stopping.with_(**{name: value}))

    # What is shown

    def _on_changed(self, before: Project, after: Project, initiator: str) -> None:
        if after.training is not before.training or after.data is not before.data:
            self._show(after)

    def _show(self, project: Project) -> None:
        training = project.training
        self.loss.show_value(training.loss)
        self._loss_form.show_value(training.loss)
        self.metrics.show_value(training.metrics)
        self.metric_forms.show_value(training.metrics)
        self.optimizer.show_value(training.optimizer)
        self._optimizer_form.show_value(training.optimizer)
        self.schedule.show_value(training.schedule)
        self._schedule_form.show_value(training.schedule)
        self.weights.show_values(training.config())
        self.weighted.show_values(training.config())
        self.length.show_values(training.config())
        self.split.show_values(project.data.config())
        self.stops.setChecked(training.early_stopping is not None)
        self._show_stopping(training)
        self._show_outputs()

    def _on_checked(self, check: Check) -> None:
        if len(check.project.network.layers) > MANY:
            self._later.start()
        else:
            self._show_outputs()

    def _show_outputs(self) -> None:
        self.outputs.show_results(self._checks.current.inference.results, self._document.project.training)

    def _show_stopping(self, training: TrainingRecipe) -> None:
        stopping = training.early_stopping
        if stopping is None:
            replaced(self._stopping_place, self._stopping)
            self._stopping = None
            return
        if self._stopping is None:
            self._stopping = ParameterForm(stopping_fields(self._monitored), self)
            self._stopping.edited.connect(self._set_stopping)
            self._stopping.begun.connect(self._begin)
            self._stopping_place.addWidget(self._stopping)
        self._stopping.show_values(stopping.config())

    def _monitored(self) -> tuple[str, ...]:
        """The names that the logs of an epoch may have."""
        project = self._document.project
        names = ["loss", *project.training.metrics]
        results = self._checks.current.inference.results
        if len(results) > 1:
            names = ["loss"]
            for one in results:
                names += [f"{one}_{key}" for key in ("loss", *project.training.metrics_of(one))]
        found = [*(f"val_{name}" for name in names), *names]
        chosen = project.training.early_stopping
        return tuple(dict.fromkeys([*found, *([chosen.monitor] if chosen else [])]))

    @property
    def optimizer_form(self) -> ParameterForm:
        """The parameters of the chosen optimizer."""
        assert self._optimizer_form.form is not None
        return self._optimizer_form.form

    @property
    def optimizer_more(self) -> ParameterForm:
        """The parameters that every optimizer has, folded away."""
        assert self._optimizer_form.more is not None
        return self._optimizer_form.more

    @property
    def schedule_form(self) -> ParameterForm | None:
        """The parameters of the schedule, where one is chosen."""
        return self._schedule_form.form

    @property
    def loss_form(self) -> ParameterForm | None:
        """The parameters of the chosen loss, where it has any."""
        return self._loss_form.form

    @property
    def stopping_form(self) -> ParameterForm | None:
        """The parameters of early stopping, while it is on."""
        return self._stopping


def stopping_fields(names: Callable[[], tuple[str, ...]]) -> dict[str, Field]:
    """The parameters of early stopping, with the figures there are to choose from."""
    declared = dict(EarlyStopping.parameters)
    monitor = declared["monitor"]
    declared["monitor"] = ChoiceField(monitor.default, monitor.doc, choices=names, what="figure")
    return declared


def replaced(place: QVBoxLayout, old: QWidget | None) -> None:
    """Take a widget out of its place for good."""
    if old is not None:
        place.removeWidget(old)
        old.hide()
        old.deleteLater()
