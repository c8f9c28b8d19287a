"""A canvas with its document, and the mouse and keys that act on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from graph.layers import layers
from graph.network import Network, Wire
from graph.project import Project
from gui.canvas.gestures.drop_layer import MIME
from gui.canvas.view import CanvasView
from gui.checks import Checks
from gui.document import Document
from gui.search_popup import SearchPopup
from gui.selection import Selection

NONE = Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton
# Said of every popup window by the platform without a screen, and by no other.
OFFSCREEN = pytest.mark.qt_log_ignore("This plugin does not support")


def chain() -> Project:
    """Input → Dense → Dense, with an unwired Flatten and an unwired Conv2D below."""
    made = {
        "input": layers.make("Input", {"shape": (8,)}),
        "dense": layers.make("Dense", {"units": 16}),
        "dense_1": layers.make("Dense", {"units": 4}),
        "flatten": layers.make("Flatten"),
        "conv2d": layers.make("Conv2D"),
    }
    wires = [Wire("input", "dense"), Wire("dense", "dense_1")]
    places = {
        "input": (0.0, 0.0),
        "dense": (252.0, 0.0),
        "dense_1": (504.0, 0.0),
        "flatten": (252.0, 200.0),
        "conv2d": (504.0, 200.0),
    }
    return Project(Network.of(made, wires), places)


@dataclass
class Bench:
    """What a person does with the canvas, in its own coordinates."""

    view: CanvasView
    document: Document
    checks: Checks
    selection: Selection

    @property
    def project(self) -> Project:
        return self.document.project

    @property
    def wires(self) -> set[tuple[str, str]]:
        return {(wire.source, wire.target) for wire in self.project.network.wires}

    def at(self, x: float, y: float) -> QPoint:
        return self.view.mapFromScene(QPointF(x, y))

    def card(self, name: str, dx: float = 90, dy: float = 36) -> QPoint:
        item = self.view.board.nodes[name]
        return self.at(item.x() + dx, item.y() + dy)

    def port(self, name: str, side: str) -> QPoint:
        item = self.view.board.nodes[name]
        found = next(p for p in item.ports if p.side == side)
        return self.at(item.x() + found.place[0], item.y() + found.place[1])

    def press(self, at: QPoint, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseMove(self.view.viewport(), at)
        QTest.mousePress(self.view.viewport(), button, keys, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.view.viewport(), at)

    def release(self, at: QPoint, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        QTest.mouseRelease(self.view.viewport(), button, keys, at)

    def click(self, at: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        self.press(at, keys)
        self.release(at, keys)

    def drag(self, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        self.press(start, keys, button)
        self.move(start + (end - start) / 2)
        self.move(end)
        self.release(end, keys, button)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.view, key, keys)

    def drag_in(self, key: str, at: QPoint, drop: bool = True, over: QWidget | None = None) -> None:
        mime = QMimeData()
        mime.setData(MIME, QByteArray(key.encode()))
        copy = Qt.DropAction.CopyAction
        port = over or self.view.viewport()
        QApplication.sendEvent(port, QDragEnterEvent(at, copy, mime, LEFT, NONE))
        QApplication.sendEvent(port, QDragMoveEvent(at, copy, mime, LEFT, NONE))
        if drop:
            QApplication.sendEvent(port, QDropEvent(QPointF(at), copy, mime, LEFT, NONE))
        else:
            QApplication.sendEvent(port, QDragLeaveEvent())

    def popup(self) -> SearchPopup:
        found = QApplication.activePopupWidget()
        assert isinstance(found, SearchPopup)
        return found

    def choose(self, typed: str) -> None:
        popup = self.popup()
        QTest.keyClicks(popup.field, typed)
        QTest.keyClick(popup.field, Qt.Key.Key_Return)


@pytest.fixture
def bench_of(qtbot: QtBot) -> Iterator[Callable[[Project], Bench]]:
    made: list[Bench] = []

    def make(project: Project) -> Bench:
        document = Document(project)
        checks = Checks(document)
        selection = Selection(document)
        view = CanvasView(document, checks, selection)
        qtbot.addWidget(view)
        view.resize(1000, 640)
        view.show()
        view.centerOn(346, 140)
        view.setFocus()
        QApplication.processEvents()
        made.append(Bench(view, document, checks, selection))
        return made[-1]

    yield make
    for bench in made:
        bench.view.motion.finish()
        bench.view.close()


@pytest.fixture
def bench(bench_of: Callable[[Project], Bench]) -> Bench:
    return bench_of(chain())


@pytest.fixture
def blank(bench_of: Callable[[Project], Bench]) -> Bench:
    return bench_of(Project())
