"""A plot of curves that grow: title, cursor read-out, linear or logarithmic, smoothed, cheap to refresh."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStyle, QVBoxLayout, QWidget

from engine.figures import figure
from gui.parts import label
from gui.plots.line_item import SMALLEST, Line, LineItem
from gui.plots.surface import LEFT, Surface
from gui.plots.title import Title
from gui.theme import Theme, current_theme, theme_switch


class CurvePlot(QWidget):
    """Curves over epochs under a title. Drag moves, the wheel zooms, a double click shows everything again.

    `set_lines` says what is drawn; `refresh` draws what has grown since. Nothing is drawn while it is not seen.
    """

    def __init__(self, title: str, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: list[LineItem] = []
        self.smoothing = 0.0
        self.logarithmic = False
        self._stale = False
        self._follows = True
        self._cursor: float | None = None
        self.title = title
        self._title = Title(title, self)
        self.readout = QLabel(self)
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setProperty("role", "small")
        self.surface = Surface(self, whole_x=True)
        self.plot: pg.PlotItem = self.surface.getPlotItem()
        self._empty = label(empty, "muted", self.surface, wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.surface.show_grid(False)
        self._rule = pg.InfiniteLine(angle=90, movable=False)
        self._rule.setVisible(False)
        self._dots = pg.ScatterPlotItem(size=8, pxMode=True)
        self._dots.setVisible(False)
        self._dots.setZValue(10)
        self.plot.addItem(self._rule, ignoreBounds=True)
        self.plot.addItem(self._dots, ignoreBounds=True)
        self.plot.vb.disableAutoRange()
        self.plot.vb.sigRangeChangedManually.connect(self._stop_following)
        self.surface.viewport().installEventFilter(self)
        self.surface.viewport().setMouseTracking(True)
        self._arrange()
        self.setAccessibleName(self.tr("Plot of {title}").format(title=title))
        self._restyle(current_theme())
        theme_switch().changed.connect(self._restyle)
        self._show_ranges()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(LEFT, 0, 8, 0)
        head.addWidget(self._title, 1)
        head.addWidget(self.readout)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.surface, 1)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Draw these lines, in this order; those that stay are not drawn again."""
        kept = {item.line: item for item in self.lines}
        for line, item in kept.items():
            if line not in lines:
                item.remove()
        self.lines = [kept.get(line) or LineItem(line, self.plot) for line in lines]
        self.refresh()

    def set_view(self, smoothing: float, logarithmic: bool) -> None:
        """Choose how the values are shown."""
        if logarithmic != self.logarithmic:
            self.plot.getAxis("left").setLogMode(logarithmic, logarithmic)
        self.smoothing, self.logarithmic = smoothing, logarithmic
        self.refresh()

    def refresh(self) -> None:
        """Draw what is new; later, where the plot cannot be seen now."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        pixels = max(int(self.plot.vb.width()) // 4, 64)
        changed = [item.refresh(pixels, self.smoothing, self.logarithmic) for item in self.lines]
        empty = not any(len(item.line.series) for item in self.lines)
        if empty != self._empty.isVisibleTo(self):
            self._empty.setVisible(empty)
            self.surface.show_grid(not empty)
        if any(changed) or not self.lines:
            if self._follows:
                self._show_ranges()
            self._show_cursor()

    def fit(self) -> None:
        """Show everything, and follow the curves as they grow."""
        self._follows = True
        self._show_ranges()

    def _stop_following(self) -> None:
        self._follows = False

    def _show_ranges(self) -> None:
        found = [bounds for item in self.lines if (bounds := item.bounds()) is not None]
        if not found:
            self._look_at((0, 10), (0, 1))
            return
        right = max(max(bounds[1] for bounds in found), 1.0)
        left = min(bounds[0] for bounds in found)
        left = 0.0 if left < 1.0 else 1.0 if right > 1.0 else 0.0
        bottom, top = min(bounds[2] for bounds in found), max(bounds[3] for bounds in found)
        room = (top - bottom) * 0.06 or max(abs(top), 1e-6) * 0.1
        floor = bottom - room
        if not self.logarithmic and bottom >= 0 and bottom < (top - bottom):
            floor = 0.0
        self._look_at((left, right), (floor, top + room))

    def _look_at(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Show this part. pyqtgraph would move the curves while it paints, and so paint everything twice."""
        self.plot.vb.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=False)
        self.plot.vb.updateMatrix()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the cursor over the plot; a double click shows everything."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.point_at(event.position())
        elif event.type() == QEvent.Type.Leave:
            self._cursor = None
            self._show_cursor()
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.fit()
        return super().eventFilter(watched, event)

    def point_at(self, position: QPointF) -> None:
        """Read the curves off at a place of the plot, in pixels."""
        place = self.surface.mapToScene(position.toPoint())
        inside = self.plot.vb.sceneBoundingRect().contains(place)
        self._cursor = self.plot.vb.mapSceneToView(place).x() if inside else None
        self._show_cursor()

    def _show_cursor(self) -> None:
        if self._cursor is None and not self._rule.isVisible():
            return
        points = []
        if self._cursor is not None:
            points = [(item, at) for item in self.lines if (at := item.at(self._cursor, self.smoothing)) is not None]
        self._rule.setVisible(bool(points))
        self._dots.setVisible(bool(points))
        cursor = self._cursor
        if not points or cursor is None:
            self.readout.clear()
            return
        nearest = min((at[0] for _, at in points), key=lambda x: abs(x - cursor))
        self._rule.setValue(nearest)
        heading = self.tr("epoch {n}").format(n=f"{nearest:.5g}")
        parts = [f'<span style="color:{current_theme().color("muted").name()}">{escape(heading)}</span>']
        spots = []
        for item, (x, y) in points:
            color = item.line.pen_color()
            said = f"{item.line.run} {item.line.name}".strip() if item.line.run else item.line.name
            parts.append(f'<span style="color:{color.name()}">{escape(said)}</span> {figure(y)}')
            height = _log(y) if self.logarithmic else y
            if height == height and abs(height) != float("inf"):
                spots.append({"pos": (x, height), "brush": color, "pen": None})
        self._dots.setData(spots)
        self.readout.setText("&nbsp;&nbsp;".join(parts[:5]) + (" …" if len(parts) > 5 else ""))

    def _restyle(self, theme: Theme) -> None:
        self._rule.setPen(pg.mkPen(theme.color("muted"), width=1))
        for item in self.lines:
            item.restyle()
        self._show_cursor()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while the plot was hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the sentence of an empty plot in its middle."""
        super().resizeEvent(event)
        room = self.surface.rect().adjusted(56, 8, -16, -32)
        width = min(room.width(), self._empty.fontMetrics().horizontalAdvance(self._empty.text()) + 16)
        size = QSize(width, min(room.height(), self._empty.heightForWidth(width) + 8))
        self._empty.setGeometry(QStyle.alignedRect(self.layoutDirection(), Qt.AlignmentFlag.AlignCenter, size, room))


def _log(value: float) -> float:
    return math.log10(max(value, SMALLEST))
