"""The whole network as a picture file, painted from the project and not from the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
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
    painter = QPainter()
    if not painter.begin(generator):
        raise OSError(f"The picture could not be written to {path}. Choose another folder.")
    target = QRectF(0, 0, area.width(), area.height())
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
