"""The ROC or the PR curves of the classes on the test samples, each with the area under it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.class_curves import ClassCurve, Kind
from graph.atomic import write_atomically
from gui.plots import export
from gui.plots.legend import Entry, Legend
from gui.plots.save_curves import SaveCurves
from gui.plots.surface import LEFT, Surface
from gui.plots.title import Title
from gui.theme import Theme, current_theme, theme_switch

MOST = 20
"""Curves that are drawn; of more, those with the smallest areas."""


class ClassCurvesView(QWidget):
    """Draws the curves of one kind: false alarms and recall, or recall and precision."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.curves: tuple[ClassCurve, ...] = ()
        self.drawn: tuple[ClassCurve, ...] = ()
        self.surface = Surface(self)
        self._items: list[pg.PlotCurveItem] = []
        self._chance = pg.PlotCurveItem([0.0, 1.0], [0.0, 1.0], antialias=True)
        self.surface.getPlotItem().addItem(self._chance)
        self.surface.getViewBox().setMouseEnabled(x=False, y=False)
        self.surface.getViewBox().setRange(xRange=(0.0, 1.0), yRange=(0.0, 1.02), padding=0.0)
        self.title = Title("", self)
        self.legend = Legend(self)
        self.save = SaveCurves("classes", self.write, self)
        head = QHBoxLayout()
        head.setContentsMargins(LEFT, 0, 8, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.save)
        named = QHBoxLayout()
        named.setContentsMargins(LEFT, 0, 0, 0)
        named.addWidget(self.legend)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.save.said)
        column.addWidget(self.surface, 1)
        column.addLayout(named)
        theme_switch().changed.connect(self._restyle)

    def show_curves(self, curves: Sequence[ClassCurve], kind: Kind) -> None:
        """Show those of one kind; all are saved."""
        self.curves = tuple(curves)
        own = [curve for curve in curves if curve.kind == kind]
        worst = set(sorted(range(len(own)), key=lambda place: own[place].area)[:MOST])
        self.drawn = tuple(curve for place, curve in enumerate(own) if place in worst)
        roc = kind == "roc"
        text = (
            self.tr("Recall (up) against false alarms (across)") if roc else self.tr("Precision (up), recall (across)")
        )
        self.title.setText(text)
        self.title.setToolTip(text)
        self.setAccessibleName(self.tr("ROC curves") if roc else self.tr("PR curves"))
        self._chance.setVisible(roc)
        for item in self._items:
            self.surface.getPlotItem().removeItem(item)
        self._items = [pg.PlotCurveItem(*points(curve), antialias=True) for curve in self.drawn]
        for item in self._items:
            self.surface.getPlotItem().addItem(item)
        self._restyle(current_theme())
        entries = [
            Entry(f"{curve.name}  {curve.area:.3f}", ((place, dashed(place)),))
            for place, curve in enumerate(self.drawn)
        ]
        if len(own) > len(entries):
            entries.append(Entry(self.tr("and {n} classes with larger areas").format(n=len(own) - len(entries))))
        elif not own:
            entries.append(Entry(self.tr("No class has test samples both in it and out of it.")))
        self.legend.show_entries(entries)

    def write(self, path: Path) -> None:
        """Write the curves to a file, by its ending: PNG, SVG or CSV. Raises FileProblem where that fails."""
        ending = path.suffix.lower()
        self.save.hide()
        try:
            content = (
                table(self.curves) if ending == ".csv" else export.svg(self) if ending == ".svg" else export.png(self)
            )
        finally:
            self.save.show()
        write_atomically(path, content)

    def _restyle(self, theme: Theme) -> None:
        self._chance.setPen(pg.mkPen(theme.color("muted"), width=1, style=Qt.PenStyle.DashLine))
        for place, item in enumerate(self._items):
            style = Qt.PenStyle.DashLine if dashed(place) else Qt.PenStyle.SolidLine
            item.setPen(pg.mkPen(theme.series[place % len(theme.series)], width=2, style=style))


def dashed(place: int) -> bool:
    """Whether the curve at a place is dashed: the colours have been used once already."""
    return place // len(current_theme().series) % 2 == 1


def points(curve: ClassCurve) -> tuple[np.ndarray, np.ndarray]:
    """The corners of a curve as it is drawn: PR in steps, because nothing between two thresholds can be reached."""
    if curve.kind == "roc":
        return curve.x, curve.y
    return np.repeat(curve.x, 2)[:-1], np.repeat(curve.y, 2)[1:]


def table(curves: Sequence[ClassCurve]) -> bytes:
    """Every point of every curve, one a row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["class", "curve", "x", "y", "threshold"])
    for curve in curves:
        rows = zip(curve.x.tolist(), curve.y.tolist(), curve.thresholds.tolist(), strict=True)
        writer.writerows([curve.name, curve.kind, repr(x), repr(y), repr(threshold)] for x, y, threshold in rows)
    return text.getvalue().encode()
