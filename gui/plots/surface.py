"""A pyqtgraph plot without what a calm window can do without: no box, no axis lines, a light horizontal grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from gui.theme import Theme, current_theme, font, theme_switch

LARGEST_POWER = 300
LEFT = 60
"""The width of the left axis, with room for 1.25e11."""


class QuietAxis(pg.AxisItem):
    """An axis that is only figures. `whole` allows no ticks between whole numbers."""

    def __init__(self, orientation: str, whole: bool = False) -> None:
        super().__init__(orientation, maxTickLevel=0, maxTextLevel=0, tickLength=0)
        self._whole = whole
        self.setStyle(tickLength=0, tickTextOffset=8 if orientation == "left" else 4, autoExpandTextSpace=False)
        self.setStyle(hideOverlappingLabels=False, tickFont=font("font_small"), tickAlpha=255)
        self.enableAutoSIPrefix(False)
        if orientation == "left":
            self.setWidth(LEFT)
        else:
            self.setHeight(24)

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """One level of ticks, some 32 pixels apart at least, at 1, 2, 2.5 or 5 times a power of ten."""
        span = abs(maxVal - minVal)
        if span <= 0 or not math.isfinite(span):
            return []
        apart = 32 if self.orientation == "left" else 80
        wanted = span / max(size / apart, 2)
        power = 10 ** math.floor(math.log10(wanted))
        step = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= wanted * 0.999)
        if self._whole:
            step = max(1.0, round(step))
        return [(step, 0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Figures in no more digits than they need."""
        return self.logTickStrings(values, scale, spacing) if self.logMode else [figure(value) for value in values]

    def boundingRect(self) -> QRectF:
        """Room for a figure that reaches over the edge, also where a grid is drawn."""
        return super().boundingRect().adjusted(0, -12, 0, 12)

    def logTickValues(
        self, minVal: float, maxVal: float, size: float, stdTicks: object
    ) -> list[tuple[None, list[float]]]:
        """Powers of ten, with 2 and 5 times them where there is room; plain steps where one power holds all."""
        lowest, highest = math.floor(minVal), math.ceil(maxVal)
        every = max(1, math.ceil((highest - lowest) * 32 / max(size, 1)))
        powers = range(lowest, highest + 1, every)
        parts = (1, 2, 5) if maxVal - minVal < 3 else (1,)
        values = [power + math.log10(part) for power in powers for part in parts]
        return [(None, [value for value in values if minVal <= value <= maxVal])]

    def logTickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """The values themselves, in few digits."""
        return [figure(10**value) if abs(value) < LARGEST_POWER else "" for value in values]


def figure(value: float) -> str:
    """A figure of an axis, with a power of ten where it would be long: 0.25, 12500, 1.25e11."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.5g}"
    digits, _, power = f"{value:.2e}".partition("e")
    return f"{float(digits):g}e{int(power)}"


class Surface(pg.PlotWidget):
    """A plot in the colours of the theme, on the surface of the panel it stands in."""

    def __init__(self, parent: QWidget | None = None, whole_x: bool = False, token: str = "panel") -> None:
        self._token = token
        axes = {"left": QuietAxis("left"), "bottom": QuietAxis("bottom", whole_x)}
        super().__init__(parent, axisItems=axes)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.getPlotItem().setContentsMargins(0, 4, 8, 0)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.getViewBox().setDefaultPadding(0.0)
        for hidden in ("top", "right"):
            self.getPlotItem().getAxis(hidden).unlinkFromView()
        self.show_grid(True)
        self._paint(current_theme())
        theme_switch().changed.connect(self._paint)

    def show_grid(self, shown: bool) -> None:
        """Show the lines of the grid, or a plain surface for a text."""
        self.getPlotItem().getAxis("left").setGrid(255 if shown else False)

    def _paint(self, theme: Theme) -> None:
        self.setBackground(theme.color(self._token))
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setPen(None)
            axis.setTextPen(theme.color("muted"))
            axis.setTickPen(pg.mkPen(theme.color("grid"), width=1) if side == "left" else pg.mkPen(None))
            axis.setZValue(-10)
