"""The Predictions tab: one sample, and what the network says of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from engine.data.problem import Progress
from engine.data.samples import Array
from engine.events import EpochEnded, Finished
from engine.session import Session
from gui.checks import Checks
from gui.document import Document
from gui.inspector.sections import heading
from gui.parts import EmptyState, label, line
from gui.plots.bars import Bar, Bars
from gui.training.background import Background
from gui.training.controller import TrainingController
from gui.training.failure import failure_text
from gui.training.sample_inputs import SampleInput, input_for
from gui.training.samples_model import SamplesList

MOST_SAMPLES = 2000
MOST_BARS = 100


class PredictionsPanel(QWidget):
    """Follows the controller: while a run is under way, the prediction changes with every epoch."""

    def __init__(
        self, document: Document, checks: Checks, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._session: Session | None = None
        self._raw: dict[str, Array] = {}
        self._row: int | None = None
        self._again = False
        """Whether the network has learned more since the prediction that is under way was asked for."""
        self._editors: dict[str, SampleInput] = {}
        self._background = Background(self)
        self._background.done.connect(self._show_outputs)
        self._background.failed.connect(self._show_error)
        self.list = SamplesList(self.tr("Test samples"), self)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._on_chosen())
        self.sample_heading = heading(self.tr("Sample"), self)
        self._inputs = QVBoxLayout()
        self.answer = label("", "title", self, wrap=True)
        self.error = label("", "error", self, wrap=True)
        self.bars: dict[str, Bars] = {}
        self._bars_column = QVBoxLayout()
        self._pages = QStackedWidget(self)
        self._arrange()
        controller.changed.connect(self._follow)
        controller.ticked.connect(self._on_events)
        self._follow()

    def _arrange(self) -> None:
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        left, middle = QVBoxLayout(), QVBoxLayout()
        left.addWidget(heading(self.tr("Test samples"), self))
        left.addWidget(self.list, 1)
        middle.addWidget(self.sample_heading)
        middle.addLayout(self._inputs, 1)
        results = QWidget(self)
        right = QVBoxLayout(results)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.answer)
        right.addWidget(self.error)
        right.addLayout(self._bars_column)
        right.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(results)
        parts: tuple[tuple[QVBoxLayout | QWidget, int], ...] = ((left, 3), (middle, 2), (scroll, 4))
        for place, (part, stretch) in enumerate(parts):
            if place:
                rule = line(self)
                rule.setProperty("role", "column")
                row.addWidget(rule)
            if isinstance(part, QVBoxLayout):
                row.addLayout(part, stretch)
            else:
                row.addWidget(part, stretch)
        said = self.tr("Train the network, or open a run; then choose a sample here, or make one of your own.")
        self._pages.addWidget(EmptyState("predictions", self.tr("No predictions yet"), said, parent=self))
        self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    def choose(self, row: int) -> None:
        """Show the sample with this number, if it is in the list."""
        rows = [int(one) for one in self.list.rows_model.rows]
        if row in rows:
            self.list.setCurrentIndex(self.list.rows_model.index(rows.index(row)))

    # Following the run

    def _follow(self) -> None:
        ready = self._controller.ready
        session = ready.session if ready is not None else None
        self._pages.setCurrentIndex(0 if session is None else 1)
        if session is not self._session:
            self._session = session
            self._background.cancel()
            if session is not None:
                self._show_session(session)

    def _on_events(self, events: list[Any]) -> None:
        self._follow()
        if self.isVisible() and any(isinstance(event, EpochEnded | Finished) for event in events):
            self._again = self._background.busy
            if not self._again:
                self._predict()

    def _show_session(self, session: Session) -> None:
        part = session.prepared.test if len(session.prepared.test) else session.prepared.training
        _clear(self._inputs)
        self._editors = {name: input_for(session.samples, name, self) for name in session.samples.inputs}
        for name, editor in self._editors.items():
            editor.edited.connect(lambda sample, name=name: self._on_edited(name, sample))
            self._inputs.addWidget(editor)
        _clear(self._bars_column)
        self.bars = {}
        for goal in session.objective.goals:
            made = Bars(self.tr("What {output} says").format(output=goal.result), self)
            if len(session.objective.goals) > 1:
                self._bars_column.addWidget(heading(goal.result, self))
            self._bars_column.addWidget(made)
            self.bars[goal.result] = made
        self.list.show_rows(session.samples, part.rows[:MOST_SAMPLES].tolist())
        self.list.setCurrentIndex(self.list.rows_model.index(0))

    # What the person does

    def _on_chosen(self) -> None:
        row, session = self.list.current_row, self._session
        if row is None or session is None:
            return
        self._row = row
        self._raw = {name: x[row] for name, x in session.samples.inputs.items()}
        for name, editor in self._editors.items():
            editor.show_sample(self._raw[name])
        self.sample_heading.setText(self.tr("Sample {n}").format(n=row + 1).upper())
        self._predict()

    def _on_edited(self, name: str, sample: Array) -> None:
        self._raw = {**self._raw, name: sample}
        self._row = None
        self.sample_heading.setText(self.tr("A sample of your own").upper())
        self._predict()

    def _predict(self) -> None:
        session, raw = self._session, self._raw
        if session is None or not raw:
            return
        training = self._controller.state.busy

        def work(progress: Progress) -> dict[str, Array]:
            batch = {name: np.asarray(sample)[np.newaxis] for name, sample in raw.items()}
            inputs = session.prepared.preparation.apply(batch)
            return session.predict(inputs, session.snapshot() if training else None)

        self._background.run(work)

    # What is shown

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what the network has learned meanwhile."""
        super().showEvent(event)
        self._predict()

    def _show_error(self, error: Exception) -> None:
        self.error.setText(failure_text(error))

    def _show_outputs(self, outputs: dict[str, Array]) -> None:
        session = self._session
        if session is None:
            return
        self.error.clear()
        said = []
        for result, y in outputs.items():
            if result not in self.bars:
                continue
            classes, target = session.classes(result), session.goal(result).target
            true = None if self._row is None else session.samples.targets[target][self._row]
            if classes:
                said.append(self._show_classes(result, y[0], classes, None if true is None else int(true)))
            else:
                said.append(self._show_values(result, y[0], true))
        self.answer.setText("\n".join(said))
        if self._again:
            self._again = False
            self._predict()

    def _show_classes(self, result: str, y: Array, classes: tuple[str, ...], true: int | None) -> str:
        parts = np.array([1.0 - y[0], y[0]]) if y.size == 1 else np.ravel(y)[: len(classes)]
        best = int(parts.argmax())
        order = range(len(classes)) if len(classes) <= MOST_BARS else np.argsort(-parts)[:MOST_BARS]
        self.bars[result].show_bars(
            [
                Bar(
                    classes[place],
                    ((float(parts[place]), "success" if place == true else "accent"),),
                    f"{100 * parts[place]:.1f} %",
                    strong=place == best,
                    mark=self.tr("true class") if place == true else "",
                )
                for place in order
            ],
            largest=1.0,
        )
        text = self.tr("{name} with {part} %").format(name=classes[best], part=f"{100 * parts[best]:.1f}")
        if true is None:
            return text
        right = self.tr("right") if best == true else self.tr("wrong: it is {name}").format(name=classes[true])
        return f"{text} · {right}"

    def _show_values(self, result: str, y: Array, true: Any) -> str:
        self.bars[result].show_bars(())
        predicted = ", ".join(f"{value:.5g}" for value in np.ravel(y)[:8])
        if true is None:
            return self.tr("{result}: {value}").format(result=result, value=predicted)
        known = ", ".join(f"{value:.5g}" for value in np.ravel(true)[:8])
        return self.tr("{result}: {value} (true: {true})").format(result=result, value=predicted, true=known)

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
