"""Which gesture begins where the pointer is and with the keys that are held."""

from __future__ import annotations

from PySide6.QtCore import Qt

from graph.network import Wire
from gui.canvas.canvas import Canvas
from gui.canvas.commands import detach
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.cut_wires import CutWires
from gui.canvas.gestures.drag_copies import DragCopies
from gui.canvas.gestures.draw_wire import DrawWire
from gui.canvas.gestures.marquee import Marquee
from gui.canvas.gestures.move_nodes import MoveNodes
from gui.canvas.gestures.pan import Pan
from gui.canvas.node_item import NodeItem
from gui.canvas.port_item import REACH, Port
from gui.canvas.wire_item import REACH as WIRE_REACH

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def gesture_for(canvas: Canvas, pointer: Pointer, button: Qt.MouseButton) -> Gesture | None:
    """The gesture that a press begins, or None where the press itself was all."""
    if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and canvas.space_held):
        return Pan(canvas)
    if button != Qt.MouseButton.LeftButton:
        return None
    if pointer.holds(ALT) and pointer.holds(SHIFT):
        return CutWires(canvas)
    at = canvas.board.port_at(pointer.scene, REACH / min(max(canvas.zoom, 0.5), 1.5))
    if at is not None:
        return _on_port(canvas, pointer, *at)
    node = canvas.board.node_at(pointer.scene)
    if node is not None:
        return DragCopies(canvas, node) if pointer.holds(ALT) else MoveNodes(canvas, node)
    wire = canvas.board.wire_at(pointer.scene, WIRE_REACH / canvas.zoom)
    if wire is not None:
        keep = pointer.holds(SHIFT) or pointer.holds(CTRL)
        canvas.select(canvas.selection.names if keep else (), [*(canvas.selected_wires if keep else ()), wire.wire])
        return None
    return Marquee(canvas)


def _on_port(canvas: Canvas, pointer: Pointer, node: NodeItem, port: Port) -> Gesture | None:
    if pointer.holds(ALT):
        detach(canvas, node.name, port)
        return None
    lifted = _wire_into(canvas, pointer, node, port)
    if lifted is None:
        return DrawWire(canvas, node, port)
    source = canvas.board.nodes[lifted.source]
    start = next(p for p in source.ports if (p.side, p.name) == ("output", lifted.source_port))
    return DrawWire(canvas, source, start, lifted)


def _wire_into(canvas: Canvas, pointer: Pointer, node: NodeItem, port: Port) -> Wire | None:
    """The wire whose end at an input port is nearest to the pointer."""
    if port.side != "input":
        return None
    wires = [w for w in canvas.board.network.wiring.into.get(node.name, ()) if w.target_port == port.name]
    return min(wires, key=lambda w: abs(canvas.board.ends_of(w)[1][1] - pointer.scene.y()), default=None)
