"""Renaming a layer on its card."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QPointF, QRect

from graph import edits
from gui.canvas.canvas import Canvas
from gui.canvas.rename_field import RenameField

INSET, HEIGHT, NARROWEST = 4, 28, 160


def rename(canvas: Canvas, name: str) -> None:
    """Let the name of a layer be typed over the title of its card."""
    node = canvas.board.nodes[name]
    canvas.reveal([name])
    corner = canvas.viewport().mapTo(canvas, canvas.mapFromScene(QPointF(node.x() + INSET, node.y() + INSET)))
    width = max(round((node.width - 2 * INSET) * canvas.zoom), NARROWEST)
    area = QRect(corner.x(), corner.y(), width, HEIGHT)
    field = RenameField(canvas, canvas.hint, name, set(canvas.board.nodes), area)

    def named(old: str, new: str) -> None:
        text = QCoreApplication.translate("Canvas", "Rename {old} to {new}").format(old=old, new=new)
        canvas.edit(text, partial(edits.rename, old=old, new=new))
        canvas.select([new])

    field.named.connect(named)
    field.closed.connect(canvas.setFocus)
