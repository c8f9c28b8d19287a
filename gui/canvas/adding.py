"""Adding a layer in one undo step, with whatever wiring comes with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from graph import edits
from graph.connect import judge
from graph.layers.base import Layer, automatic_name
from graph.names import fresh
from graph.network import Wire
from graph.project import Position, Project
from gui.canvas.canvas import Canvas
from gui.canvas.placing import after, before, free_place
from gui.canvas.port_item import Port

Wiring = Callable[[Project, str], Project]


def add_layer(canvas: Canvas, layer: Layer, place: Position, wiring: Wiring | None = None) -> str:
    """Put a layer on the canvas and select it. `wiring` changes the project further, given the new layer's name."""
    name = fresh(automatic_name(layer), canvas.document.project.network.layers)

    def change(project: Project) -> Project:
        added = edits.add_layer(project, layer, place, name)
        return wiring(added, name) if wiring is not None else added

    canvas.edit(QCoreApplication.translate("Canvas", "Add {layer}").format(layer=layer.key), change)
    canvas.select([name])
    return name


def add_after_selection(canvas: Canvas, layer: Layer, place: Position | None = None) -> str:
    """Put a layer behind the selected one and wire it, where the wire fits; else where there is room."""
    names = canvas.selection.names
    cards = canvas.board.cards
    if len(names) == 1 and names[0] in cards.boxes:
        return add_wired(canvas, layer, names[0], None, place or after(cards, names[0]))
    return add_layer(canvas, layer, place or free_place(cards, canvas.middle()))


def add_wired(canvas: Canvas, layer: Layer, other: str, port: Port | None, place: Position | None = None) -> str:
    """Put a layer on the canvas with a wire from or to a port of `other`; without a port, from its first output."""
    cards = canvas.board.cards
    backwards = port is not None and port.side == "input"

    def wiring(project: Project, name: str) -> Project:
        network = project.network
        source, target = (name, other) if backwards else (other, name)
        outputs, inputs = network.layers[source].outputs, network.layers[target].inputs
        if not outputs or not inputs:
            return project
        source_port = port.name if port is not None and not backwards else outputs[0].name
        target_port = port.name if port is not None and backwards else inputs[0].name
        wire = Wire(source, target, source_port, target_port)
        allowed = judge(network, wire, canvas.checks.current.inference).allowed
        return edits.connect(project, wire) if allowed else project

    where = place or (before(cards, other) if backwards else after(cards, other))
    return add_layer(canvas, layer, where, wiring)
