"""Alt and drag: leave the selected cards where they are and drag copies of them away."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from gui.canvas import clipboard
from gui.canvas.geometry import snap
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.ghosts import Ghosts
from gui.canvas.node_item import NodeItem


class DragCopies(Gesture):
    """The copies follow the pointer until they are put down."""

    cursor = Qt.CursorShape.DragCopyCursor

    def __init__(self, canvas: object, node: NodeItem) -> None:
        super().__init__(canvas)  # type: ignore[arg-type]
        self._node = node
        self._ghosts: Ghosts | None = None

    def start(self, pointer: Pointer) -> None:
        super().start(pointer)
        if self._node.name not in self.canvas.selection.names:
            self.canvas.select([self._node.name])

    def move(self, pointer: Pointer) -> None:
        if self._ghosts is None and not self.drifted(pointer):
            return
        if self._ghosts is None:
            chosen = [self.canvas.board.nodes[name] for name in self.canvas.selection.names]
            cards = [(node.name, node.layer, (node.x(), node.y())) for node in chosen]
            self._ghosts = Ghosts(self.canvas.board, cards)
        way = self._way(pointer)
        self._ghosts.move_to(way.x(), way.y())

    def finish(self, pointer: Pointer) -> None:
        dragged = self._ghosts is not None
        self.cancel()
        if dragged:
            way = self._way(pointer)
            clipboard.duplicate(self.canvas, (way.x(), way.y()))

    def cancel(self) -> None:
        if self._ghosts is not None:
            self._ghosts.remove()
            self._ghosts = None

    def _way(self, pointer: Pointer) -> QPointF:
        way = pointer.scene - self.origin.scene
        return QPointF(snap(way.x()), snap(way.y()))
