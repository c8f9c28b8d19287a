"""An expression is typed in the inspector: what is wrong is said while it is typed, and what is right is shaped."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from graph import edits
from graph.layers.lambda_layer import Lambda
from graph.network import Wire
from tests.gui.test_inspector import Panel


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    made = Panel(qtbot)
    project = made.document.project
    source = project.network.order[0]
    made.document.edit("Add", lambda p: edits.connect(edits.add_layer(p, Lambda()), Wire(source, "lambda")))
    made.selection.set(["lambda"])
    return made


def write(panel: Panel, text: str) -> QPlainTextEdit:
    """Click into the expression and type another."""
    (box,) = panel.page().forms[0].editors["function"].findChildren(QPlainTextEdit)
    QTest.mouseClick(box.viewport(), Qt.MouseButton.LeftButton)
    QTest.keyClick(box, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(box, text)
    return box


def function(panel: Panel) -> str:
    layer = panel.document.project.network.layers["lambda"]
    assert isinstance(layer, Lambda)
    return layer.function


def test_an_expression_is_typed_and_gives_its_shape(panel: Panel) -> None:
    write(panel, "mean(x ** 2, axis=-1)")
    assert function(panel) == "mean(x ** 2, axis=-1)"
    inference = panel.checks.current.inference
    x, y = (inference.layers["lambda"].inputs[0], inference.layers["lambda"].outputs)
    assert y == (x[:-1],)


def test_what_is_wrong_is_said_with_its_column_and_kept(panel: Panel, qtbot: QtBot) -> None:
    write(panel, "2 * sine(x)")
    assert function(panel) == "2 * sine(x)"
    qtbot.waitUntil(lambda: "Column 5: There is no function named" in panel.shown())
    assert "Did you mean 'sin'?" in panel.shown()


def test_what_has_no_shape_is_a_problem_of_the_layer(panel: Panel) -> None:
    write(panel, "x * x1")
    (problem,) = panel.checks.current.of("lambda")
    assert problem.parameter == "function"
    assert problem.text.startswith("Column 5: x1 is not wired")


def test_a_long_expression_is_seen_in_full(panel: Panel) -> None:
    box = write(panel, "x")
    short = box.height()
    write(panel, "where(x > 0, exp(x) / (1 + exp(x)), 0) + sum(x ** 2, axis=-1, keepdims=True)")
    QApplication.processEvents()
    assert box.height() > short
    assert box.verticalScrollBar().maximum() == 0
    assert box.width() > panel.inspector.width() * 0.8


def test_enter_and_pasting_bring_no_new_line(panel: Panel) -> None:
    box = write(panel, "x + ")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert function(panel) == "x +"
    QApplication.clipboard().setText("exp(\n    x\n)\n")
    QTest.keyClick(box, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert function(panel) == "x + exp( x )"
    assert [box.toPlainText(), panel.document.history.undo_text] == ["x + exp( x )", "Change function of lambda"]


def test_typing_is_one_undo_step_and_undo_is_shown(panel: Panel) -> None:
    box = write(panel, "exp(x)")
    QTest.keyClick(box, Qt.Key.Key_Tab)
    assert not box.hasFocus()
    panel.document.undo()
    assert (function(panel), box.toPlainText()) == ("x", "x")


def test_several_at_once(panel: Panel) -> None:
    panel.document.edit("Add", lambda p: edits.add_layer(p, Lambda("2 * x"), name="other"))
    panel.selection.set(["lambda", "other"])
    (box,) = panel.page().forms[0].editors["function"].findChildren(QPlainTextEdit)
    assert (box.toPlainText(), box.placeholderText()) == ("", "several values")
    write(panel, "-x")
    layers = panel.document.project.network.layers
    assert layers["lambda"] == layers["other"] == Lambda("-x")
