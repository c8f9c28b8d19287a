"""A thousand layers: an edit touches only the cards it concerns, and a layout runs beside the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph import edits
from graph.layers import layers
from graph.network import Network, Wire
from graph.project import Project
from gui.canvas.geometry import around
from tests.gui.canvas.conftest import Bench


@pytest.fixture
def large(bench_of: Callable[[Project], Bench]) -> Bench:
    made = {"input": layers.make("Input", {"shape": (8,)})} | {f"dense_{i}": layers.make("Dense") for i in range(999)}
    names = list(made)
    wires = [Wire(a, b) for a, b in pairwise(names)]
    places = {name: (252.0 * (i % 25), 160.0 * (i // 25)) for i, name in enumerate(names)}
    return bench_of(Project(Network.of(made, wires), places))


def test_edits_of_a_large_network_touch_only_what_they_concern(large: Bench) -> None:
    document, view = large.document, large.view
    changes: list[Callable[[Project], Project]] = [
        partial(edits.set_parameters, name="dense_500", changes={"units": 7}),
        partial(edits.move, positions={"dense_3": (0.0, 8000.0)}),
        partial(edits.connect, wire=Wire("dense_3", "dense_600")),
        partial(edits.remove, names=["dense_7"]),
    ]
    for change in changes:
        before = dict(view.board.nodes)
        document.edit("x", change)
        assert all(before[name] is item for name, item in view.board.nodes.items())
    before = dict(view.board.nodes)
    document.undo()
    assert all(view.board.nodes[name] is item for name, item in before.items())


def test_a_large_layout_leaves_the_window_alive_and_is_one_step(large: Bench, qtbot: QtBot) -> None:
    steps = len(large.document.history.steps)
    large.key(Qt.Key.Key_L)
    assert large.view.arranger.busy
    qtbot.waitUntil(lambda: not large.view.arranger.busy, timeout=20_000)
    assert len(large.document.history.steps) == steps + 1
    assert large.document.history.undo_text == "Layout"
    large.view.motion.finish()
    item = large.view.board.nodes["dense_900"]
    assert (item.x(), item.y()) == large.project.positions["dense_900"]


def test_a_layout_of_what_was_is_dropped(large: Bench, qtbot: QtBot) -> None:
    large.key(Qt.Key.Key_L)
    large.document.edit("x", partial(edits.remove, names=["dense_5"]))
    edited = large.project
    qtbot.waitUntil(lambda: not large.view.arranger.busy, timeout=20_000)
    assert large.project is edited


def test_the_wires_of_a_large_network_find_their_ways_between_events(large: Bench) -> None:
    large.view.board.routes.finish()
    assert not any(item.path().isEmpty() for item in large.view.board.wires.values())


def test_many_pasted_layers_are_selected(large: Bench, qtbot: QtBot) -> None:
    large.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    large.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    before = set(large.project.network.layers)
    large.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    added = set(large.project.network.layers) - before
    assert len(added) == 1000
    qtbot.waitUntil(lambda: set(large.selection.names) == added)
    QGuiApplication.clipboard().clear()


def test_undo_goes_before_the_selection_of_many_pasted_layers(large: Bench) -> None:
    large.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    large.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    large.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    large.document.undo()
    QApplication.processEvents()
    assert set(large.selection.names) <= set(large.project.network.layers)
    QGuiApplication.clipboard().clear()


def test_whoever_asks_for_the_board_finds_it_as_the_document_is(large: Bench, qtbot: QtBot) -> None:
    view, half = large.view, [f"dense_{i}" for i in range(200, 700)]
    large.document.edit("x", partial(edits.remove, names=half))
    assert set(view.board.nodes) == set(large.project.network.layers)
    large.document.undo()
    assert set(view.board.nodes) == set(large.project.network.layers)
    large.document.redo()
    view.fit(None)
    with qtbot.waitSignal(view.followed):
        pass
    box, seen = view.board.content_box(), view.visible_box()
    assert box is not None
    assert around([box, seen]) == seen


def test_a_gesture_ends_with_the_network_it_began_in(large: Bench) -> None:
    large.press(large.card("dense_3"))
    large.move(large.card("dense_3") + QPoint(60, 40))
    large.document.edit("x", partial(edits.remove, names=[f"dense_{i}" for i in range(500)]))
    large.release(QPoint(300, 300))
    assert large.document.history.undo_text == "x"
    assert set(large.view.board.nodes) == set(large.project.network.layers)


def test_cards_of_a_large_edit_come_in_slices(large: Bench, qtbot: QtBot) -> None:
    view, half = large.view, [f"dense_{i}" for i in range(200, 700)]
    large.document.edit("x", partial(edits.remove, names=half))
    assert view.behind
    with qtbot.waitSignal(view.followed):
        pass
    assert set(view.drawn.nodes) == set(large.project.network.layers)
    assert set(view.drawn.wires) == set(large.project.network.wires)


def test_an_edit_amid_the_slices_of_another_is_followed_too(
    large: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, half = large.view, [f"dense_{i}" for i in range(200, 700)]
    with monkeypatch.context() as slow:
        slow.setattr("gui.slices.BUDGET", 0.0)
        large.document.edit("x", partial(edits.remove, names=half))
        qtbot.waitUntil(lambda: len(view.drawn.wires) < 999)
    assert view.behind
    large.document.undo()
    large.document.edit("y", partial(edits.remove, names=["dense_5"]))
    with qtbot.waitSignal(view.followed):
        pass
    assert set(view.drawn.nodes) == set(large.project.network.layers)
    assert set(view.drawn.wires) == set(large.project.network.wires)
    qtbot.waitUntil(view.viewport().updatesEnabled)


def test_the_canvas_is_painted_once_all_cards_are_there(large: Bench, qtbot: QtBot) -> None:
    view = large.view
    large.document.edit("x", partial(edits.remove, names=[f"dense_{i}" for i in range(200, 700)]))
    assert not view.viewport().updatesEnabled()
    qtbot.waitUntil(view.viewport().updatesEnabled)
    assert not view.behind
