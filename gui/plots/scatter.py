"""Predicted against true values: a point for each sample, and the line on which a perfect network would put them."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.parts import label
from gui.plots.surface import LEFT, Surface
from gui.theme import Theme, current_theme, theme_switch

MOST = 5000
"""Points that are drawn; of more, every so manieth."""


class ScatterView(QWidget):
    """Shows true values across and predicted ones upwards. `chosen(place)` follows a click on a point."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.surface = Surface(self)
        plot = self.surface.getPlotItem()
        self.points = pg.ScatterPlotItem(size=7, pxMode=True, hoverable=True, hoverSize=11, tip=None)
        self.points.sigClicked.connect(self._on_clicked)
        self._line = pg.PlotCurveItem(antialias=True)
        plot.addItem(self._line)
        plot.addItem(self.points)
        self._places: NDArray[np.integer] = np.zeros(0, int)
        self.text = label("", "muted", self)
        head = QHBoxLayout()
        head.setContentsMargins(LEFT, 0, 8, 0)
        head.addWidget(label(self.tr("Predicted (up) against true (across)"), "title", self))
        head.addStretch(1)
        head.addWidget(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self.surface, 1)
        self.setAccessibleName(self.tr("Predicted against true values"))
        self._restyle(current_theme())
        theme_switch().changed.connect(self._restyle)

    def show_points(self, true: NDArray[np.floating], predicted: NDArray[np.floating]) -> None:
        """Show one value of each sample."""
        every = max(1, len(true) // MOST)
        self._places = np.arange(0, len(true), every)
        x, y = true[self._places], predicted[self._places]
        known = np.isfinite(x) & np.isfinite(y)
        self._places, x, y = self._places[known], x[known], y[known]
        self.points.setData(x, y)
        if not len(x):
            self._line.setData([], [])
            self.text.clear()
            return
        low, high = float(min(x.min(), y.min())), float(max(x.max(), y.max()))
        room = (high - low) * 0.05 or 1.0
        self._line.setData([low, high], [low, high])
        self.surface.getViewBox().setRange(
            xRange=(low - room, high + room), yRange=(low - room, high + room), padding=0
        )
        error = float(np.abs(predicted - true)[np.isfinite(predicted)].mean())
        parts = [self.tr("mean distance {error}").format(error=f"{error:.4g}")]
        explained = r_squared(true, predicted)
        if explained is not None:
            parts.append(self.tr("R² {value}").format(value=f"{explained:.3f}"))
        self.text.setText(" · ".join(parts))

    def _on_clicked(self, _: object, points: list[pg.SpotItem]) -> None:
        if len(points):
            self.chosen.emit(int(self._places[points[0].index()]))

    def _restyle(self, theme: Theme) -> None:
        color = QColor(theme.series[0])
        color.setAlpha(170)
        self.points.setBrush(color)
        self.points.setPen(pg.mkPen(theme.color("panel"), width=0.5))
        self._line.setPen(pg.mkPen(theme.color("muted"), width=1, style=Qt.PenStyle.DashLine))


def r_squared(true: NDArray[np.floating], predicted: NDArray[np.floating]) -> float | None:
    """The part of the spread that is explained; None where all true values are the same."""
    spread = float(((true - true.mean()) ** 2).sum())
    left = float(((true - predicted) ** 2).sum())
    return 1 - left / spread if spread > 0 else None
