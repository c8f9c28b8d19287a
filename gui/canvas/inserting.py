"""A card held over a wire: whether it may be put into that wire, and the edit that does it."""

from __future__ import annotations

from graph import edits
from graph.check import check
from graph.connect import judge
from graph.layers.base import Layer
from graph.message import Message
from graph.names import fresh
from graph.network import Wire
from graph.project import Project
from graph.shapes import shape_text
from gui.canvas.canvas import Canvas
from gui.canvas.gestures.base import Pointer
from gui.canvas.placing import make_room
from gui.canvas.wire_item import REACH
from gui.translate import tr_message


class Insertion:
    """Looks at the wire under the pointer. `wire` is the one the layer would go into, or None."""

    def __init__(self, canvas: Canvas, layer: Layer, name: str | None = None) -> None:
        self.wire: Wire | None = None
        self._canvas = canvas
        self._layer = layer
        self._name = name
        self._over: Wire | None = None

    def look(self, pointer: Pointer) -> None:
        """See whether a wire is under the pointer, show it, and say what would come of it."""
        item = self._canvas.board.wire_at(pointer.scene, 2 * REACH / self._canvas.zoom)
        over = item.wire if item is not None else None
        if over != self._over:
            self.clear()
            self._over = over
            if over is not None:
                self._consider(over, pointer)

    def clear(self) -> None:
        """Show nothing any more."""
        if self._over in self._canvas.board.wires:
            self._canvas.board.wires[self._over].set_state(hovered=False)
        self._canvas.hint.hide()
        self.wire = self._over = None

    def made(self, project: Project, wire: Wire, name: str) -> Project:
        """The project with the layer `name` in the wire, and room made for it."""
        inserted = edits.insert(project, wire, name)
        room = make_room(inserted, self._canvas.board.cards, wire.source, name, wire.target)
        return edits.move(inserted, room)

    def _consider(self, wire: Wire, pointer: Pointer) -> None:
        refused = self._refusal(wire)
        if refused is None:
            self.wire = wire
            self._canvas.board.wires[wire].set_state(hovered=True)
        else:
            self._canvas.hint.refuse(pointer.view, tr_message(refused))

    def _refusal(self, wire: Wire) -> Message | None:
        project, current = self._canvas.document.project, self._canvas.checks.current
        if not (self._layer.inputs and self._layer.outputs):
            return Message("{layer} has no place inside a wire.", layer=self._layer.key)
        name = self._name or fresh("inserted", project.network.layers)
        if self._name is None:
            project = edits.add_layer(project, self._layer, name=name)
        first = Wire(wire.source, name, wire.source_port, self._layer.inputs[0].name)
        verdict = judge(project.network, first, current.inference)
        if not verdict.allowed:
            return verdict.reason
        outcome = check(edits.insert(project, wire, name), self._canvas.checks.facts, current)
        known = {p.text for p in current.of(wire.target)}
        fresh_errors = [p for p in outcome.errors if p.node == wire.target and p.text not in known]
        if fresh_errors:
            shape = shape_text(verdict.shape) if verdict.shape is not None else "?"
            return Message(
                "{target} cannot take {shape}: {reason}", target=wire.target, shape=shape, reason=fresh_errors[0].text
            )
        return None
