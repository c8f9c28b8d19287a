"""The main job, by mouse and keys alone: wire a network, choose data, train, watch, edit meanwhile, take it away."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QListWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.events import EpochEnded
from engine.formats.weights import check_weights, read_weights
from engine.plan import compile
from engine.predict import predict
from graph.datasets import CsvFile
from graph.edits import set_training
from graph.formats import from_node_link
from graph.serialize import load, save
from gui.data.source import SourceState
from gui.export.dialog import ExportDialog
from gui.inspector.layer_page import LayerPage
from gui.main_window import MainWindow
from gui.problem_card import ProblemCard
from tests.gui.helpers import convolutional

ROOT = Path(__file__).resolve().parents[2]
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
COPY = Qt.DropAction.CopyAction


class Person:
    """What a person does with the window: nothing but events."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    @property
    def canvas(self) -> QWidget:
        return self.window.canvas.viewport()

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, LEFT, NONE, widget.rect().center() if at is None else at)

    def click_item(self, listed: QListWidget, text: str) -> None:
        (item,) = listed.findItems(text, Qt.MatchFlag.MatchExactly)
        listed.scrollToItem(item)
        self.click(listed.viewport(), listed.visualItemRect(item).center())

    def drop(self, widget: QWidget, mime: QMimeData, at: QPoint) -> None:
        QApplication.sendEvent(widget, QDragEnterEvent(at, COPY, mime, LEFT, NONE))
        QApplication.sendEvent(widget, QDragMoveEvent(at, COPY, mime, LEFT, NONE))
        QApplication.sendEvent(widget, QDropEvent(QPointF(at), COPY, mime, LEFT, NONE))

    def drag_in(self, key: str, at: tuple[float, float]) -> str:
        """Drag a layer from the palette to a place on the canvas; returns the name it got."""
        listed, given = self.window.palette_panel.list, list[QMimeData]()
        (item,) = listed.findItems(key, Qt.MatchFlag.MatchExactly)
        make = listed.mimeData
        listed.mimeData = lambda items: given.append(make(items)) or given[0]  # type: ignore[func-returns-value]
        listed.scrollToItem(item)
        start = listed.visualItemRect(item).center()
        QTest.mousePress(listed.viewport(), LEFT, NONE, start)
        QTest.mouseMove(listed.viewport(), start + QPoint(4, 4))
        QTest.mouseMove(listed.viewport(), start + QPoint(40, 8))
        QTest.mouseRelease(listed.viewport(), LEFT, NONE, start + QPoint(40, 8))
        listed.mimeData = make  # type: ignore[method-assign]
        before = set(self.window.document.project.network.layers)
        # The platform without a screen ends every drag at once; what the palette gave along goes on from here.
        self.drop(self.canvas, given[0], self.window.canvas.mapFromScene(QPointF(*at)))
        (name,) = set(self.window.document.project.network.layers) - before
        return name

    def port(self, name: str, side: str) -> QPoint:
        card = self.window.canvas.board.nodes[name]
        place = next(port.place for port in card.ports if port.side == side)
        return self.window.canvas.mapFromScene(card.pos() + QPointF(*place))

    def wire(self, source: str, target: str) -> None:
        start, end = self.port(source, "output"), self.port(target, "input")
        QTest.mouseMove(self.canvas, start)
        QTest.mousePress(self.canvas, LEFT, NONE, start)
        QTest.mouseMove(self.canvas, (start + end) / 2)
        QTest.mouseMove(self.canvas, end)
        QTest.mouseRelease(self.canvas, LEFT, NONE, end)

    def choose_card(self, name: str) -> LayerPage:
        card = self.window.canvas.board.nodes[name]
        self.click(self.canvas, self.window.canvas.mapFromScene(card.pos() + QPointF(90, 36)))
        page = self.window.inspector.page
        assert isinstance(page, LayerPage)
        assert page.names == (name,)
        return page

    def type_in(self, editor: QWidget, text: str) -> None:
        line = editor.findChildren(QLineEdit)[0]
        self.click(line)
        QTest.keyClick(line, Qt.Key.Key_A, CONTROL)
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)

    def button(self, inside: QWidget, text: str) -> QPushButton:
        (found,) = [b for b in inside.findChildren(QPushButton) if b.text().strip() == text and b.isVisible()]
        return found

    def come_back(self) -> None:
        """Turn to the main window, as a desktop does once a dialog is closed; there is none without a screen."""
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)

    def export(self, title: str, name: str) -> None:
        """Choose a format in the export dialog and save it, by keys."""
        QTest.keyClick(self.window, Qt.Key.Key_E, CONTROL)
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExportDialog)
        self.click_item(dialog.list, title)
        assert dialog.message.text() == ""
        QTimer.singleShot(0, lambda: answer_file_dialog(name))
        with self.qtbot.waitSignal(dialog.exported, timeout=10_000):
            QTest.keyClick(dialog.save, Qt.Key.Key_Space)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        self.come_back()


def answer_file_dialog(name: str) -> None:
    """Type a file's name into the dialog that asks for it, once it is there."""
    dialog = QApplication.activeModalWidget()
    if not isinstance(dialog, QFileDialog):
        QTimer.singleShot(10, lambda: answer_file_dialog(name))
        return
    (line,) = [one for one in dialog.findChildren(QLineEdit) if one.objectName() == "fileNameEdit"]
    line.selectAll()
    QTest.keyClicks(line, name)
    QTest.keyClick(line, Qt.Key.Key_Return)


@pytest.fixture
def person(window: MainWindow, qtbot: QtBot) -> Person:
    return Person(window, qtbot)


def logs_of(window: MainWindow) -> list[dict[str, float]]:
    """The figures of every epoch, gathered as the window hears them."""
    heard: list[dict[str, float]] = []

    def hear(events: list[Any]) -> None:
        heard.extend(dict(event.logs) for event in events if isinstance(event, EpochEnded))

    window.training.controller.ticked.connect(hear)
    return heard


def test_a_network_is_wired_trained_watched_edited_and_exported(
    window: MainWindow, person: Person, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # where the dialog for files begins
    document, controller = window.document, window.training.controller
    # Wire.
    for column, key in enumerate(("Input", "Flatten", "Dense", "Dense")):
        person.drag_in(key, (250.0 * column, 0.0))
    QTest.keyClick(window.canvas, Qt.Key.Key_Home)
    chain = ["input", "flatten", "dense", "dense_1"]
    for source, target in pairwise(chain):
        person.wire(source, target)
    assert [(wire.source, wire.target) for wire in document.project.network.wires] == list(pairwise(chain))
    # Set parameters.
    person.type_in(person.choose_card("input").forms[0].editors["shape"], "8 x 8 x 1")
    person.type_in(person.choose_card("dense").forms[0].editors["units"], "24")
    page = person.choose_card("dense_1")
    person.type_in(page.forms[0].editors["units"], "10")
    assert window.checks.current.inference.layers["dense_1"].outputs == ((None, 10),)
    # Choose data.
    person.click(window.data_button)
    data = window.training._data
    assert data is not None
    person.click_item(data.panel.list, "Handwritten digits")
    qtbot.waitUntil(lambda: window.data.state is SourceState.READY, timeout=10_000)
    person.click(person.button(data, "Close"))
    assert not data.isVisible()
    person.come_back()
    assert "digits · 1,797 samples" in window.data_button.text()
    # The loss does not suit classes; the card of the problem mends that.
    card = window.inspector.page.findChildren(ProblemCard)[0]
    person.click(card.findChildren(QPushButton)[0])
    assert document.project.training.loss.key == "sparse_categorical_crossentropy"
    assert window.checks.current.problems == ()
    window.training.panel.form.ensureWidgetVisible(window.training.panel.form.length)
    person.type_in(window.training.panel.form.length.editors["epochs"], "100")
    trained = document.project
    # Train, and watch.
    heard = logs_of(window)
    person.click(window.train_button)
    qtbot.waitUntil(lambda: len(heard) >= 3, timeout=15_000)
    assert "Epoch" in window.training.panel.readout.status.text()
    assert window.train_button.text().strip() == "Pause"
    (loss, *_) = window.training.panel.plots.plots.values()
    assert loss.lines
    assert max(len(item.line.series.y) for item in loss.lines) >= 2
    # Edit meanwhile.
    assert controller.state.busy
    person.type_in(person.choose_card("dense").forms[0].editors["units"], "48")
    assert document.project.network.layers["dense"].units == 48
    assert controller.state.busy
    assert controller.trained is not None
    assert controller.trained.network == trained.network
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    assert controller.failure == ""
    assert len(heard) == 100
    assert heard[-1]["loss"] < heard[0]["loss"] / 4
    assert "Finished after 100 of 100 epochs" in window.training.panel.readout.status.text()
    window.canvas.setFocus()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Z, CONTROL)
    assert document.project.network == trained.network
    # Take it away.
    person.export("Weights (Safetensors)", "weights.safetensors")
    person.export("Graph (node-link JSON)", "graph.json")
    text = (tmp_path / "graph.json").read_text()
    assert nx.is_directed_acyclic_graph(nx.node_link_graph(json.loads(text), edges="edges"))
    read = from_node_link(text).project.network
    assert read == trained.network
    weights = read_weights(tmp_path / "weights.safetensors")
    again = compile(read, 64, training=False, seed=99)
    check_weights(weights, again.parameters.slots, "weights.safetensors")
    for name, array in again.parameters.named().items():
        array[...] = weights[name]
    assert controller.ready is not None
    samples = controller.ready.session.prepared.test.inputs
    expected = controller.ready.session.predict(samples)["dense_1"]
    got = predict(again, {"input": samples["x"]})["dense_1"]
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_the_window_and_the_command_line_train_the_same(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    from engine import templates

    path = tmp_path / "digits.netloom"
    save(set_training(templates.make("digits")[0], epochs=2, seed=7), path)
    words = [sys.executable, str(ROOT / "main.py"), "train", str(path), "--json", "--out", str(tmp_path / "runs")]
    said = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True).stdout
    events = [json.loads(line) for line in said.splitlines()]
    expected = [event["logs"] for event in events if event["event"] == "epoch"]
    window.files.open(path)
    heard = logs_of(window)
    QTest.keyClick(window, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: not window.training.controller.state.busy and len(heard) == 2, timeout=60_000)
    assert heard == expected


@pytest.fixture
def drop_file(person: Person) -> Callable[[Path], None]:
    def drop(path: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        # Anywhere on the window, and so on the canvas: whatever does not take it passes it on.
        person.drop(person.canvas, mime, QPoint(100, 100))

    return drop


def test_a_dropped_csv_becomes_the_data(
    window: MainWindow, drop_file: Callable[[Path], None], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "plants.csv"
    path.write_text("width,height,kind\n" + "".join(f"{i},{i * 2},{'ab'[i % 2]}\n" for i in range(20)))
    drop_file(path)
    assert window.document.project.data.source == CsvFile(path=str(path))
    qtbot.waitUntil(lambda: window.data.state is SourceState.READY, timeout=10_000)
    assert window.data.samples is not None
    assert len(window.data.samples) == 20
    assert "plants.csv · 20 samples" in window.data_button.text()


def test_a_network_made_for_a_table_is_shown_whole(
    window: MainWindow, person: Person, drop_file: Callable[[Path], None], qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "plants.csv"
    path.write_text("width,height,kind\n" + "".join(f"{i},{i * 2},{'ab'[i % 2]}\n" for i in range(20)))
    drop_file(path)
    qtbot.waitUntil(lambda: window.data.state is SourceState.READY, timeout=10_000)
    person.click(window.data_button)
    data = window.training._data
    assert data is not None
    person.click(data.panel.fit.button)
    qtbot.waitUntil(lambda: len(window.canvas.board.nodes) > 1, timeout=10_000)
    seen = window.canvas.mapToScene(window.canvas.viewport().rect()).boundingRect()
    qtbot.waitUntil(lambda: all(seen.contains(card.sceneBoundingRect()) for card in window.canvas.board.nodes.values()))
    data.close()


def test_a_dropped_project_opens(window: MainWindow, drop_file: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "net.netloom"
    save(convolutional(), path)
    drop_file(path)
    assert window.document.project == load(path).project
    assert window.document.path == path
