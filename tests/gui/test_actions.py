"""Every action is in a menu, has its own keys, and is found in the command palette."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from gui.action import ACTIONS, MENUS
from gui.actions import declared
from gui.command_palette import ACTION, CommandPalette
from gui.main_window import MainWindow
from tests.gui.helpers import convolutional


def test_no_two_actions_have_the_same_key() -> None:
    counted = Counter(key for action in declared().values() for key in action.keys)
    assert [key for key, count in counted.items() if count > 1] == []


def test_every_action_says_what_it_does() -> None:
    assert all(action.run.__doc__ for action in ACTIONS.values())
    assert all(action.place.partition("/")[0] in MENUS for action in declared().values())


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    found: set[QAction] = set()
    for top in window.title_bar.actions():
        menu = top.menu()
        assert isinstance(menu, QMenu)
        found |= set(menu.actions())
    assert set(window.actions_by_name.made.values()) <= found


def listed(palette: CommandPalette) -> list[str]:
    """The names of the actions in the palette."""
    return [palette.list.item(row).data(ACTION).objectName() for row in range(palette.list.count())]


def open_palette(window: MainWindow) -> CommandPalette:
    """Open the command palette by its keys."""
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_P, modifiers)
    return window.findChildren(CommandPalette)[-1]


def test_the_palette_lists_every_action_and_runs_the_chosen_one(window: MainWindow) -> None:
    window.files.new(convolutional())
    palette = open_palette(window)
    assert set(listed(palette)) == set(window.actions_by_name.made) - {"command_palette"}
    QTest.keyClicks(palette.line, "select all")
    assert listed(palette)[0] == "select_all"
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert len(window.selection.names) == 4


def test_a_search_without_result_says_what_to_try(window: MainWindow) -> None:
    palette = open_palette(window)
    QTest.keyClicks(palette.line, "qqqq")
    assert palette.empty.isVisible()
    palette.close()


def enabled(window: MainWindow) -> set[str]:
    """The actions that can be chosen."""
    return {name for name, made in window.actions_by_name.made.items() if made.isEnabled()}


NEEDS_LAYERS = {"select_all", "arrange_layers", "fit", "fit_all", "export"}
NEEDS_SELECTION = {"delete", "delete_and_heal", "cut", "copy", "duplicate", "select_upstream", "select_downstream"}
NEEDS_OTHERS = {"rename", "wire_selected", "unwire_selected", "select_none"}


def test_what_is_selected_decides_what_can_be_done(window: MainWindow) -> None:
    assert not enabled(window) & (
        NEEDS_LAYERS | NEEDS_SELECTION | NEEDS_OTHERS | {"undo", "redo", "save", "train", "stop"}
    )
    window.files.new(convolutional())
    canvas = window.canvas
    canvas.setFocus()
    assert enabled(window) >= NEEDS_LAYERS
    assert not enabled(window) & (NEEDS_SELECTION | NEEDS_OTHERS)
    QTest.keyClick(canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert enabled(window) >= NEEDS_SELECTION | {"unwire_selected", "select_none"}
    assert not enabled(window) & {"rename", "wire_selected"}
    window.actions_by_name["unwire_selected"].trigger()
    assert not window.document.project.network.wires
    assert "unwire_selected" not in enabled(window)
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "unwire_selected" in enabled(window)
    window.selection.set(["conv"])
    assert enabled(window) >= {"rename", "unwire_selected"}
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(canvas, Qt.Key.Key_A, modifiers)
    assert not enabled(window) & (NEEDS_SELECTION | NEEDS_OTHERS)


def test_the_overview_says_whether_it_is_shown(window: MainWindow) -> None:
    overview = window.actions_by_name["toggle_minimap"]
    assert overview.isChecked()
    overview.trigger()
    assert not overview.isChecked()
    assert not window.canvas.minimap_wanted


def test_the_key_of_the_inspector_always_leads_to_a_field(window: MainWindow) -> None:
    window.files.new(convolutional())
    for names in ((), ("conv",), ("conv", "classes")):
        window.selection.set(names)
        window.canvas.setFocus()
        QTest.keyClick(window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert window.inspector.isAncestorOf(focus)


def test_what_cannot_be_done_is_not_enabled(window: MainWindow) -> None:
    names = window.actions_by_name
    assert not names["undo"].isEnabled()
    assert not names["delete"].isEnabled()
    window.add_layer("Dense")
    assert names["undo"].isEnabled()
    assert names["undo"].text() == "Undo: Add Dense"
    assert names["delete"].isEnabled()
    names["undo"].trigger()
    assert names["redo"].text() == "Redo: Add Dense"
    assert not names["undo"].isEnabled()
