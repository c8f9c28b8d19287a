"""Keys act on the canvas; the document says what came of it."""

from __future__ import annotations

import json
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from graph import edits
from gui.canvas.commands import COMMANDS
from gui.canvas.menus import CANVAS, NODE, menu_at
from gui.canvas.rename_field import RenameField
from tests.gui.canvas.conftest import OFFSCREEN, Bench

pytestmark = OFFSCREEN

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def test_a_network_is_built_by_keyboard_alone(blank: Bench) -> None:
    for typed in ("input", "flatten", "dense", "dropout", "dense"):
        blank.key(Key.Key_Tab)
        blank.choose(typed)
    assert list(blank.project.network.layers) == ["input", "flatten", "dense", "dropout", "dense_1"]
    assert blank.wires == {("input", "flatten"), ("flatten", "dense"), ("dense", "dropout"), ("dropout", "dense_1")}
    places = [blank.project.positions[name] for name in blank.project.network.layers]
    assert places == sorted(places)
    blank.key(Key.Key_Left)
    blank.key(Key.Key_Left)
    assert blank.selection.names == ("dense",)
    blank.key(Key.Key_Delete, CTRL)
    assert ("flatten", "dropout") in blank.wires


def test_delete_takes_layers_with_their_wires_and_undo_brings_them_back(bench: Bench) -> None:
    before = bench.project
    bench.click(bench.card("dense"))
    bench.key(Key.Key_Delete)
    assert "dense" not in bench.project.network.layers
    assert bench.wires == set()
    assert bench.selection.names == ()
    assert set(bench.view.board.nodes) == set(bench.project.network.layers)
    assert not bench.view.board.wires
    bench.document.undo()
    assert bench.project is before
    assert set(bench.view.board.wires) == set(before.network.wires)


def test_copy_and_paste_bring_layers_and_their_wires(bench: Bench) -> None:
    bench.click(bench.card("input"))
    bench.click(bench.card("dense"), SHIFT)
    bench.key(Key.Key_C, CTRL)
    assert json.loads(QGuiApplication.clipboard().text())["format"] == "netloom"
    bench.move(bench.at(226, 338))
    bench.key(Key.Key_V, CTRL)
    assert ("input_1", "dense_2") in bench.wires
    assert bench.selection.names == ("input_1", "dense_2")
    first, second = bench.project.positions["input_1"], bench.project.positions["dense_2"]
    assert (second[0] - first[0], second[1] - first[1]) == (252.0, 0.0)
    assert first == (8.0, 300.0)


def test_paste_with_inputs_brings_the_wires_from_outside(bench: Bench) -> None:
    bench.click(bench.card("dense_1"))
    bench.key(Key.Key_C, CTRL)
    bench.key(Key.Key_V, CTRL | SHIFT)
    assert {("dense", "dense_1"), ("dense", "dense_2")} <= bench.wires
    assert bench.document.history.undo_text == "Paste dense_1"


def test_what_is_no_network_is_not_pasted(bench: Bench) -> None:
    QGuiApplication.clipboard().setText('{"format": 3')
    bench.key(Key.Key_V, CTRL)
    assert not bench.document.history.dirty


def test_cut_takes_away_and_paste_brings_back(bench: Bench) -> None:
    bench.click(bench.card("dense"))
    bench.key(Key.Key_X, CTRL)
    assert "dense" not in bench.project.network.layers
    bench.key(Key.Key_V, CTRL)
    assert bench.project.network.layers["dense"].config()["units"] == 16


def test_duplicate_stands_below(bench: Bench) -> None:
    bench.click(bench.card("dense"))
    bench.key(Key.Key_D, CTRL)
    assert bench.project.positions["dense_2"] == (252.0, 120.0)


def test_select_all_upstream_and_downstream(bench: Bench) -> None:
    bench.key(Key.Key_A, CTRL)
    assert set(bench.selection.names) == set(bench.project.network.layers)
    bench.click(bench.card("dense"))
    bench.key(Key.Key_U, SHIFT)
    assert set(bench.selection.names) == {"dense", "input"}
    bench.click(bench.card("dense"))
    bench.key(Key.Key_G, SHIFT)
    assert set(bench.selection.names) == {"dense", "dense_1"}


def test_layout_is_one_step_and_the_cards_come_to_their_places(bench: Bench, qtbot: QtBot) -> None:
    steps = len(bench.document.history.steps)
    bench.key(Key.Key_L)
    assert len(bench.document.history.steps) == steps + 1
    places = bench.project.positions
    assert places["input"][0] < places["dense"][0] < places["dense_1"][0]
    qtbot.waitUntil(lambda: not bench.view.motion.running)
    for name, item in bench.view.board.nodes.items():
        assert (item.x(), item.y()) == places[name]


def test_rename_on_the_card(bench: Bench) -> None:
    bench.click(bench.card("dense"))
    bench.key(Key.Key_F2)
    field = bench.view.findChild(RenameField)
    assert field is not None
    QTest.keyClicks(field, "dense_1")
    QTest.keyClick(field, Key.Key_Return)
    assert bench.view.hint.text == "There is a layer named dense_1 already. Choose another name."
    QTest.keyClicks(field, "_hidden")
    QTest.keyClick(field, Key.Key_Return)
    assert "dense_1_hidden" in bench.project.network.layers
    assert bench.selection.names == ("dense_1_hidden",)
    assert ("input", "dense_1_hidden") in bench.wires
    bench.document.undo()
    assert bench.selection.names == ("dense",)


def test_escape_keeps_the_name(bench: Bench) -> None:
    bench.click(bench.card("dense"))
    bench.key(Key.Key_F2)
    field = bench.view.findChild(QLineEdit)
    QTest.keyClicks(field, "other")
    QTest.keyClick(field, Key.Key_Escape)
    assert not bench.document.history.dirty


def test_two_selected_layers_are_wired_by_key(bench: Bench) -> None:
    bench.click(bench.card("dense_1"))
    bench.click(bench.card("flatten"), SHIFT)
    bench.key(Key.Key_W)
    assert ("dense_1", "flatten") in bench.wires


def test_arrows_go_from_card_to_card_and_ctrl_nudges(bench: Bench) -> None:
    bench.click(bench.card("input"))
    bench.key(Key.Key_Right)
    assert bench.selection.names == ("dense",)
    bench.key(Key.Key_Down)
    assert bench.selection.names == ("flatten",)
    steps = len(bench.document.history.steps)
    bench.key(Key.Key_Down, CTRL)
    bench.key(Key.Key_Right, CTRL)
    assert bench.project.positions["flatten"] == (256.0, 204.0)
    assert len(bench.document.history.steps) == steps + 1


def test_keys_of_other_alphabets_do_nothing(bench: Bench) -> None:
    QApplication.sendEvent(bench.view, QKeyEvent(QEvent.Type.KeyPress, 0x424, Qt.KeyboardModifier.NoModifier, "Ф"))
    QApplication.sendEvent(bench.view, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, ""))
    assert not bench.document.history.dirty


def test_zoom_fit_and_actual_size(bench: Bench) -> None:
    bench.key(Key.Key_Equal, CTRL)
    assert bench.view.zoom == 1.25
    bench.key(Key.Key_0, CTRL)
    assert bench.view.zoom == 1.0
    bench.view.set_zoom(0.2)
    bench.view.centerOn(5000, 5000)
    bench.key(Key.Key_Home)
    seen, whole = bench.view.visible_box(), bench.view.board.content_box()
    assert whole is not None
    assert seen[0] < whole[0] < whole[2] < seen[2]
    assert seen[1] < whole[1] < whole[3] < seen[3]


def test_the_wheel_zooms_at_the_pointer(bench: Bench) -> None:
    at = bench.card("conv2d")
    before = bench.view.mapToScene(at)
    view, none = bench.view.viewport(), Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        QPointF(at), QPointF(view.mapToGlobal(at)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, wheel)
    assert bench.view.zoom > 1.1
    after = bench.view.mapToScene(at)
    assert abs(after.x() - before.x()) <= 1
    assert abs(after.y() - before.y()) <= 1


def test_every_menu_entry_is_a_command(bench: Bench) -> None:
    assert {name for name in (*NODE, *CANVAS) if name != "|"} <= set(COMMANDS)
    keys = [key for command in COMMANDS.values() for key in command.keys]
    assert len(keys) == len(set(keys))
    menu = menu_at(bench.view, bench.view.mapToScene(bench.card("dense")))
    assert bench.selection.names == ("dense",)
    next(action for action in menu.actions() if action.text() == "Delete").trigger()
    assert "dense" not in bench.project.network.layers


def test_the_menu_of_a_card_offers_the_fixes_of_its_problem(bench: Bench) -> None:
    bench.document.edit("x", partial(edits.remove, names=["input"]))
    menu = menu_at(bench.view, bench.view.mapToScene(bench.card("dense")))
    fix = menu.actions()[0]
    assert fix.text() == "Put an Input before it"
    fix.trigger()
    assert ("input", "dense") in bench.wires


def test_a_layer_is_put_into_a_wire_by_its_menu(bench: Bench) -> None:
    menu = menu_at(bench.view, bench.view.mapToScene(bench.at(220, 38)))
    menu.actions()[0].trigger()
    bench.choose("Dropout")
    assert {("input", "dropout"), ("dropout", "dense")} <= bench.wires
