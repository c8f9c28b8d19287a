"""Drag a layer in from the palette: onto empty canvas, or into a wire."""

from __future__ import annotations

from graph.layers import automatic_name, layers
from gui.canvas.adding import add_layer
from gui.canvas.canvas import Canvas
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, snap
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.ghosts import Ghosts
from gui.canvas.inserting import Insertion

MIME = "application/x-netloom-layer"
"""The type of what the palette gives along: the key of a layer, as text."""


class DropLayer(Gesture):
    """The card follows the pointer; a wire under it shows whether the layer fits into it."""

    def __init__(self, canvas: Canvas, key: str) -> None:
        super().__init__(canvas)
        self._layer = layers.make(key)

    def start(self, pointer: Pointer) -> None:
        super().start(pointer)
        self._ghosts = Ghosts(self.canvas.board, [(automatic_name(self._layer), self._layer, (0.0, 0.0))])
        self._insertion = Insertion(self.canvas, self._layer)
        self.move(pointer)

    def move(self, pointer: Pointer) -> None:
        self._ghosts.move_to(*self._corner(pointer))
        self._insertion.look(pointer)

    def finish(self, pointer: Pointer) -> None:
        wire, corner = self._insertion.wire, self._corner(pointer)
        insertion = self._insertion
        self.cancel()
        if wire is None:
            add_layer(self.canvas, self._layer, corner)
        else:
            add_layer(self.canvas, self._layer, corner, lambda project, name: insertion.made(project, wire, name))

    def cancel(self) -> None:
        self._ghosts.remove()
        self._insertion.clear()

    def _corner(self, pointer: Pointer) -> tuple[float, float]:
        return (snap(pointer.scene.x() - CARD_WIDTH / 2), snap(pointer.scene.y() - CARD_HEIGHT / 2))
