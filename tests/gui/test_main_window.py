"""The window puts its parts together: what is done in one is seen in the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from graph.edits import set_parameters, set_training
from gui.about import as_text
from gui.history_list import HistoryList
from gui.inspector.layer_page import LayerPage
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import theme_switch
from tests.gui.conftest import Answers
from tests.gui.helpers import convolutional

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_layer_is_added_and_changed_by_keys_alone(window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_F, CONTROL)
    assert window.palette_panel.search.hasFocus()
    QTest.keyClicks(window.palette_panel.search, "dense")
    QTest.keyClick(window.palette_panel.search, Qt.Key.Key_Return)
    assert window.selection.names == ("dense",)
    QTest.keyClick(window, Qt.Key.Key_I, CONTROL)
    name = window.focusWidget()
    assert isinstance(name, QLineEdit)
    assert name.text() == "dense"
    QTest.keyClick(name, Qt.Key.Key_Tab)
    units = window.focusWidget()
    assert isinstance(units, QLineEdit)
    QTest.keyClicks(units, "128")
    assert window.document.project.network.layers["dense"].units == 128


def test_a_tab_is_called_by_what_it_will_show(window: MainWindow) -> None:
    tab = window.tabs.indexOf(window.tabs.panels["confusion"])
    window.new_from_template("digits")
    assert window.tabs.tabText(tab) == "Confusion"
    window.new_from_template("regression")
    assert window.tabs.tabText(tab) == "Predicted against true"


def test_delete_in_a_field_deletes_text_and_on_the_canvas_the_layer(window: MainWindow) -> None:
    window.files.new(convolutional())
    window.selection.set(["conv"])
    assert isinstance(window.inspector.page, LayerPage)
    line = window.inspector.page.forms[0].editors["filters"].findChildren(QLineEdit)[0]
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    assert "conv" in window.document.project.network.layers
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Delete)
    assert "conv" not in window.document.project.network.layers


def test_undo_and_redo_by_keys(window: MainWindow) -> None:
    window.add_layer("Dense")
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert not window.has_layers
    QTest.keyClick(window, Qt.Key.Key_Y, CONTROL)
    assert window.has_layers


def test_the_history_goes_back_to_any_step(window: MainWindow, qtbot: QtBot) -> None:
    for key in ("Input", "Dense", "Dense"):
        window.add_layer(key)
    window.show_history()
    listed = window.findChildren(HistoryList)[-1]
    assert [listed.list.item(i).text() for i in range(listed.list.count())][:2] == ["As opened", "Add Input"]
    place = listed.list.visualItemRect(listed.list.item(1)).center()
    qtbot.mouseClick(listed.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert list(window.document.project.network.layers) == ["input"]
    listed.close()


def test_the_status_line_and_the_tab_tell_size_and_problems(window: MainWindow) -> None:
    assert window.status.figures.text() == "No layers yet"
    window.files.new(convolutional())
    # conv: 6 · 6 places of 3 · 3 · 32; classes: 1152 · 10
    assert window.status.figures.text() == "4 layers · 11,850 parameters · 21.9k multiply-adds"
    window.selection.set(())
    window.add_layer("Embedding")
    problems = len(window.checks.current.problems)
    assert problems >= 1
    assert window.tabs.tabText(window.tabs.count() - 1) == f"Problems ({problems})"
    assert "warning" in window.status.problems.text() or "error" in window.status.problems.text()


def test_the_status_line_tells_the_memory_that_training_takes(window: MainWindow, qtbot: QtBot) -> None:
    window.new_from_template("spirals")
    qtbot.waitUntil(lambda: "at batch" in window.status.memory.text(), timeout=10_000)
    before = window.status.memory.text()
    window.document.edit("batch", lambda project: set_training(project, batch_size=4096))
    qtbot.waitUntil(lambda: window.status.memory.text().endswith("at batch 4096"), timeout=10_000)
    assert window.status.memory.text() != before
    window.document.edit("shape", lambda project: set_parameters(project, "input", {"shape": (5,)}))
    assert window.checks.current.errors
    assert window.status.memory.text() == ""


def test_f8_goes_round_the_problems(window: MainWindow) -> None:
    window.files.new(convolutional())
    for _ in range(2):
        window.selection.set(())
        window.add_layer("Flatten")
    wrong = list(dict.fromkeys(p.node for p in window.checks.current.problems if p.node))
    assert len(wrong) >= 2
    window.selection.set(())
    seen = []
    for _ in range(len(wrong) + 1):
        QTest.keyClick(window, Qt.Key.Key_F8)
        seen.append(window.selection.names[0])
    assert seen == [*wrong, wrong[0]]


def test_a_template_opens_without_asking_and_is_shown_whole(window: MainWindow, answers: Answers) -> None:
    window.new_from_template("digits")
    assert window.has_layers
    assert not window.unsaved
    assert window.can_save
    window.new_from_template("spirals")
    assert answers.said == []


@pytest.mark.parametrize(
    ("name", "key"), [("palette", Qt.Key.Key_1), ("inspector", Qt.Key.Key_2), ("bottom", Qt.Key.Key_3)]
)
def test_a_panel_is_hidden_and_that_is_remembered(
    window: MainWindow, settings: Settings, tmp_path: Path, qtbot: QtBot, name: str, key: Qt.Key
) -> None:
    QTest.keyClick(window, key, CONTROL)
    assert not window.frame.shows(name)
    other = MainWindow(settings, tmp_path / "other")
    qtbot.addWidget(other)
    assert not other.frame.shows(name)
    other.close()


def test_sizes_are_remembered(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    window.resize(780, 600)  # The screen of the tests is 800 wide.
    window.frame.across.setSizes([180, 300, 298])
    wanted = window.frame.across.sizes()
    window.close()
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    again = MainWindow(Settings(store), tmp_path / "other")
    qtbot.addWidget(again)
    again.show()
    qtbot.waitExposed(again)
    assert again.frame.across.sizes() == wanted
    again.close()


def test_the_theme_is_chosen_in_the_menu(window: MainWindow) -> None:
    for mode, dark in (("light", False), ("dark", True)):
        window.actions_by_name[f"theme_{mode}"].trigger()
        assert theme_switch().current.dark is dark
        assert window.actions_by_name[f"theme_{mode}"].isChecked()
        assert not window.actions_by_name["theme_system"].isChecked()
    window.actions_by_name["theme_system"].trigger()


def test_the_versions_are_told() -> None:
    text = as_text()
    assert all(name in text for name in ("Netloom", "Python", "Qt", "numpy", "BLAS"))


def test_an_empty_project_is_a_beginning_and_no_error(window: MainWindow) -> None:
    assert window.checks.current.problems == ()
    assert window.status.problems.text() == ""
    assert window.tabs.tabText(window.tabs.count() - 1) == "Problems"
    window.add_layer("Dense")
    assert window.checks.current.problems
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert window.checks.current.problems == ()
