"""Curves as they are drawn: what a line shows and how, and the pyqtgraph item that follows it cheaply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from gui.plots.series import Floats, Series, thinned
from gui.plots.stroke import Stroke

DOT = 6.0
"""The width of a single point."""
SMALLEST = 1e-12
"""What stands for zero and less on a logarithmic axis."""


@dataclass(frozen=True)
class Line:
    """One curve of a plot: its name, its points, its colour (a place in the theme's series), and its weight.

    Two that look alike are the same line where their points are the same `Series`.
    """

    name: str
    series: Series
    color: int
    dashed: bool = False
    dotted: bool = False
    faint: bool = False
    smooth: bool = True
    run: str = ""
    """The run it belongs to, where it is not the one under way."""

    def pen_color(self) -> QColor:
        """Its colour in the theme of the moment."""
        return self.stroke.pen_color()

    @property
    def stroke(self) -> Stroke:
        """Its colour and its pattern."""
        return Stroke(self.color, self.dashed, self.dotted)

    def pen(self) -> QPen:
        """What it is drawn with."""
        pen = self.stroke.pen(1.5, 150) if self.faint else self.stroke.pen()
        pen.setCosmetic(True)
        return pen


class LineItem:
    """Draws one line into a plot. `refresh` costs next to nothing while there is nothing new."""

    def __init__(self, line: Line, plot: pg.PlotItem) -> None:
        self.line = line
        self._plot = plot
        self.item = pg.PlotCurveItem(antialias=True, skipFiniteCheck=False)
        self._drawn: tuple[object, ...] = ()
        self.draw_whole(False)
        self.restyle()
        plot.addItem(self.item, ignoreBounds=True)

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self.item.setPen(self._pen())
        self.item.setZValue(1 if self.line.faint else 2)

    def draw_whole(self, whole: bool) -> None:
        """Whether to draw it in one stroke, as a file should have it; in pieces takes a fifth of the time.

        Where pieces would be seen, because it is not opaque or not solid, it is drawn in one stroke in any case.
        """
        pieces = not (whole or self.line.faint or self.line.dashed or self.line.dotted)
        self.item.setSegmentedLineMode("on" if pieces else "off")
        self._whole = whole
        self.item.setPen(self._pen())

    def refresh(self, pixels: int, smoothing: float, logarithmic: bool) -> bool:
        """Draw what is new. Returns whether anything is."""
        state = (len(self.line.series), pixels, smoothing, logarithmic)
        if state == self._drawn:
            return False
        self._drawn = state
        x, y = thinned(self.line.series.x, self._smoothed(smoothing), pixels)
        if logarithmic:
            y = np.log10(np.maximum(y, SMALLEST))
        self.item.setPen(self._pen())
        self.item.setData(*((x, y) if len(x) > 1 else as_dot(x, y)))
        return True

    def _pen(self) -> QPen:
        """That of the line; a thick round one for a single point, which has no line yet.

        It counts pixels of the screen, of which a widget has more than one for each of its own at 200 %.
        """
        pen = self.line.pen()
        if len(self.line.series) == 1:
            pen.setWidthF(DOT)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setStyle(Qt.PenStyle.SolidLine)
        view = self._plot.getViewWidget()
        if view is not None and not self._whole:
            pen.setWidthF(pen.widthF() * view.devicePixelRatioF())
        return pen

    def _smoothed(self, smoothing: float) -> Floats:
        """The values as they are read off."""
        return self.line.series.smoothed(smoothing if self.line.smooth else 0.0)

    def at(self, x: float, smoothing: float) -> tuple[float, float] | None:
        """The point nearest to `x`, and its value as it is drawn."""
        series = self.line.series
        if not len(series):
            return None
        right = int(np.searchsorted(series.x, x).clip(0, len(series) - 1))
        left = max(right - 1, 0)
        place = left if abs(series.x[left] - x) < abs(series.x[right] - x) else right
        return float(series.x[place]), float(self._smoothed(smoothing)[place])

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Left, right, bottom and top of what is drawn, without values that are no numbers."""
        x, y = self.item.getData()
        if x is None or not len(x):
            return None
        known = y[np.isfinite(y)]
        if not len(known):
            return None
        right = x[-1] if len(self.line.series) > 1 else x[0]
        return float(x[0]), float(right), float(known.min()), float(known.max())

    def remove(self) -> None:
        """Take the curve out of its plot."""
        self._plot.removeItem(self.item)


def as_dot(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A line that is so short that it looks like a point."""
    return np.repeat(x, 2) + ([0.0, 1e-6] if len(x) else 0.0), np.repeat(y, 2)
