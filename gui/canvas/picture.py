"""The whole network as a picture file, painted from the project and not from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QImage,
    QImageWriter,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from graph.check import Check
from graph.project import Project
from gui.canvas.geometry import inflated
from gui.canvas.scene import CanvasScene
from gui.theme import Theme

MARGIN = 24.0
LARGEST = 30_000
"""The most pixels of a PNG's side; a larger network is drawn smaller."""
MOST_POINTS = 14_400.0
"""The longest side of a PDF's page, in points; a larger network is drawn smaller."""


def render_png(path: Path, project: Project, check: Check, theme: Theme, scale: float = 2.0) -> None:
    """Write a PNG, `scale` pixels to each unit of the canvas. Raises OSError where the file cannot be written."""
    board, area = _painted(project, check, theme)
    scale = min(scale, LARGEST / max(area.width(), area.height()))
    size = QSize(round(area.width() * scale), round(area.height() * scale))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(theme.color("canvas"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    board.render(painter, QRectF(image.rect()), area)
    painter.end()
    if not QImageWriter(str(path), b"png").write(image):
        raise OSError(f"The picture could not be written to {path}. Choose another folder.")


def render_svg(path: Path, project: Project, check: Check, theme: Theme) -> None:
    """Write an SVG: lines and text, not pixels. Raises OSError where the file cannot be written."""
    board, area = _painted(project, check, theme)
    generator = QSvgGenerator()
    generator.setFileName(str(path))
    generator.setTitle(path.stem)
    generator.setResolution(96)
    generator.setSize(area.size().toSize())
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    _paint(generator, QRectF(0, 0, area.width(), area.height()), board, area, theme, path)


def render_pdf(path: Path, project: Project, check: Check, theme: Theme) -> None:
    """Write a PDF of one page that fits the network. Raises OSError where the file cannot be written."""
    board, area = _painted(project, check, theme)
    writer = QPdfWriter(str(path))
    writer.setTitle(path.stem)
    fit_page(writer, area.size())
    _paint(writer, QRectF(0, 0, writer.width(), writer.height()), board, area, theme, path)


def fit_page(writer: QPagedPaintDevice, size: QSizeF) -> None:
    """Give pages this size in pixels of 1/96 inch, and no margins. Readers of PDF show at most 200 inches."""
    points = size * min(72 / 96, MOST_POINTS / max(size.width(), size.height()))
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(), QPageLayout.Unit.Point)


def _paint(device: QPaintDevice, target: QRectF, board: CanvasScene, area: QRectF, theme: Theme, path: Path) -> None:
    """Paint the `area` of the canvas onto `target`. Raises OSError where `path`, which is painted to, cannot be."""
    painter = QPainter()
    if not painter.begin(device):
        raise OSError(f"The picture could not be written to {path}. Choose another folder.")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.fillRect(target, theme.color("canvas"))
    board.render(painter, target, area)
    painter.end()


def _painted(project: Project, check: Check, theme: Theme) -> tuple[CanvasScene, QRectF]:
    board = CanvasScene(theme)
    for _ in board.follow(project, check):
        pass
    board.routes.finish()
    for node in board.nodes.values():
        node.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    wires = [item.sceneBoundingRect() for item in board.wires.values()]
    left, top, right, bottom = inflated(board.content_box() or (0.0, 0.0, 400.0, 300.0), MARGIN)
    area = QRectF(left, top, right - left, bottom - top)
    for box in wires:
        area = area.united(box.adjusted(-8, -8, 8, 8))
    return board, area
