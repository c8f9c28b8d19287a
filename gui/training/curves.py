"""The curves of one run, built from its events or from the rows a finished run has left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.events import BatchEnded, EpochEnded, Logs, Started
from engine.runs import Run
from graph.metrics import figure_of, figure_title
from gui.plots.line_item import Line
from gui.plots.series import Series
from gui.plots.stroke import Stroke
from gui.translate import tr_message

TRAINING, VALIDATION = 0, 1
"""The places of the two colours in the theme's series."""

PREFIX = "val_"


def figure_names(names: Iterable[str]) -> tuple[str, ...]:
    """The figures behind the names of logs, each once: loss, accuracy."""
    return tuple(dict.fromkeys(name.removeprefix(PREFIX) for name in names))


def title(name: str) -> str:
    """A figure as a heading: "Loss", "Accuracy", "age · Mean absolute error"."""
    return tr_message(figure_title(name))


def rises(name: str) -> bool:
    """Whether more of a figure is better."""
    figure = figure_of(name)
    return figure is not None and figure.metric.rises


class RunCurves:
    """Every figure of one run over its epochs, and over its batches where it was watched. x counts epochs."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.figures: tuple[str, ...] = ()
        self.by_epoch: defaultdict[str, Series] = defaultdict(Series)
        self.by_batch: defaultdict[str, Series] = defaultdict(Series)
        self.logs: Logs = {}
        """The figures of the last epoch; of the last batch before the first epoch has ended."""
        self._known: tuple[str, ...] = ()
        self._epochs = 0

    @classmethod
    def from_epochs(cls, name: str, rows: Sequence[tuple[int, Mapping[str, float]]]) -> RunCurves:
        """The curves of a run that is over, from its epochs and their logs."""
        curves = cls(name)
        if rows:
            curves._known = tuple(dict.fromkeys(key for _, logs in rows for key in logs))
            curves.figures = figure_names(curves._known)
            curves._add_epochs(rows)
        return curves

    def feed(self, events: Iterable[Any]) -> None:
        """Take what a run has told since the last time."""
        batches: list[BatchEnded] = []
        epochs: list[tuple[int, Logs]] = []
        for event in events:
            if isinstance(event, BatchEnded):
                batches.append(event)
            elif isinstance(event, EpochEnded):
                epochs.append((event.epoch, event.logs))
            elif isinstance(event, Started):
                self.figures, self._known = figure_names(event.names), event.names
        if batches:
            self._add_batches(batches)
        if epochs:
            self._add_epochs(epochs)

    def _add_batches(self, events: Sequence[BatchEnded]) -> None:
        x = [event.epoch - 1 + event.step / event.steps for event in events]
        for name in events[-1].logs:
            self.by_batch[name].extend(x, [event.logs[name] for event in events])
        if not self._epochs:
            self.logs = events[-1].logs

    def _add_epochs(self, epochs: Sequence[tuple[int, Logs]]) -> None:
        for name in epochs[-1][1]:
            rows = [(epoch, logs[name]) for epoch, logs in epochs if name in logs]
            self.by_epoch[name].extend([epoch for epoch, _ in rows], [value for _, value in rows])
        self.logs = epochs[-1][1]
        self._epochs += len(epochs)

    def lines(self, figure: str, batches: bool) -> list[Line]:
        """The two curves of one figure: training by epoch or by batch, validation by epoch."""
        by_batch = batches and figure in self.by_batch
        training = self.by_batch[figure] if by_batch else self.by_epoch[figure]
        training_name = QCoreApplication.translate("Curves", "training")
        validation_name = QCoreApplication.translate("Curves", "validation")
        found = [Line(training_name, training, TRAINING)]
        if self._validates(figure):
            found.append(Line(validation_name, self.by_epoch[PREFIX + figure], VALIDATION))
        return found

    def overlaid(self, figure: str, stroke: Stroke) -> list[Line]:
        """The curves of one figure as they lie behind those of another run, with a stroke of this run's own."""
        keys = [(QCoreApplication.translate("Curves", "training"), figure, False)]
        if self._validates(figure):
            keys.append((QCoreApplication.translate("Curves", "validation"), PREFIX + figure, True))
        return [
            Line(name, self.by_epoch[key], stroke.color, dashed, stroke.dotted, faint=True, run=self.name)
            for name, key, dashed in keys
            if key in self.by_epoch
        ]

    def _validates(self, figure: str) -> bool:
        return not self._known or PREFIX + figure in self._known


def curves_of(run: Run, name: str | None = None) -> RunCurves:
    """The curves of a run that was kept, under its own name unless another is given."""
    return RunCurves.from_epochs(run.id if name is None else name, [(epoch.epoch, epoch.logs) for epoch in run.epochs])
