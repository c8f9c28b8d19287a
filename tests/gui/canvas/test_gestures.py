"""The mouse acts on the canvas; the document says what came of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from graph import edits
from graph.network import Wire
from tests.gui.canvas.conftest import OFFSCREEN, Bench

pytestmark = OFFSCREEN

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
MIDDLE = Qt.MouseButton.MiddleButton


def test_a_drag_moves_the_card_and_commits_once(bench: Bench) -> None:
    network, steps = bench.project.network, len(bench.document.history.steps)
    start = bench.card("conv2d")
    bench.press(start)
    for i in range(1, 8):
        bench.move(start + QPoint(i * 9, i * 11))
    assert bench.project.positions["conv2d"] == (504.0, 200.0)
    bench.release(start + QPoint(63, 77))
    assert bench.project.positions["conv2d"] == (568.0, 276.0)
    assert bench.project.network is network
    assert len(bench.document.history.steps) == steps + 1
    assert bench.document.history.undo_text == "Move conv2d"


def test_a_drag_moves_all_selected_cards(bench: Bench) -> None:
    bench.click(bench.card("conv2d"))
    bench.click(bench.card("flatten"), SHIFT)
    bench.drag(bench.card("flatten"), bench.card("flatten") + QPoint(0, 80))
    assert bench.project.positions["flatten"] == (252.0, 280.0)
    assert bench.project.positions["conv2d"] == (504.0, 280.0)
    assert bench.document.history.undo_text == "Move 2 layers"


def test_a_card_snaps_to_the_edge_of_another(bench: Bench) -> None:
    bench.drag(bench.card("flatten"), bench.card("flatten") + QPoint(249, 100))
    assert bench.project.positions["flatten"] == (504.0, 300.0)


def test_a_small_drift_is_a_click(bench: Bench) -> None:
    bench.drag(bench.card("dense"), bench.card("dense") + QPoint(2, 2))
    assert bench.selection.names == ("dense",)
    assert not bench.document.history.dirty


def test_escape_puts_a_dragged_card_back(bench: Bench) -> None:
    start = bench.card("dense")
    bench.press(start)
    bench.move(start + QPoint(50, 90))
    bench.key(Qt.Key.Key_Escape)
    bench.release(start + QPoint(50, 90))
    assert bench.view.board.nodes["dense"].x() == 252.0
    assert not bench.document.history.dirty


def test_a_marquee_selects_what_it_touches(bench: Bench) -> None:
    bench.drag(bench.at(-60, 150), bench.at(460, 320))
    assert bench.selection.names == ("flatten",)
    bench.drag(bench.at(470, 150), bench.at(740, 320), SHIFT)
    assert bench.selection.names == ("flatten", "conv2d")
    bench.drag(bench.at(-60, 150), bench.at(460, 320), CTRL)
    assert bench.selection.names == ("conv2d",)
    bench.click(bench.at(-60, 150))
    assert bench.selection.names == ()


def test_a_wire_is_drawn_from_port_to_port(bench: Bench) -> None:
    bench.drag(bench.port("dense", "output"), bench.port("flatten", "input"))
    assert ("dense", "flatten") in bench.wires
    assert ("dense", "dense_1") in bench.wires
    assert bench.document.history.undo_text == "Wire dense to flatten"


def test_a_wire_may_be_drawn_backwards(bench: Bench) -> None:
    bench.drag(bench.port("flatten", "input"), bench.port("input", "output"))
    assert ("input", "flatten") in bench.wires


def test_a_wire_dropped_on_a_card_finds_its_port(bench: Bench) -> None:
    bench.drag(bench.port("dense", "output"), bench.card("flatten"))
    assert ("dense", "flatten") in bench.wires


def test_the_shape_is_shown_while_a_wire_is_drawn(bench: Bench) -> None:
    bench.press(bench.port("dense", "output"))
    bench.move(bench.port("dense", "output") + QPoint(30, 30))
    bench.move(bench.port("flatten", "input"))
    assert bench.view.hint.isVisible()
    assert (bench.view.hint.text, bench.view.hint.refused) == ("16", False)
    bench.key(Qt.Key.Key_Escape)
    assert not bench.view.hint.isVisible()
    bench.release(bench.port("flatten", "input"))
    assert ("dense", "flatten") not in bench.wires


def test_a_port_that_refuses_says_why(bench: Bench) -> None:
    bench.press(bench.port("dense", "output"))
    bench.move(bench.port("dense", "output") + QPoint(30, 30))
    bench.move(bench.port("conv2d", "input"))
    assert bench.view.hint.refused
    assert "Conv2D" in bench.view.hint.text
    bench.release(bench.port("conv2d", "input"))
    assert ("dense", "conv2d") not in bench.wires


def test_a_circle_is_refused(bench: Bench) -> None:
    bench.press(bench.port("dense_1", "output"))
    bench.move(bench.port("dense_1", "output") + QPoint(0, 30))
    bench.move(bench.port("dense", "input"))
    assert bench.view.hint.text == "The wires would run in a circle."
    bench.release(bench.port("dense", "input"))
    assert ("dense_1", "dense") not in bench.wires


def test_only_ports_that_would_take_the_wire_light_up(bench: Bench) -> None:
    bench.press(bench.port("dense", "output"))
    bench.move(bench.port("dense", "output") + QPoint(30, 30))
    nodes = bench.view.board.nodes
    assert nodes["flatten"].lit
    assert not nodes["conv2d"].lit
    assert {port.side for port in nodes["dense"].lit} <= {"output"}
    bench.release(bench.at(0, 300))
    bench.popup().close()
    assert not nodes["flatten"].lit
    assert not nodes["dense"].lit


def test_the_input_end_of_a_wire_is_led_elsewhere(bench: Bench) -> None:
    bench.drag(bench.port("dense_1", "input"), bench.port("flatten", "input"))
    assert bench.wires == {("input", "dense"), ("dense", "flatten")}


def test_a_wire_led_over_empty_canvas_is_taken_away(bench: Bench) -> None:
    bench.drag(bench.port("dense_1", "input"), bench.at(300, 350))
    assert bench.wires == {("input", "dense")}
    bench.document.undo()
    assert bench.wires == {("input", "dense"), ("dense", "dense_1")}


def test_a_wire_dropped_on_empty_canvas_searches_what_fits(bench: Bench) -> None:
    bench.drag(bench.port("dense_1", "output"), bench.at(760, 120))
    popup = bench.popup()
    keys = [popup.list.item(i).text() for i in range(popup.list.count())]
    assert "Dense" in keys
    assert "Conv2D" not in keys
    assert "Input" not in keys
    bench.choose("dropout")
    assert ("dense_1", "dropout") in bench.wires
    assert bench.selection.names == ("dropout",)
    bench.document.undo()
    assert "dropout" not in bench.project.network.layers


def test_alt_click_detaches_a_port(bench: Bench) -> None:
    bench.click(bench.port("dense", "output"), ALT)
    assert bench.wires == {("input", "dense")}


def test_a_line_across_wires_cuts_them(bench: Bench) -> None:
    bench.drag(bench.at(220, -60), bench.at(220, 120), ALT | SHIFT)
    assert bench.wires == {("dense", "dense_1")}
    assert bench.document.history.undo_text == "Cut wires"


def test_a_layer_dragged_in_stands_under_the_pointer(bench: Bench) -> None:
    bench.drag_in("Dropout", bench.at(94, 338))
    assert bench.project.positions["dropout"] == (0.0, 300.0)
    assert bench.selection.names == ("dropout",)


def test_a_layer_dragged_out_again_changes_nothing(bench: Bench) -> None:
    items = len(bench.view.board.items())
    bench.drag_in("Dropout", bench.at(94, 338), drop=False)
    assert not bench.document.history.dirty
    assert len(bench.view.board.items()) == items


def test_a_layer_dropped_on_a_wire_is_inserted_and_makes_room(bench: Bench) -> None:
    bench.drag_in("Dropout", bench.at(220, 38))
    assert bench.wires == {("input", "dropout"), ("dropout", "dense"), ("dense", "dense_1")}
    boxes = bench.project.positions
    assert boxes["dropout"][0] >= boxes["input"][0] + 188
    assert boxes["dense"][0] >= boxes["dropout"][0] + 188
    assert boxes["dense_1"][0] - boxes["dense"][0] == 252.0
    bench.document.undo()
    assert bench.wires == {("input", "dense"), ("dense", "dense_1")}


def test_a_layer_that_does_not_fit_is_not_inserted(bench: Bench) -> None:
    bench.drag_in("Conv2D", bench.at(220, 38))
    assert bench.wires == {("input", "dense"), ("dense", "dense_1")}
    assert "conv2d_1" in bench.project.network.layers


def test_an_unwired_card_dropped_on_a_wire_is_inserted(bench: Bench) -> None:
    bench.drag(bench.card("flatten"), bench.at(474, 38))
    assert {("dense", "flatten"), ("flatten", "dense_1")} <= bench.wires
    assert ("dense", "dense_1") not in bench.wires


def test_alt_drag_leaves_a_copy(bench: Bench) -> None:
    bench.drag(bench.card("dense"), bench.card("dense") + QPoint(0, 300), ALT)
    assert bench.project.positions["dense"] == (252.0, 0.0)
    assert bench.project.positions["dense_2"] == (252.0, 300.0)
    assert bench.project.network.layers["dense_2"] == bench.project.network.layers["dense"]


def test_the_middle_button_and_space_pan(bench: Bench) -> None:
    before = bench.at(0, 0)
    bench.drag(bench.at(0, 300), bench.at(60, 340), button=MIDDLE)
    assert bench.at(0, 0) - before == QPoint(60, 40)
    QTest.keyPress(bench.view, Qt.Key.Key_Space)
    bench.drag(bench.card("dense"), bench.card("dense") - QPoint(60, 40))
    QTest.keyRelease(bench.view, Qt.Key.Key_Space)
    assert bench.at(0, 0) == before
    assert not bench.document.history.dirty


def test_a_drag_to_the_edge_moves_the_paper_on(bench: Bench, qtbot: QtBot) -> None:
    before = bench.view.visible_box()
    start, edge = bench.card("conv2d"), QPoint(bench.view.viewport().width() - 4, 300)
    bench.press(start)
    bench.move(start + QPoint(40, 0))
    bench.move(edge)
    qtbot.waitUntil(lambda: bench.view.visible_box()[0] > before[0] + 100)
    bench.release(edge)
    shown = bench.view.mapFromScene(*bench.project.positions["conv2d"])
    assert abs(shown.x() + 90 - edge.x()) < 20
    stood = bench.view.visible_box()
    qtbot.wait(60)
    assert bench.view.visible_box() == stood


def test_a_click_on_a_badge_says_the_problem_and_offers_its_fix(bench: Bench) -> None:
    bench.document.edit("x", partial(edits.remove, names=["input"]))
    item = bench.view.board.nodes["dense"]
    bench.click(bench.card("dense", item.width - 20, 19))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    said, hint, fix = (action.text() for action in menu.actions()[:3])
    assert said == "Dense has no input."
    assert hint.startswith("Draw a wire to it")
    assert fix == "Put an Input before it"
    menu.close()


def test_a_double_click_on_empty_canvas_adds_there(bench: Bench) -> None:
    QTest.mouseDClick(
        bench.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, bench.at(94, 338)
    )
    bench.choose("Dropout")
    assert bench.project.positions["dropout"] == (0.0, 300.0)


def test_what_is_under_the_pointer_comes_forward(bench: Bench) -> None:
    board = bench.view.board
    wire = board.wires[Wire("input", "dense")]
    bench.move(bench.at(220, 38))
    assert wire.hovered
    bench.move(bench.port("dense", "output"))
    assert not wire.hovered
    assert {port.side for port in board.nodes["dense"].lit} == {"output"}
    bench.move(bench.card("flatten"))
    assert not board.nodes["dense"].lit
    assert board.nodes["flatten"].hovered
    bench.move(bench.at(0, 300))
    assert not board.nodes["flatten"].hovered


def test_a_click_on_a_wire_selects_it_and_delete_takes_it_away(bench: Bench) -> None:
    bench.click(bench.at(220, 38))
    bench.key(Qt.Key.Key_Delete)
    assert bench.wires == {("dense", "dense_1")}
