"""What comes forward under a pointer that holds nothing: a card, a port, a wire."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gui.canvas.canvas import Canvas
from gui.canvas.gestures.base import Pointer
from gui.canvas.node_item import NodeItem
from gui.canvas.port_item import REACH as PORT_REACH
from gui.canvas.wire_item import REACH, WireItem


class Hover:
    """Remembers what it brought forward, so that it can put it back."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._node: NodeItem | None = None
        self._port: NodeItem | None = None
        self._wire: WireItem | None = None

    def look(self, pointer: Pointer) -> None:
        """Bring forward what is under the pointer."""
        board = self._canvas.board
        node = board.node_at(pointer.scene)
        port = board.port_at(pointer.scene, PORT_REACH / min(max(self._canvas.zoom, 0.5), 1.5))
        free = node is None and port is None
        wire = board.wire_at(pointer.scene, REACH / self._canvas.zoom) if free else None
        self._leave(node, port[0] if port is not None else None, wire)
        if node is not None:
            node.set_state(hovered=True)
        if port is not None:
            port[0].set_lit(frozenset([port[1]]))
        if wire is not None:
            wire.set_state(hovered=True)
        if self._canvas.space_held:
            self._canvas.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        elif port is not None:
            self._canvas.viewport().setCursor(Qt.CursorShape.CrossCursor)
        elif wire is not None:
            self._canvas.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._canvas.viewport().unsetCursor()

    def leave(self) -> None:
        """The pointer is elsewhere, or holds something."""
        self._leave(None, None, None)

    def _leave(self, node: NodeItem | None, port: NodeItem | None, wire: WireItem | None) -> None:
        if self._node is not None and self._node is not node:
            self._node.set_state(hovered=False)
        if self._port is not None and self._port is not port:
            self._port.set_lit(frozenset())
        if self._wire is not None and self._wire is not wire:
            self._wire.set_state(hovered=False)
        self._node, self._port, self._wire = node, port, wire
