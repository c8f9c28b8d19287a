"""A parameter that is a layer: which one is chosen, and that layer's own form below it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from graph import edits
from graph.layers.base import Layer
from graph.layers.core import Dense
from graph.layers.recurrent import GRU, LSTM
from graph.layers.wrappers import Bidirectional, TimeDistributed
from gui.canvas.card_text import card_text
from gui.inspector.layer_editor import LayerEditor
from tests.gui.test_inspector import Panel


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    panel = Panel(qtbot)
    for name, layer in {"both": Bidirectional(LSTM(8)), "steps": TimeDistributed(Dense(8))}.items():
        panel.document.edit("Add", lambda project, name=name, layer=layer: edits.add_layer(project, layer, name=name))
    return panel


def editor_of(panel: Panel, parameter: str = "layer") -> LayerEditor:
    editor = next(form.editors[parameter] for form in panel.page().forms if parameter in form.editors)
    assert isinstance(editor, LayerEditor)
    return editor


def line_of(editor: LayerEditor, parameter: str) -> QLineEdit:
    inner = next(form.editors[parameter] for form in editor.forms if parameter in form.editors)
    return inner.findChildren(QLineEdit)[0]


def choose(editor: LayerEditor, text: str) -> None:
    """Choose from the list as a person does with keys."""
    box = editor.findChildren(QComboBox)[0]
    box.setFocus()
    steps = box.findText(text) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def inside(panel: Panel, name: str = "both") -> Layer:
    layer = panel.document.project.network.layers[name]
    assert isinstance(layer, Bidirectional | TimeDistributed)
    return layer.layer


def test_the_form_of_the_layer_inside_is_shown_below(panel: Panel) -> None:
    panel.selection.set(["both"])
    editor = editor_of(panel)
    assert editor.inside.isVisible()
    assert line_of(editor, "units").text() == "8"
    shown = {name for form in editor.forms for name in form.editors}
    assert {"units", "activation", "dropout", "trainable"} <= shown
    assert not {"input_shape", "batch_size"} & shown


def test_typing_into_it_changes_the_layer_inside_in_one_step(panel: Panel) -> None:
    panel.selection.set(["both"])
    before = panel.document.project
    panel.type(line_of(editor_of(panel), "units"), "128")
    assert inside(panel) == LSTM(128)
    assert panel.document.history.undo_text == "Change layer.units of both"
    panel.document.undo()
    assert panel.document.project is before
    assert line_of(editor_of(panel), "units").text() == "8"


def test_what_is_not_valid_edits_nothing(panel: Panel) -> None:
    panel.selection.set(["both"])
    panel.type(line_of(editor_of(panel), "units"), "0", enter=False)
    assert inside(panel) == LSTM(8)
    assert "Expected a whole number from 1 to 65,536, received 0." in panel.shown()


def test_another_layer_keeps_what_both_have(panel: Panel) -> None:
    panel.selection.set(["both"])
    editor = editor_of(panel)
    choose(editor, "GRU")
    assert inside(panel) == GRU(8)
    assert panel.document.history.undo_text == "Change layer of both"
    assert "reset_after" in {name for form in editor.forms for name in form.editors}
    panel.document.undo()
    assert inside(panel) == LSTM(8)


def test_a_second_layer_comes_and_goes(panel: Panel) -> None:
    panel.selection.set(["both"])
    editor = editor_of(panel, "backward_layer")
    assert not editor.inside.isVisible()
    choose(editor, "LSTM")
    assert panel.document.project.network.layers["both"] == Bidirectional(LSTM(8), backward_layer=LSTM())
    choose(editor, "the same, backwards")
    assert panel.document.project.network.layers["both"] == Bidirectional(LSTM(8))


def test_any_simple_layer_may_stand_in_every_step(panel: Panel) -> None:
    panel.selection.set(["steps"])
    choose(editor_of(panel), "Conv2D")
    assert inside(panel, "steps").key == "Conv2D"
    choose(editor_of(panel), "TimeDistributed")
    assert isinstance(inside(panel, "steps"), TimeDistributed)
    deeper = next(form.editors["layer"] for form in editor_of(panel).forms if "layer" in form.editors)
    assert isinstance(deeper, LayerEditor)
    panel.type(line_of(deeper, "units"), "3")
    assert inside(panel, "steps") == TimeDistributed(Dense(3))
    assert panel.document.history.undo_text == "Change layer.layer.units of steps"


def test_several_at_once(panel: Panel) -> None:
    panel.document.edit("Add", lambda project: edits.add_layer(project, Bidirectional(GRU(4)), name="third"))
    panel.selection.set(["both", "third"])
    editor = editor_of(panel)
    assert not editor.inside.isVisible()
    choose(editor, "SimpleRNN")
    assert inside(panel).key == inside(panel, "third").key == "SimpleRNN"


def names_of_stops(panel: Panel, count: int) -> list[str]:
    """Where Tab goes from the first list on, by what each stop is called."""
    editor_of(panel).findChildren(QComboBox)[0].setFocus()
    said = []
    for _ in range(count):
        widget = QApplication.focusWidget()
        assert widget is not None
        said.append(widget.parentWidget().accessibleName() or widget.property("text"))
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    return said


def test_tab_goes_through_the_form_inside_before_it_goes_on(panel: Panel) -> None:
    panel.selection.set(["both"])
    stops = names_of_stops(panel, 14)
    assert stops[:3] == ["layer", "units", "activation"]
    assert stops[-4:] == ["More", "merge_mode", "backward_layer", "More"]
    panel.selection.set(["steps"])
    choose(editor_of(panel), "Conv1D")
    QApplication.processEvents()
    assert names_of_stops(panel, 3) == ["layer", "filters", "kernel_size"]


def test_the_card_says_what_is_inside(panel: Panel) -> None:
    found = panel.checks.current.inference.layers["both"]
    text = card_text("bidirectional", panel.document.project.network.layers["both"], found)
    assert (text.title, text.details) == ("Bidirectional", "LSTM 8")
