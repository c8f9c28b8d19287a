"""Curves as files: PNG and SVG to look at, CSV to work with."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from graph.atomic import write_atomically
from gui.plots.curve_plot import CurvePlot
from gui.plots.line_item import Line
from gui.plots.surface import LEFT
from gui.theme import current_theme, font

PNG_SCALE = 2
LEGEND, SWATCH = 28, 16
"""The height of a row of the legend, and how long the line before each name is."""
GAP, APART = 8, 24


def png(widget: QWidget, lines: Sequence[Line] = ()) -> bytes:
    """The widget as it is seen, over a legend of the lines, in twice its pixels."""
    picture = QPixmap(_size(widget, lines) * PNG_SCALE)
    picture.setDevicePixelRatio(PNG_SCALE)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw(painter, widget, lines)
    painter.end()
    return _bytes(lambda store: picture.save(store, "PNG"))


def svg(widget: QWidget, lines: Sequence[Line] = ()) -> bytes:
    """The widget and the legend as lines and texts that scale."""

    def draw(store: QBuffer) -> None:
        generator = QSvgGenerator()
        generator.setOutputDevice(store)
        generator.setSize(_size(widget, lines))
        generator.setViewBox(QRect(QPoint(), _size(widget, lines)))
        painter = QPainter(generator)
        _draw(painter, widget, lines)
        painter.end()

    return _bytes(draw)


def _size(widget: QWidget, lines: Sequence[Line]) -> QSize:
    places = _places(widget.width(), lines)
    return widget.size() + QSize(0, places[-1].bottom() + 1 if places else 0)


def _places(width: int, lines: Sequence[Line]) -> list[QRect]:
    """Where the entries of the legend go, row under row."""
    metrics, found = QFontMetrics(font("font_small")), list[QRect]()
    left, top = LEFT, 0
    for line in lines:
        room = SWATCH + GAP + metrics.horizontalAdvance(_said(line)) + 2
        if left > LEFT and left + room > width:
            left, top = LEFT, top + LEGEND
        found.append(QRect(left, top, room, LEGEND))
        left += room + APART
    return found


def _said(line: Line) -> str:
    return f"{line.run} {line.name}".strip()


def _draw(painter: QPainter, widget: QWidget, lines: Sequence[Line]) -> None:
    painter.fillRect(QRect(QPoint(), _size(widget, lines)), current_theme().color("panel"))
    widget.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    painter.setFont(font("font_small"))
    for line, place in zip(lines, _places(widget.width(), lines), strict=True):
        room = place.translated(0, widget.height())
        painter.setPen(line.pen())
        painter.drawLine(room.left(), room.center().y(), room.left() + SWATCH, room.center().y())
        painter.setPen(current_theme().color("text"))
        painter.drawText(room.adjusted(SWATCH + GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, _said(line))


def legend(plots: Sequence[tuple[str, CurvePlot]]) -> list[Line]:
    """One line of each kind that the plots draw, those of the present run first."""
    found = {(item.line.run, item.line.name): item.line for _, plot in plots for item in plot.lines}
    return sorted(found.values(), key=lambda line: bool(line.run))


def _bytes(draw: Callable[[QBuffer], object]) -> bytes:
    store = QBuffer()
    store.open(QIODevice.OpenModeFlag.WriteOnly)
    draw(store)
    return bytes(store.data().data())


def table(plots: Sequence[tuple[str, CurvePlot]]) -> bytes:
    """Every point of every curve, one a row: figure, run, part, epoch, value."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["figure", "run", "part", "epoch", "value"])
    for name, plot in plots:
        for item in plot.lines:
            line = item.line
            points = zip(line.series.x.tolist(), line.series.y.tolist(), strict=True)
            writer.writerows([name, line.run, line.name, f"{x:.10g}", repr(y)] for x, y in points)
    return text.getvalue().encode()


def write(path: Path, widget: QWidget, plots: Sequence[tuple[str, CurvePlot]]) -> None:
    """Write the curves in the format that the ending of `path` stands for. Raises FileProblem where that fails."""
    ending, lines = path.suffix.lower(), legend(plots)
    if ending == ".csv":
        content = table(plots)
    else:
        with _whole(plots):
            content = svg(widget, lines) if ending == ".svg" else png(widget, lines)
    write_atomically(path, content)


@contextmanager
def _whole(plots: Sequence[tuple[str, CurvePlot]]) -> Iterator[None]:
    """Meanwhile each curve is one stroke, which stays in one piece in a program for drawings."""
    items = [item for _, plot in plots for item in plot.lines]
    try:
        for item in items:
            item.draw_whole(True)
        yield
    finally:
        for item in items:
            item.draw_whole(False)
