"""Copy, cut, paste and duplicate. The clipboard holds a project as text, so it goes between windows and into mails."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication

from graph import edits
from graph.problem import FileProblem
from graph.project import Position, Project
from graph.serialize import dumps, loads
from gui.canvas.canvas import Canvas
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, GAP_DOWN, around, snap
from gui.slices import FRAME, MANY


def copy(canvas: Canvas) -> None:
    """Put the selected layers and the wires among them on the clipboard."""
    if canvas.selection.names:
        piece = edits.extract(canvas.document.project, canvas.selection.names)
        text = dumps(piece)
        canvas.copied = (text, piece)
        QGuiApplication.clipboard().setText(text)


def paste(canvas: Canvas, with_inputs: bool = False) -> None:
    """Put what the clipboard holds round the pointer, or in the middle of the window.

    `with_inputs` also leads the wires to it that the layers it was copied from have here.
    """
    piece = piece_on_clipboard(canvas)
    if piece is None:
        canvas.say(QCoreApplication.translate("Canvas", "The clipboard holds no layers. Copy some with Ctrl+C first."))
        return
    boxes = around((x, y, x + CARD_WIDTH, y + CARD_HEIGHT) for x, y in piece.positions.values()) or (0, 0, 0, 0)
    x, y = canvas.pointer_or_middle()
    offset = (snap(x - (boxes[0] + boxes[2]) / 2), snap(y - (boxes[1] + boxes[3]) / 2))
    _add(canvas, piece, offset, QCoreApplication.translate("Canvas", "Paste {what}"), with_inputs)


def duplicate(canvas: Canvas, offset: Position | None = None) -> None:
    """Add copies of the selected layers, below them unless an offset is given."""
    names = canvas.selection.names
    if not names:
        return
    box = canvas.board.content_box(names) or (0, 0, 0, 0)
    below = (0.0, snap(box[3] - box[1] + GAP_DOWN))
    piece = edits.extract(canvas.document.project, names)
    _add(canvas, piece, offset or below, QCoreApplication.translate("Canvas", "Duplicate {what}"))


def piece_on_clipboard(canvas: Canvas) -> Project | None:
    """The layers the clipboard holds, or None."""
    text = QGuiApplication.clipboard().text()
    if canvas.copied is not None and text == canvas.copied[0]:
        return canvas.copied[1]
    if not text.lstrip().startswith("{"):
        return None
    try:
        piece = loads(text).project
    except FileProblem:
        return None
    return piece if piece.network.layers else None


def _add(canvas: Canvas, piece: Project, offset: Position, text: str, with_inputs: bool = False) -> None:
    names: dict[str, str] = {}

    def change(project: Project) -> Project:
        changed, made = edits.paste(project, piece, offset)
        names.update(made)
        outer = [w for w in project.network.wires if w.target in made and w.source not in made] if with_inputs else []
        for wire in outer:
            changed = edits.connect(changed, replace(wire, target=made[wire.target]))
        return changed

    canvas.edit(text.format(what=described(list(piece.network.layers))), change)
    pasted = canvas.document.project

    def select() -> None:
        if canvas.document.project is pasted:
            canvas.select(names.values())

    if len(names) > MANY:
        # A frame later, for the canvas and the other panels have much to do with so many.
        QTimer.singleShot(FRAME, canvas, select)
    else:
        select()


def described(names: list[str]) -> str:
    """Some layers in an undo text: the name of one, the number of several."""
    if len(names) == 1:
        return names[0]
    return QCoreApplication.translate("Canvas", "{count} layers").format(count=len(names))
