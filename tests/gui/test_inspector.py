"""The inspector edits the document through its fields, and shows what the document holds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from graph import edits
from graph.layers import layers
from gui.checks import Checks
from gui.document import Document
from gui.inspector.fitting import fitting, ranges
from gui.inspector.form import FieldLabel
from gui.inspector.inspector import KEPT, Inspector
from gui.inspector.layer_page import LayerPage
from gui.inspector.network_page import NetworkPage
from gui.parts import Fold
from gui.selection import Selection
from tests.gui.helpers import convolutional


class Panel:
    """An inspector over the small network, and a person's hands on it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.document = Document(convolutional())
        self.checks = Checks(self.document)
        self.selection = Selection(self.document)
        self.inspector = Inspector(self.document, self.checks, self.selection)
        qtbot.addWidget(self.inspector)
        self.inspector.resize(300, 800)
        self.inspector.show()
        qtbot.waitExposed(self.inspector)

    def field(self, name: str) -> QLineEdit:
        """The line of a parameter."""
        page = self.page()
        editor = next(form.editors[name] for form in page.forms if name in form.editors)
        return editor.findChildren(QLineEdit)[0]

    def page(self) -> LayerPage:
        page = self.inspector.page
        assert isinstance(page, LayerPage)
        return page

    def type(self, line: QLineEdit, text: str, enter: bool = True) -> None:
        """Click into a line, replace its text and press Enter."""
        line.setFocus()
        QTest.mouseClick(line, Qt.MouseButton.LeftButton)
        line.selectAll()
        QTest.keyClicks(line, text)
        if enter:
            QTest.keyClick(line, Qt.Key.Key_Return)

    def shown(self) -> str:
        """All texts that can be seen."""
        return "\n".join(label.text() for label in self.inspector.findChildren(QLabel) if label.isVisible())

    def layer(self, name: str) -> object:
        return self.document.project.network.layers[name]


@pytest.fixture
def panel(qtbot: QtBot) -> Panel:
    return Panel(qtbot)


def test_typing_a_number_changes_the_layer_and_is_one_undo_step(panel: Panel) -> None:
    before = panel.document.project
    panel.selection.set(["conv"])
    panel.type(panel.field("filters"), "128")
    assert panel.layer("conv").filters == 128
    assert panel.document.history.undo_text == "Change filters of conv"
    panel.document.undo()
    assert panel.document.project is before
    assert panel.field("filters").text() == "32"


def test_two_visits_to_a_field_are_two_steps(panel: Panel) -> None:
    panel.selection.set(["conv"])
    panel.type(panel.field("filters"), "12")
    panel.field("kernel_size").setFocus()
    panel.type(panel.field("filters"), "14")
    panel.document.undo()
    assert panel.layer("conv").filters == 12


def test_what_is_not_valid_edits_nothing_and_says_what_is_expected(panel: Panel) -> None:
    before = panel.document.project
    panel.selection.set(["conv"])
    line = panel.field("filters")
    panel.type(line, "0", enter=False)
    assert panel.document.project is before
    assert line.property("invalid")
    assert "Expected a whole number from 1 to 65,536, received 0." in panel.shown()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "32"
    assert not line.property("invalid")
    panel.type(line, "33")
    assert "Expected" not in panel.shown()


def test_arrow_keys_step_within_the_limits(panel: Panel) -> None:
    panel.selection.set(["conv"])
    line = panel.field("kernel_size")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert panel.layer("conv").kernel_size == (4, 4)
    for _ in range(9):
        QTest.keyClick(line, Qt.Key.Key_Down)
    assert panel.layer("conv").kernel_size == (1, 1)


def test_a_choice_is_made_by_keys(panel: Panel) -> None:
    panel.selection.set(["conv"])
    box = panel.page().forms[0].editors["padding"].findChildren(QComboBox)[0]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert panel.layer("conv").padding == "same"


def test_a_box_is_ticked_with_space(panel: Panel) -> None:
    panel.selection.set(["conv"])
    box = panel.page().forms[0].editors["use_bias"].findChildren(QCheckBox)[0]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert panel.layer("conv").use_bias is False


def test_what_is_rarely_changed_is_folded_away(panel: Panel, qtbot: QtBot) -> None:
    panel.selection.set(["conv"])
    fold = next(fold for fold in panel.page().findChildren(Fold) if fold.head.text() == "More")
    main, more, _ = panel.page().forms
    assert {"filters", "kernel_size", "strides", "padding", "activation", "use_bias"} == set(main.editors)
    for name in ("data_format", "groups", "dilation_rate", "trainable"):
        assert not more.editors[name].isVisible()
    qtbot.mouseClick(fold.head, Qt.MouseButton.LeftButton)
    box = more.editors["data_format"].findChildren(QComboBox)[0]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert panel.layer("conv").data_format == "channels_first"


def test_an_edit_elsewhere_is_shown(panel: Panel) -> None:
    panel.selection.set(["conv"])
    panel.document.edit("x", lambda p: edits.set_parameters(p, "conv", {"filters": 7, "padding": "same"}), "canvas")
    assert panel.field("filters").text() == "7"
    assert "8×8×7" in panel.shown()
    assert "70 parameters" in panel.shown()  # 3 · 3 · 1 · 7 weights and 7 biases


def test_the_hint_names_the_sizes_that_fit(panel: Panel) -> None:
    panel.selection.set(["conv"])
    assert "1 to 8 fit an 8 × 8 input" in panel.shown()


def test_hints_agree_with_trying_every_size() -> None:
    conv = layers.make("Conv2D", {"dilation_rate": (2, 2)})
    # A window of k values two apart spans 2 k - 1 of an axis of 9.
    assert fitting(conv, "kernel_size", ((None, 9, 9, 1),)) == tuple(k for k in range(1, 65) if 2 * k - 1 <= 9)
    assert fitting(conv, "filters", ((None, 9, 9, 1),)) is None
    assert ranges((-3, -2, 1, 2, 3, 7)) == "-3 to -2, 1 to 3, 7"


def test_a_layer_is_renamed(panel: Panel) -> None:
    panel.selection.set(["conv"])
    assert panel.page().name_field is not None
    panel.type(panel.page().name_field.line, "first")
    assert "first" in panel.document.project.network.layers
    assert panel.selection.names == ("first",)
    assert panel.page().name_field.line.text() == "first"


def test_a_name_that_is_taken_is_refused_with_the_reason(panel: Panel) -> None:
    panel.selection.set(["conv"])
    line = panel.page().name_field.line
    panel.type(line, "flat", enter=False)
    assert "There is a layer named flat already." in panel.shown()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert line.text() == "conv"
    assert "conv" in panel.document.project.network.layers


def test_several_layers_show_what_they_share_and_are_changed_at_once(panel: Panel) -> None:
    panel.selection.set(["conv", "classes"])
    box = panel.page().forms[0].editors["activation"].findChildren(QComboBox)[0]
    assert box.currentIndex() == -1
    assert "filters" not in panel.page().forms[0].editors
    box.setFocus()
    QTest.keyClicks(box, "tanh")
    assert (panel.layer("conv").activation, panel.layer("classes").activation) == ("tanh", "tanh")
    panel.document.undo()
    assert (panel.layer("conv").activation, panel.layer("classes").activation) == ("relu", "softmax")


def test_a_problem_is_shown_and_mended_by_its_link(panel: Panel, qtbot: QtBot) -> None:
    panel.selection.set(["conv"])
    panel.document.edit("x", lambda p: edits.set_parameters(p, "conv", {"kernel_size": (9, 9)}))
    qtbot.waitUntil(lambda: "A window of 9×9 does not fit into 8×8." in panel.shown())
    link = next(b for b in panel.page().findChildren(QPushButton) if b.property("kind") == "link")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert panel.layer("conv").padding == "same"
    assert "does not fit" not in panel.shown()


def test_with_nothing_selected_the_network_is_shown_and_notes_are_kept(panel: Panel) -> None:
    page = panel.inspector.page
    assert isinstance(page, NetworkPage)
    # conv: 3 · 3 · 32 + 32; classes: 6 · 6 · 32 · 10 + 10
    assert f"{320 + 11_530:,}" in panel.shown()
    page.notes.setFocus()
    QTest.keyClicks(page.notes, "hello")
    assert panel.document.project.notes == "hello"
    panel.document.undo()
    assert panel.document.project.notes == ""
    assert page.notes.toPlainText() == ""


def test_the_first_layer_states_its_input_shape(panel: Panel) -> None:
    panel.document.edit("x", lambda p: edits.remove(p, ["digits"]))
    panel.selection.set(["conv"])
    head = panel.page()._first.head
    QTest.mouseClick(head, Qt.MouseButton.LeftButton)
    panel.type(panel.field("input_shape"), "6, 6, 3")
    assert panel.layer("conv").input_shape == (6, 6, 3)
    assert "6×6×3 → <b>4×4×32</b>" in panel.shown()


@pytest.mark.parametrize("key", layers.names())
def test_every_layer_has_a_form_with_an_editor_for_every_parameter(panel: Panel, key: str) -> None:
    panel.document.edit("x", lambda p: edits.add_layer(p, layers.make(key), name="new"))
    panel.selection.set(["new"])
    shown = {name for form in panel.page().forms for name in form.editors}
    hidden = {"input_shape", "input_dim", "input_length"} if key == "Input" else set()
    assert shown == set(layers[key].parameters) - hidden


def test_every_field_is_reached_by_tab_and_has_a_name(panel: Panel) -> None:
    panel.selection.set(["conv"])
    panel.inspector.focus_first()
    seen = []
    for _ in range(8):
        widget = panel.inspector.focusWidget()
        assert widget is not None
        seen.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert len(set(seen)) == 8
    for editor in panel.page().forms[0].editors.values():
        assert editor.accessibleName()
        assert editor.toolTip()


def test_a_refused_shape_is_shown_as_it_came(panel: Panel) -> None:
    panel.document.edit("large", lambda p: edits.set_parameters(p, "conv", {"kernel_size": (9, 9)}))
    panel.selection.set(["conv"])
    assert "8×8×1 → <b>–</b>" in panel.shown()


@pytest.mark.parametrize("key", [layer.key for layer in layers])
def test_every_form_fits_its_panel_with_all_folds_open(panel: Panel, key: str) -> None:
    panel.document.edit("Add", lambda project: edits.add_layer(project, layers.make(key), name="added"))
    panel.selection.set(["added"])
    for fold in panel.page().findChildren(Fold):
        fold.head.setChecked(True)
    QApplication.processEvents()
    assert panel.page().minimumSizeHint().width() <= panel.inspector.viewport().width()


def test_labels_are_alike_wide_and_say_their_names_in_full(panel: Panel) -> None:
    panel.document.edit("Add", lambda project: edits.add_layer(project, layers.make("LSTM"), name="added"))
    panel.selection.set(["added"])
    for fold in panel.page().findChildren(Fold):
        fold.head.setChecked(True)
    QApplication.processEvents()
    labels = [label for label in panel.page().findChildren(FieldLabel) if label.isVisible()]
    assert len({label.width() for label in labels}) == 1
    assert "recurrent_initializer" in {label.text().replace("\N{ZERO WIDTH SPACE}", "") for label in labels}
    assert all(label.height() >= label.heightForWidth(label.width()) for label in labels)


def test_a_list_shows_its_names_in_full(panel: Panel, qtbot: QtBot) -> None:
    panel.selection.set(["conv"])
    box = next(
        form.editors["kernel_initializer"] for form in panel.page().forms if "kernel_initializer" in form.editors
    )
    (found,) = box.findChildren(QComboBox)
    found.showPopup()
    view = found.view()
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    found.hidePopup()


def test_a_form_begins_with_what_makes_the_layer(panel: Panel) -> None:
    panel.document.edit(
        "Add", lambda project: edits.add_layer(project, layers.make("MultiHeadAttention"), name="heads")
    )
    panel.selection.set(["heads"])
    assert list(panel.page().forms[0].editors)[:3] == ["num_heads", "key_dim", "value_dim"]


def test_a_long_name_is_seen_from_its_beginning(panel: Panel) -> None:
    panel.document.edit("Rename", lambda project: edits.rename(project, "conv", "a_name_" * 10))
    panel.selection.set(["a_name_" * 10])
    field = panel.page().name_field
    assert field is not None
    assert field.line.cursorPosition() == 0


def test_a_page_serves_the_next_layer_of_its_kind(panel: Panel) -> None:
    name = next(n for n in ("conv_2", "other") if n not in panel.document.project.network.layers)
    panel.document.edit("x", lambda p: edits.add_layers(p, {name: layers.make("Conv2D", {"filters": 7})}, {}))
    panel.selection.set(["conv"])
    page, line = panel.page(), panel.field("filters")
    panel.type(line, "x", enter=False)
    panel.selection.set([name])
    assert panel.page() is page
    assert (line.text(), page.name_field.line.text()) == ("7", name)
    panel.type(line, "9")
    assert (panel.layer("conv").filters, panel.layer(name).filters) == (32, 9)
    panel.selection.set([])
    panel.selection.set(["conv"])
    assert panel.page() is page
    assert line.text() == "32"


def test_only_some_pages_are_kept(panel: Panel, qtbot: QtBot) -> None:
    keys = ("Dense", "Dropout", "LSTM", "GRU", "Flatten", "Reshape", "Embedding", "Conv1D")
    made = {key.lower() + "_new": layers.make(key) for key in keys}
    panel.document.edit("x", lambda p: edits.add_layers(p, made, {}))
    for name in made:
        panel.selection.set([name])
        assert panel.page().names == (name,)
    qtbot.waitUntil(lambda: len(panel.inspector.findChildren(LayerPage)) == KEPT)


@pytest.mark.parametrize("how", ["tab", "return", "beside"])
def test_what_is_not_taken_goes_when_the_field_is_left_and_the_reason_stays(panel: Panel, how: str) -> None:
    panel.selection.set(["conv"])
    line = panel.field("filters")
    panel.type(line, "x", enter=False)
    if how == "beside":
        window = panel.inspector.windowHandle()
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
        assert not line.hasFocus()
    else:
        QTest.keyClick(line, Qt.Key.Key_Tab if how == "tab" else Qt.Key.Key_Return)
    assert line.text() == "32"
    assert not line.property("invalid")
    assert "received 'x'" in panel.shown()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    line.setFocus()
    assert "received" not in panel.shown()


def test_escape_gives_up_what_was_typed_without_a_word(panel: Panel) -> None:
    panel.selection.set(["conv"])
    line = panel.field("filters")
    panel.type(line, "x", enter=False)
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "32"
    assert "received" not in panel.shown()
    name = panel.page().name_field.line
    panel.type(name, "other_name", enter=False)
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert name.text() == "conv"
    panel.type(panel.field("strides"), "1")
    assert "conv" in panel.document.project.network.layers
