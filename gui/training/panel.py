"""The Training tab: the recipe, the live curves, and the figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from gui.checks import Checks
from gui.document import Document
from gui.icons import icon
from gui.parts import line
from gui.plots.legend import Entry, Legend
from gui.plots.stroke import Stroke, overlay
from gui.theme import theme_switch
from gui.training.controller import TrainingController
from gui.training.curves import TRAINING, VALIDATION, RunCurves
from gui.training.plots_view import PlotsView
from gui.training.readout import Readout
from gui.training.recipe_form import RecipeForm
from gui.training.view_bar import ViewBar

FORM_WIDTH = 344
READOUT_WIDTH = 400
SCROLL_BAR = 10


class TrainingPanel(QWidget):
    """Left the recipe, which folds away while training; in the middle the plots; right how the run is doing."""

    problems_wanted = Signal()
    data_wanted = Signal()

    def __init__(
        self, document: Document, checks: Checks, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._was_busy = False
        self.form = RecipeForm(document, checks, self)
        self.form.setFixedWidth(FORM_WIDTH)
        self.plots = PlotsView(document, controller, self)
        self.legend = Legend(self)
        self.readout = Readout(document, checks, controller, self)
        self.view_bar = ViewBar(self.plots, self)
        self.readout.problems_wanted.connect(self.problems_wanted)
        self.readout.data_wanted.connect(self.data_wanted)
        self.fold = QToolButton(self)
        self.fold.setCheckable(True)
        self.fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fold.toggled.connect(self._show_form)
        self._rule = line(self)
        self._rule.setProperty("role", "column")
        self._arrange()
        controller.changed.connect(self._on_state)
        theme_switch().changed.connect(self._draw)
        self.fold.setChecked(True)

    def _arrange(self) -> None:
        handle = QVBoxLayout()
        handle.setContentsMargins(4, 8, 0, 8)
        handle.addWidget(self.fold)
        handle.addStretch(1)
        figures = QWidget(self)
        inner = QVBoxLayout(figures)
        inner.setContentsMargins(12, 8, 16, 8)
        inner.addWidget(self.readout)
        inner.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(figures)
        scroll.setMinimumWidth(figures.minimumSizeHint().width() + SCROLL_BAR)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(scroll, 1)
        below = QVBoxLayout()
        below.setContentsMargins(12, 4, 16, 8)
        below.addWidget(self.view_bar)
        right.addLayout(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.form)
        row.addWidget(self._rule)
        row.addLayout(handle)
        plots = QVBoxLayout()
        plots.setContentsMargins(0, 8, 8, 4)
        plots.addWidget(self.plots)
        named = QHBoxLayout()
        named.setContentsMargins(48, 0, 0, 0)
        named.addWidget(self.legend)
        plots.addLayout(named)
        row.addLayout(plots, 2)
        row.addLayout(right, 1)
        figures.setMaximumWidth(READOUT_WIDTH + 200)

    def set_overlaid(self, runs: Sequence[RunCurves]) -> None:
        """Lay other runs behind the present one, and say which is which."""
        self.plots.set_overlaid(runs)
        present = (
            Entry(self.tr("this run, training"), (Stroke(TRAINING),)),
            Entry(self.tr("validation"), (Stroke(VALIDATION),)),
        )
        behind = [
            Entry(run.name, (overlay(place), overlay(place)._replace(dashed=True))) for place, run in enumerate(runs)
        ]
        remark = Entry(self.tr("dashed: validation"))
        self.legend.show_entries((*present, *behind, remark) if behind else ())

    def _on_state(self) -> None:
        busy = self._controller.state.busy
        if busy and not self._was_busy:
            self.fold.setChecked(False)
        self._was_busy = busy

    def _show_form(self, shown: bool) -> None:
        self.form.setVisible(shown)
        self._rule.setVisible(shown)
        self._draw()

    def _draw(self) -> None:
        shown = self.fold.isChecked()
        text = self.tr("Hide the recipe") if shown else self.tr("Show the recipe")
        self.fold.setIcon(icon("chevron-left" if shown else "settings", "muted"))
        self.fold.setToolTip(text)
        self.fold.setAccessibleName(text)
