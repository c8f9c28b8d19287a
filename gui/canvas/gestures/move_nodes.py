"""Select a card by pressing it, and move the selected cards by dragging."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt

from graph import edits
from graph.network import Wire
from graph.project import Position, Project
from gui.canvas.geometry import inflated
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.guides import Guides
from gui.canvas.inserting import Insertion
from gui.canvas.menus import problem_menu
from gui.canvas.node_item import NodeItem


class MoveNodes(Gesture):
    """Press selects; a drag moves all selected cards, and one that is not wired may be dropped on a wire."""

    def __init__(self, canvas: object, node: NodeItem) -> None:
        super().__init__(canvas)  # type: ignore[arg-type]
        self._node = node
        self._guides: Guides | None = None
        self._insertion: Insertion | None = None

    def start(self, pointer: Pointer) -> None:
        super().start(pointer)
        canvas, name = self.canvas, self._node.name
        before = canvas.selection.names
        self._was_selected = name in before
        if pointer.holds(Qt.KeyboardModifier.ControlModifier):
            canvas.select([n for n in before if n != name] if name in before else [*before, name])
        elif pointer.holds(Qt.KeyboardModifier.ShiftModifier):
            canvas.select([*before, name])
        elif name not in before:
            canvas.select([name])
        moving = [n for n in canvas.selection.names if n in canvas.board.nodes] or [name]
        self._from: dict[str, Position] = {n: (canvas.board.nodes[n].x(), canvas.board.nodes[n].y()) for n in moving}

    def move(self, pointer: Pointer) -> None:
        if self._guides is None:
            if not self.drifted(pointer):
                return
            self._begin()
        way = pointer.scene - self.origin.scene
        dx, dy = way.x(), way.y()
        x, y = self._from.get(self._node.name, next(iter(self._from.values())))
        box = (x + dx, y + dy, x + dx + self._node.width, y + dy + self._node.box[3] - self._node.box[1])
        if self._guides is not None:
            ahead, down = self._guides.settle(box, self.canvas.zoom)
            dx, dy = dx + ahead, dy + down
        self.canvas.board.place({name: (x + dx, y + dy) for name, (x, y) in self._from.items()})
        if self._insertion is not None:
            self._insertion.look(pointer)

    def finish(self, pointer: Pointer) -> None:
        if self._guides is None:
            self._click(pointer)
            return
        nodes = self.canvas.board.nodes
        places = {name: (nodes[name].x(), nodes[name].y()) for name in self._from}
        wire = self._insertion.wire if self._insertion is not None else None
        self._end()
        if wire is not None:
            self._commit_insertion(wire, places)
        elif places != self._from:
            self.canvas.edit(self._text(), partial(edits.move, positions=places))

    def cancel(self) -> None:
        self.canvas.board.place(self._from)
        self._end()

    def _begin(self) -> None:
        board = self.canvas.board
        self._guides = Guides(board, self._from, inflated(self.canvas.visible_box(), 40))
        for name in self._from:
            board.nodes[name].setZValue(4)
        alone = len(self._from) == 1 and not board.attached(self._from)
        if alone and self._node.layer.inputs and self._node.layer.outputs:
            self._insertion = Insertion(self.canvas, self._node.layer, self._node.name)

    def _end(self) -> None:
        if self._guides is not None:
            self._guides.clear()
        if self._insertion is not None:
            self._insertion.clear()
        self.canvas.show_selection()

    def _click(self, pointer: Pointer) -> None:
        held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if self._node.badge_contains(pointer.scene):
            problem_menu(self.canvas, self._node.name).popup(self.canvas.viewport().mapToGlobal(pointer.view))
        if self._was_selected and not pointer.modifiers & held:
            self.canvas.select([self._node.name])

    def _commit_insertion(self, wire: Wire, places: dict[str, Position]) -> None:
        name, insertion = self._node.name, self._insertion

        def change(project: Project) -> Project:
            moved = edits.move(project, places)
            return insertion.made(moved, wire, name) if insertion is not None else moved

        self.canvas.edit(QCoreApplication.translate("Canvas", "Insert {name}").format(name=name), change)

    def _text(self) -> str:
        if len(self._from) == 1:
            return QCoreApplication.translate("Canvas", "Move {name}").format(name=self._node.name)
        return QCoreApplication.translate("Canvas", "Move {count} layers").format(count=len(self._from))
