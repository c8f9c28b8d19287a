"""A wire in the scene's index."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QGraphicsScene
from pytestqt.qtbot import QtBot

from graph.network import Wire
from gui.canvas.paper import PAPER
from gui.canvas.wire_item import WireItem
from gui.canvas.wire_path import direct
from gui.theme import theme


class Greedy(WireItem):
    """A wire that can say it is everywhere, so that the scene finds it wherever its index still has it."""

    everywhere = False

    def boundingRect(self) -> QRectF:
        return PAPER if self.everywhere else super().boundingRect()

    def shape(self) -> QPainterPath:
        path = QPainterPath()
        path.addRect(self.boundingRect())
        return path


def test_a_wire_that_moved_is_left_nowhere_in_the_index_of_the_scene(qtbot: QtBot) -> None:
    scene = QGraphicsScene(PAPER)
    wires = [Greedy(Wire(f"a{i}", f"b{i}"), theme(dark=True)) for i in range(200)]
    for i, wire in enumerate(wires):
        wire.set_way(direct((300.0 * i, 0.0), (300.0 * i + 200, 0.0)))
        scene.addItem(wire)
    old, new = QRectF(1500, -5, 200, 10), QRectF(50_000, 49_995, 200, 10)
    assert wires[5] in scene.items(old)
    wires[5].set_way(direct((50_000.0, 50_000.0), (50_200.0, 50_000.0)))
    assert wires[5] in scene.items(new)
    wires[5].everywhere = True
    assert wires[5] not in scene.items(old)
    assert wires[5] in scene.items(new)
    wires[5].everywhere = False
