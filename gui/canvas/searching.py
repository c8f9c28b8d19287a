"""Searching for a layer from the canvas: to add it, to end a wire with it, or to put it into a wire."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from graph.layers import layers
from graph.network import Wire
from graph.project import Position
from gui.canvas.adding import add_after_selection, add_layer, add_wired
from gui.canvas.canvas import Canvas
from gui.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from gui.canvas.inserting import Insertion
from gui.canvas.port_item import Port
from gui.canvas.suggestions import Suggestion, everything, fitting
from gui.search_popup import SearchPopup


def search(canvas: Canvas, place: Position | None = None) -> None:
    """Search among all layers. The chosen one stands at `place`; without one it goes behind the selected layer.

    What fits behind the selected layer comes first.
    """
    suggestions = everything()
    names = [name for name in canvas.selection.names if name in canvas.board.nodes]
    if place is None and len(names) == 1:
        first = fitting(canvas.document.project, canvas.checks.current.inference, names[0])
        known = {suggestion.layer for suggestion in first}
        suggestions = [*first, *(s for s in suggestions if s.layer not in known)]

    def add(key: str) -> None:
        layer = layers.make(key)
        if place is None:
            canvas.reveal([add_after_selection(canvas, layer)])
        else:
            add_layer(canvas, layer, (place[0] - CARD_WIDTH / 2, place[1] - CARD_HEIGHT / 2))

    at = place if place is not None else _beside(canvas, names)
    _open(canvas, QPointF(*at), suggestions, add)


def search_for_wire(canvas: Canvas, name: str, port: Port, at: QPointF) -> None:
    """Search for a layer to put at the free end of a wire."""
    suggestions = fitting(canvas.document.project, canvas.checks.current.inference, name, port)
    corner = (at.x() if port.side == "output" else at.x() - CARD_WIDTH, at.y() - CARD_HEIGHT / 2)
    _open(canvas, at, suggestions, lambda key: add_wired(canvas, layers.make(key), name, port, corner))


def search_for_insertion(canvas: Canvas, wire: Wire) -> None:
    """Search for a layer to put into a wire."""
    suggestions = fitting(canvas.document.project, canvas.checks.current.inference, wire.source)
    middle = canvas.board.wires[wire].middle()
    corner = (middle.x() - CARD_WIDTH / 2, middle.y() - CARD_HEIGHT / 2)

    def add(key: str) -> None:
        layer = layers.make(key)
        insertion = Insertion(canvas, layer)
        add_layer(canvas, layer, corner, lambda project, name: insertion.made(project, wire, name))

    _open(canvas, middle, [s for s in suggestions if s.layer.inputs and s.layer.outputs], add)


def _beside(canvas: Canvas, names: list[str]) -> Position:
    """Where the popup hides neither the pointer nor the selected card."""
    if canvas.last_seen is None and len(names) == 1:
        box = canvas.board.cards.boxes[names[0]]
        return (box[2] + 24, box[1])
    return canvas.pointer_or_middle()


def _open(canvas: Canvas, at: QPointF, suggestions: list[Suggestion], choose: Callable[[str], object]) -> None:
    popup = SearchPopup(canvas)
    popup.chosen.connect(choose)
    popup.closed.connect(canvas.setFocus)
    popup.open_at(canvas.viewport().mapToGlobal(canvas.mapFromScene(at)), suggestions)
