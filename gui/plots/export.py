"""Curves as files: PNG and SVG to look at, CSV to work with."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from graph.atomic import write_atomically
from gui.plots.curve_plot import CurvePlot
from gui.theme import current_theme

PNG_SCALE = 2


def png(widget: QWidget) -> bytes:
    """The widget as it is seen, in twice its pixels."""
    picture = QPixmap(widget.size() * PNG_SCALE)
    picture.setDevicePixelRatio(PNG_SCALE)
    picture.fill(current_theme().color("panel"))
    widget.render(picture)
    return _bytes(lambda store: picture.save(store, "PNG"))


def svg(widget: QWidget) -> bytes:
    """The widget as lines and texts that scale."""

    def draw(store: QBuffer) -> None:
        generator = QSvgGenerator()
        generator.setOutputDevice(store)
        generator.setSize(widget.size())
        generator.setViewBox(widget.rect())
        painter = QPainter(generator)
        painter.fillRect(widget.rect(), current_theme().color("panel"))
        widget.render(painter, QPoint())
        painter.end()

    return _bytes(draw)


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
    ending = path.suffix.lower()
    content = table(plots) if ending == ".csv" else svg(widget) if ending == ".svg" else png(widget)
    write_atomically(path, content)
