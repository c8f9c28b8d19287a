"""An expression is typed in the inspector: what is wrong is said while it is typed, and what is right is shaped."""

from __future__ import annotations

import pytest
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


def function(panel: Panel) -> str:
    layer = panel.document.project.network.layers["lambda"]
    assert isinstance(layer, Lambda)
    return layer.function


def test_an_expression_is_typed_and_gives_its_shape(panel: Panel) -> None:
    panel.type(panel.field("function"), "mean(x ** 2, axis=-1)")
    assert function(panel) == "mean(x ** 2, axis=-1)"
    inference = panel.checks.current.inference
    x, y = (inference.layers["lambda"].inputs[0], inference.layers["lambda"].outputs)
    assert y == (x[:-1],)


def test_what_is_wrong_is_said_with_its_column_and_kept(panel: Panel, qtbot: QtBot) -> None:
    panel.type(panel.field("function"), "2 * sine(x)", enter=False)
    assert function(panel) == "2 * sine(x)"
    qtbot.waitUntil(lambda: "Column 5: There is no function named" in panel.shown())
    assert "Did you mean 'sin'?" in panel.shown()


def test_what_has_no_shape_is_a_problem_of_the_layer(panel: Panel) -> None:
    panel.type(panel.field("function"), "x * x1")
    (problem,) = panel.checks.current.of("lambda")
    assert problem.parameter == "function"
    assert problem.text.startswith("Column 5: x1 is not wired")
