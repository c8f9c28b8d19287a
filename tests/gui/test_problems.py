"""The problems panel says what is wrong, goes there, and mends it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from graph import edits
from graph.layers import layers
from gui.checks import Checks
from gui.document import Document
from gui.problems import FIX_COLUMN, Problems
from gui.theme import Mode, current_theme, theme_switch
from tests.gui.helpers import convolutional


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document(convolutional())


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> Problems:
    made = Problems(document, Checks(document, document))
    qtbot.addWidget(made)
    made.resize(1000, 240)
    made.show()
    qtbot.waitExposed(made)
    return made


def rows(panel: Problems) -> list[str]:
    """Layer and problem of every row."""
    items = map(panel.table.topLevelItem, range(panel.table.topLevelItemCount()))
    return [f"{item.text(0)}: {item.text(1)}" for item in items if item is not None]


def break_conv(document: Document) -> None:
    document.edit("x", lambda p: edits.set_parameters(p, "conv", {"kernel_size": (9, 9)}))


def test_a_sound_project_says_so(panel: Problems, document: Document) -> None:
    for problem in rows(panel):
        assert "conv" not in problem
    assert panel.table.isVisible() == bool(rows(panel))


def test_an_error_comes_first_and_enter_goes_there(panel: Problems, document: Document, qtbot: QtBot) -> None:
    document.edit("x", lambda p: edits.add_layer(p, layers.make("Dense"), name="lonely"))
    break_conv(document)
    assert rows(panel)[0] == "conv: A window of 9×9 does not fit into 8×8."
    assert any(row.startswith("lonely: ") for row in rows(panel))
    panel.table.setFocus()
    panel.table.setCurrentItem(panel.table.topLevelItem(0))
    with qtbot.waitSignal(panel.jump) as jumped:
        QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert jumped.args == ["conv"]


def test_a_click_on_the_fix_mends_it_and_undo_brings_it_back(panel: Problems, document: Document, qtbot: QtBot) -> None:
    break_conv(document)
    item = panel.table.topLevelItem(0)
    place = panel.table.visualItemRect(item).center()
    place.setX(panel.table.columnViewportPosition(FIX_COLUMN) + 8)
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert document.project.network.layers["conv"].padding == "same"
    assert not any("conv" in row for row in rows(panel))
    document.undo()
    assert "conv" in rows(panel)[0]


def test_alt_enter_mends_too_and_the_menu_lists_every_fix(panel: Problems, document: Document) -> None:
    break_conv(document)
    problem = panel._checks.current.of("conv")[0]
    titles = [action.text() for action in panel.menu_of(problem).actions() if action.text()]
    assert titles[0] == "Go to conv"
    assert titles[1:] == [str(fix.text) for fix in problem.fixes]
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert document.project.network.layers["conv"].padding == "same"


def test_many_problems_are_shown_quickly_and_not_all(panel: Problems, document: Document) -> None:
    many = {f"n{i}": layers.make("Dense") for i in range(600)}
    document.edit("x", lambda p: edits.add_layers(p, many, {}))
    assert panel.table.topLevelItemCount() == 500


@pytest.mark.parametrize("mode", ["dark", "light"])
def test_a_fix_looks_like_a_link_on_the_selected_row_too(panel: Problems, document: Document, mode: Mode) -> None:
    theme_switch().set_mode(mode)
    theme_switch().apply()
    break_conv(document)
    panel.table.setCurrentItem(panel.table.topLevelItem(0))
    area = panel.table.visualRect(panel.table.model().index(0, FIX_COLUMN))
    image = panel.table.viewport().grab(area).toImage()
    colors = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    link, plain = current_theme().color("accent"), current_theme().color("text")
    theme_switch().set_mode("system")
    assert min(apart(color, link) for color in colors) < 60
    assert min(apart(color, plain) for color in colors) > 60


def apart(one: QColor, other: QColor) -> int:
    """How far two colours are from one another."""
    return sum(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True))
