"""The live plots of a run side by side, with the runs laid behind it, and the ways to look at them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from gui.document import Document
from gui.plots import export
from gui.plots.curve_plot import CurvePlot
from gui.plots.line_item import Line
from gui.plots.stroke import overlay
from gui.training.controller import TrainingController
from gui.training.curves import RunCurves, title
from gui.training.pace import Pace

NARROWEST = 220


class PlotsView(QScrollArea):
    """One plot for the loss and one for each metric. `changed` follows another way of looking."""

    changed = Signal()

    def __init__(self, document: Document, controller: TrainingController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._controller = document, controller
        self.plots: dict[str, CurvePlot] = {}
        self.batches = False
        self.logarithmic = False
        self.smoothing = 0.0
        self._overlaid: tuple[RunCurves, ...] = ()
        self._lines: dict[str, tuple[object, list[Line]]] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = QWidget(self)
        self._row = QHBoxLayout(self._page)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self.setWidget(self._page)
        pace = Pace(self.refresh, self)
        controller.ticked.connect(lambda _: pace.ask())
        controller.changed.connect(pace.now)
        document.changed.connect(lambda before, after, _: self._on_document(before, after))
        self.refresh()

    def set_view(
        self, batches: bool | None = None, logarithmic: bool | None = None, smoothing: float | None = None
    ) -> None:
        """Choose how to look at the curves; what is left out stays."""
        self.batches = self.batches if batches is None else batches
        self.logarithmic = self.logarithmic if logarithmic is None else logarithmic
        self.smoothing = self.smoothing if smoothing is None else smoothing
        for name, plot in self.plots.items():
            plot.set_view(self.smoothing, self.logarithmic and name.endswith("loss"))
        self.refresh()
        self.changed.emit()

    def set_overlaid(self, runs: Sequence[RunCurves]) -> None:
        """Lay other runs behind the present one."""
        self._overlaid = tuple(runs)
        self.refresh()

    def write(self, path: Path) -> None:
        """Write the plots to a file, by its ending: PNG, SVG or CSV. Raises FileProblem where that fails."""
        export.write(path, self._page, list(self.plots.items()))

    def refresh(self) -> None:
        """Draw what is new."""
        figures = self.figures()
        if tuple(self.plots) != figures:
            self._build(figures)
        for name, plot in self.plots.items():
            curves = self._controller.curves
            key = (
                curves,
                curves.figures if curves is not None else (),
                self.batches,
                self._overlaid,
                self._watched(name),
            )
            known = self._lines.get(name)
            if known is None or known[0] != key:
                self._lines[name] = (key, self._lines_of(name))
                plot.set_lines(self._lines[name][1])
            else:
                plot.refresh()

    def figures(self) -> tuple[str, ...]:
        """The figures there are plots of: those of the run, or those the recipe will bring."""
        curves = self._controller.curves
        if curves is not None and curves.figures:
            return curves.figures
        behind = [name for run in self._overlaid for name in run.figures]
        return tuple(dict.fromkeys(["loss", *self._document.project.training.metrics, *behind]))

    def _watched(self, name: str) -> bool:
        curves = self._controller.curves
        return curves is not None and name in curves.by_batch

    def _lines_of(self, name: str) -> list[Line]:
        behind = [line for place, run in enumerate(self._overlaid) for line in run.overlaid(name, overlay(place))]
        curves = self._controller.curves
        return [*behind, *(curves.lines(name, self.batches) if curves is not None else ())]

    def _build(self, figures: Sequence[str]) -> None:
        """Make the plots that are new, and keep those that stay: one costs as much as a frame or two."""
        kept = {name: plot for name, plot in self.plots.items() if name in figures}
        for name, plot in self.plots.items():
            self._row.removeWidget(plot)
            if name not in kept:
                plot.hide()
                plot.deleteLater()
        self._lines = {name: known for name, known in self._lines.items() if name in kept}
        self.plots = {name: kept.get(name) or self._plot(name) for name in figures}
        for plot in self.plots.values():
            self._row.addWidget(plot, 1)

    def _plot(self, name: str) -> CurvePlot:
        said = title(name)
        text = self.tr("The {figure} of each epoch appears here once training begins.")
        plot = CurvePlot(said, text.format(figure=said[:1].lower() + said[1:]), self._page)
        plot.setMinimumWidth(NARROWEST)
        plot.set_view(self.smoothing, self.logarithmic and name.endswith("loss"))
        return plot

    def _on_document(self, before: object, after: object) -> None:
        if self._controller.curves is None:
            self.refresh()
