"""Draw a wire from a port, or lead an existing wire's end to another port."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGraphicsPathItem

from graph import edits
from graph.connect import Verdict, judge
from graph.network import Wire
from graph.project import Project
from graph.shapes import shape_text
from gui.canvas.canvas import Canvas
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.node_item import NodeItem
from gui.canvas.port_item import REACH, Port
from gui.canvas.searching import search_for_wire
from gui.canvas.wire_item import path_of, wire_pen
from gui.canvas.wire_path import direct
from gui.slices import Slices
from gui.translate import tr_message


class DrawWire(Gesture):
    """The wire follows the pointer. Ports it may go to light up; the one under the pointer says what would come of it.

    `lifted` is the wire whose input end was taken hold of: it is led elsewhere, or taken away over empty canvas.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: Canvas, node: NodeItem, port: Port, lifted: Wire | None = None) -> None:
        super().__init__(canvas)
        self._node = node
        self._port = port
        self._lifted = lifted
        self._shown: QGraphicsPathItem | None = None
        self._target: tuple[NodeItem, Port] | None = None
        self._verdict = Verdict(False)
        self._lit: set[str] = set()
        self._lighting = Slices(canvas)

    def move(self, pointer: Pointer) -> None:
        if self._shown is None:
            if not self.drifted(pointer):
                return
            self._begin()
        self._look(pointer)
        self._draw(pointer)

    def finish(self, pointer: Pointer) -> None:
        if self._shown is None:
            return
        target, verdict = self._target, self._verdict
        self._end()
        if target is not None:
            wire = self._wire(*target)
            if verdict.allowed and wire != self._lifted:
                self._commit(wire)
        elif self._lifted is not None:
            self.canvas.edit(QCoreApplication.translate("Canvas", "Take the wire away"), self._without_lifted)
        elif self.canvas.board.node_at(pointer.scene) is None:
            search_for_wire(self.canvas, self._node.name, self._port, pointer.scene)

    def cancel(self) -> None:
        self._end()

    def _begin(self) -> None:
        self._network = self._without_lifted(self.canvas.document.project).network
        self._shown = QGraphicsPathItem()
        self._shown.setZValue(1.8)
        self.canvas.board.addItem(self._shown)
        if self._lifted is not None:
            self.canvas.board.wires[self._lifted].setVisible(False)
        self._lit.add(self._node.name)
        self._lighting.run(self._light(), at_once=True)

    def _end(self) -> None:
        self._lighting.stop()
        self.canvas.hint.hide()
        for name in self._lit & self.canvas.board.nodes.keys():
            self.canvas.board.nodes[name].set_lit(frozenset())
        if self._shown is not None:
            self.canvas.board.removeItem(self._shown)
            self._shown = None
        if self._lifted in self.canvas.board.wires:
            self.canvas.board.wires[self._lifted].setVisible(True)

    def _without_lifted(self, project: Project) -> Project:
        return project if self._lifted is None else edits.disconnect(project, [self._lifted])

    def _commit(self, wire: Wire) -> None:
        text = QCoreApplication.translate("Canvas", "Wire {source} to {target}")
        self.canvas.edit(
            text.format(source=wire.source, target=wire.target),
            lambda project: edits.connect(self._without_lifted(project), wire),
        )

    def _light(self) -> Iterator[None]:
        """Light the ports the wire may go to, those in sight."""
        board = self.canvas.board
        for name in sorted(board.cards.near(self.canvas.visible_box())):
            node = board.nodes[name]
            ports = [port for port in node.ports if port.side != self._port.side]
            fitting = frozenset(port for port in ports if self._judge(self._wire(node, port)).allowed)
            if fitting:
                self._lit.add(name)
                node.set_lit(fitting)
            yield

    def _judge(self, wire: Wire) -> Verdict:
        return judge(self._network, wire, self.canvas.checks.current.inference)

    def _wire(self, node: NodeItem, port: Port) -> Wire:
        if self._port.side == "output":
            return Wire(self._node.name, node.name, self._port.name, port.name)
        return Wire(node.name, self._node.name, port.name, self._port.name)

    def _look(self, pointer: Pointer) -> None:
        found = self._candidate(pointer)
        if found is None:
            self._target = None
            self.canvas.hint.hide()
            return
        self._target = found
        self._verdict = self._judge(self._wire(*found))
        if not self._verdict.allowed:
            self.canvas.hint.refuse(pointer.view, tr_message(self._verdict.reason or ""))
        elif self._verdict.shape is not None:
            self.canvas.hint.offer(pointer.view, shape_text(self._verdict.shape))
        else:
            self.canvas.hint.hide()

    def _candidate(self, pointer: Pointer) -> tuple[NodeItem, Port] | None:
        """The port meant: the one under the pointer, or on the card under it the first that would take the wire."""
        board = self.canvas.board
        at = board.port_at(pointer.scene, REACH / min(self.canvas.zoom, 1.0))
        if at is not None and at[1].side != self._port.side:
            return at
        node = board.node_at(pointer.scene)
        if node is None or (node is self._node and at is not None):
            return None
        ports = [port for port in node.ports if port.side != self._port.side]
        fitting = [port for port in ports if self._judge(self._wire(node, port)).allowed]
        chosen = (fitting or ports)[:1]
        return (node, chosen[0]) if chosen else None

    def _draw(self, pointer: Pointer) -> None:
        if self._shown is None:
            return
        board, theme = self.canvas.board, self.canvas.board.theme
        fixed = board.port_point(self._node.name, self._port.side, self._port.name)
        free = (pointer.scene.x(), pointer.scene.y())
        color = theme.color("accent")
        if self._target is not None:
            node, port = self._target
            free = board.port_point(node.name, port.side, port.name)
            color = theme.color("accent" if self._verdict.allowed else "error")
        ends = (fixed, free) if self._port.side == "output" else (free, fixed)
        self._shown.setPath(path_of(direct(*ends)))
        pen = wire_pen(color, 2.25)
        if self._target is not None and not self._verdict.allowed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self._shown.setPen(pen)
