"""The Confusion tab, "Predicted against true" for numbers.

It holds what the network takes the test samples for, and the samples behind each cell or point.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from engine.outcomes import Outcome, Tested
from gui.checks import Checks
from gui.document import Document
from gui.parts import EmptyState, label, line, toggle
from gui.plots.class_curves import ClassCurvesView
from gui.plots.matrix import MatrixView
from gui.plots.scatter import ScatterView
from gui.training.controller import TrainingController
from gui.training.samples_model import SamplesList

MOST_SAMPLES = 2000


class ConfusionPanel(QWidget):
    """Follows the controller's last test. `sample_chosen(row)` follows a click on one of the samples.

    `titled(title)` follows when what is shown is called otherwise.
    """

    sample_chosen = Signal(int)
    titled = Signal(str)

    def __init__(
        self, document: Document, checks: Checks, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._controller = document, controller
        self._shown: Tested | None = None
        self._outcome: Outcome | None = None
        self.results = QComboBox(self)
        self.results.setAccessibleName(self.tr("Output"))
        self.results.currentTextChanged.connect(self._show_outcome)
        self.matrix = MatrixView(self)
        self.matrix.chosen.connect(self._choose_cell)
        self.scatter = ScatterView(self)
        self.scatter.chosen.connect(self._choose_point)
        self.curves = ClassCurvesView(self)
        self.ways = {
            "matrix": toggle(self.tr("Matrix"), self.tr("What is taken for what"), self),
            "roc": toggle(self.tr("ROC"), self.tr("Recall against false alarms, for every class"), self),
            "pr": toggle(self.tr("PR"), self.tr("Precision against recall, for every class"), self),
        }
        self.ways["matrix"].setChecked(True)
        self.heading = label("", "title", self, wrap=True)
        self.text = label("", "muted", self, wrap=True)
        self.list = SamplesList(self.tr("Samples of the chosen cell"), self)
        self.list.activated.connect(self._on_sample)
        self.list.clicked.connect(self._on_sample)
        self._views = QStackedWidget(self)
        self._pages = QStackedWidget(self)
        self._arrange()
        controller.changed.connect(self.refresh)
        controller.ticked.connect(lambda _: self.refresh())
        document.changed.connect(lambda *_: self.titled.emit(self.title))
        self.refresh()

    def _arrange(self) -> None:
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.matrix)
        self._views.addWidget(scroll)
        self._views.addWidget(self.scatter)
        self._views.addWidget(self.curves)
        self._bar = QWidget(self)
        ways = QHBoxLayout(self._bar)
        ways.setContentsMargins(0, 0, 0, 0)
        ways.setSpacing(4)
        group = QButtonGroup(self)
        for way in self.ways.values():
            group.addButton(way)
            ways.addWidget(way)
        ways.addStretch(1)
        group.buttonToggled.connect(lambda _, on: self._show_way() if on else None)
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(self._bar)
        side.addSpacing(4)
        side.addWidget(self.results)
        side.addWidget(self.heading)
        side.addWidget(self.text)
        side.addWidget(self.list, 1)
        rule = line(self)
        rule.setProperty("role", "column")
        page = QWidget(self)
        row = QHBoxLayout(page)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        row.addWidget(self._views, 3)
        row.addWidget(rule)
        row.addLayout(side, 2)
        said = self.tr("Once a run has ended, this holds what the network says of the test samples against the truth.")
        self._pages.addWidget(EmptyState("confusion", self.tr("Nothing tested yet"), said, parent=self))
        none = self.tr("The data has no test samples. Give the test part of the split more than 0 and train again.")
        self._pages.addWidget(EmptyState("confusion", self.tr("No test samples"), none, parent=self))
        self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)

    @property
    def title(self) -> str:
        """What is shown, or will be once the network is trained."""
        if self._outcome is not None:
            numbers = not self._outcome.classes
        else:
            numbers = self._document.project.training.loss.target == "values"
        return self.tr("Predicted against true") if numbers else self.tr("Confusion")

    def refresh(self) -> None:
        """Show the last test, if it is another."""
        tested = self._controller.tested
        if tested is self._shown and self._pages.currentIndex() == self._page(tested):
            return
        self._shown = tested
        self._pages.setCurrentIndex(self._page(tested))
        self.results.clear()
        if tested is not None and tested.outcomes:
            self.results.addItems(list(tested.outcomes))
            self.results.setVisible(len(tested.outcomes) > 1)

    @staticmethod
    def _page(tested: Tested | None) -> int:
        return 0 if tested is None else 2 if tested.outcomes else 1

    def _show_outcome(self, result: str) -> None:
        outcome = self._shown.outcomes.get(result) if self._shown is not None else None
        self._outcome = outcome
        self.titled.emit(self.title)
        if outcome is None:
            return
        self._show_rows(None)
        self._bar.setVisible(bool(outcome.classes))
        if outcome.classes:
            self.matrix.show_counts(outcome.counts, outcome.classes)
            self._show_way()
        else:
            self._views.setCurrentIndex(1)
            self.scatter.show_points(outcome.true, outcome.chosen)
            self.heading.setText(self.tr("{n} test samples").format(n=f"{len(outcome.true):,}"))
            self.text.setText(self.tr("On the dashed line a prediction is exact. Click a point to see its sample."))

    def _show_way(self) -> None:
        """The matrix, or the curves of the kind that is chosen."""
        outcome, way = self._outcome, next(name for name, button in self.ways.items() if button.isChecked())
        if outcome is None or not outcome.classes:
            return
        self._show_rows(None)
        if way == "matrix":
            self._views.setCurrentIndex(0)
            self._say_matrix(outcome)
        else:
            self._views.setCurrentIndex(2)
            self.curves.show_curves(outcome.curves, "roc" if way == "roc" else "pr")
            self._say_curves(way)

    def _say_matrix(self, outcome: Outcome) -> None:
        right = int((outcome.true == outcome.chosen).sum())
        all_ = len(outcome.true)
        text = self.tr("{right} of {all} test samples are right ({part} %).")
        self.heading.setText(text.format(right=f"{right:,}", all=f"{all_:,}", part=f"{100 * right / all_:.1f}"))
        self.text.setText("\n".join([*self._worst(outcome), self.tr("Click a cell to see its samples.")]))

    def _say_curves(self, way: str) -> None:
        areas = [curve.area for curve in self.curves.curves if curve.kind == way]
        mean = f"{np.mean(areas):.4f}" if areas else "–"
        self.heading.setText(self.tr("Mean area under the curves: {mean}").format(mean=mean))
        self.text.setText(
            self.tr("Each class against all others. 1 is perfect; the dashed line is chance.")
            if way == "roc"
            else self.tr("Each class against all others. 1 is perfect; chance is the part of the samples in the class.")
        )

    def _worst(self, outcome: Outcome) -> list[str]:
        """The mistakes that are made most, in words."""
        counts = outcome.counts.copy()
        np.fill_diagonal(counts, 0)
        size = len(outcome.classes)
        order = np.argsort(-counts, axis=None, kind="stable")[:3]
        places = [(int(place) // size, int(place) % size) for place in order if counts.flat[place]]
        return [self.matrix.said(*place) + "." for place in places]

    def _choose_cell(self, true: int, predicted: int) -> None:
        if self._outcome is None:
            return
        places = np.flatnonzero((self._outcome.true == true) & (self._outcome.chosen == predicted))
        self.heading.setText(self.matrix.said(true, predicted))
        self.text.setText("" if len(places) else self.tr("No sample is in this cell."))
        self._show_rows(places)

    def _choose_point(self, place: int) -> None:
        if self._outcome is None:
            return
        true, predicted = self._outcome.true[place], self._outcome.chosen[place]
        said = self.tr("true {true}, predicted {predicted}")
        self.heading.setText(said.format(true=f"{true:.5g}", predicted=f"{predicted:.5g}"))
        self.text.clear()
        self._show_rows(np.array([place]))

    def _show_rows(self, places: np.ndarray | None) -> None:
        session = self._shown.session if self._shown is not None else None
        if session is None or places is None:
            self.list.show_rows(None, ())
            return
        self.list.show_rows(session.samples, session.prepared.test.rows[places[:MOST_SAMPLES]].tolist())

    def _on_sample(self) -> None:
        row = self.list.current_row
        if row is not None:
            self.sample_chosen.emit(row)
