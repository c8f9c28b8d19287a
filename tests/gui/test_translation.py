"""Every word of the window goes through translation: in a language of brackets, no text stands bare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QTableView,
    QTreeView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine import templates
from engine.formats import exporters
from graph.activations import activations
from graph.datasets import datasets
from graph.edits import set_parameters, set_training
from graph.fields import ChoiceField
from graph.initializers import initializers
from graph.layers import layers
from graph.losses import losses
from graph.metrics import metrics
from graph.optimizers import optimizers
from graph.recipe import EarlyStopping
from graph.schedules import schedules
from gui.command_palette import CommandPalette
from gui.data.source import SourceState
from gui.export.dialog import ExportDialog
from gui.history_list import HistoryList
from gui.inspector.layer_page import LayerPage
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import theme_switch
from tests.gui.conftest import forget

OPEN, CLOSE = "⟦", "⟧"


class Brackets(QTranslator):
    """A language in which every text is itself in brackets."""

    def translate(self, context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"{OPEN}{text}{CLOSE}"

    def isEmpty(self) -> bool:
        return False


WORD = re.compile(r"[^\W\d_]{2,}\w*")
NAMES = {"Netloom", "netloom"}
"""Words that are the same in every language, besides the names that Keras and the data give."""


@pytest.fixture(autouse=True)
def brackets(qapp: QApplication) -> Iterator[None]:
    language = Brackets()
    QApplication.installTranslator(language)
    yield
    QApplication.removeTranslator(language)


@pytest.fixture
def foreign(brackets: None, qtbot: QtBot, settings: Settings, tmp_path: Path) -> MainWindow:
    """A window in the language of brackets."""
    theme_switch().apply()
    made = MainWindow(settings, tmp_path / "recovery")
    qtbot.addWidget(made, before_close_func=forget)
    made.show()
    qtbot.waitExposed(made)
    return made


def texts_of(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that a person can read or hear in a widget and what is in it, with where it stands."""
    for widget in [root, *root.findChildren(QWidget)]:
        where = f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        said = [widget.toolTip(), widget.accessibleName(), widget.windowTitle(), widget.statusTip()]
        if isinstance(widget, QLabel | QAbstractButton):
            said.append(widget.text())
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            said.append(widget.placeholderText())
        if isinstance(widget, QComboBox):
            said += [widget.itemText(i) for i in range(widget.count())]
        if isinstance(widget, QTabBar):
            said += [widget.tabText(i) for i in range(widget.count())]
        if isinstance(widget, QListWidget):
            items = [widget.item(i) for i in range(widget.count())]
            said += [item.text() for item in items] + [item.toolTip() for item in items]
        if isinstance(widget, QTableView | QTreeView):
            model = widget.model()
            columns = range(model.columnCount(QModelIndex()))
            said += [str(model.headerData(i, Qt.Orientation.Horizontal) or "") for i in columns]
        if isinstance(widget, QMenu):
            said.append(widget.title())
        yield from ((where, text) for text in said if text)
    for action in root.findChildren(QAction):
        yield from (("QAction", text) for text in (action.text(), action.toolTip()) if text)


def names_of(window: MainWindow) -> set[str]:
    """The names that stand in the window as Keras, the data and the person have them."""
    registries = (layers, activations, initializers, losses, metrics, optimizers, schedules, datasets)
    declared = [one for registry in registries for one in registry]
    found = {one.key for one in declared} | {name for one in declared for name in one.parameters}
    fields = [field for one in declared for field in one.parameters.values()]
    found |= {name for field in fields if isinstance(field, ChoiceField) for name in field.choices()}
    found |= set(window.document.project.network.layers) | {"loss", "val_loss", "val_accuracy"}
    for recipe in (window.document.project.training, window.document.project.data):
        found |= set(recipe.parameters)
    found |= set(EarlyStopping.parameters)
    found |= {name for one in exporters.values() if one.options is not None for name in one.options.parameters}
    if window.data.samples is not None:
        facts = window.data.samples.facts
        found |= {*facts.inputs, *facts.targets}
        found |= {name for target in facts.targets.values() for name in target.classes}
    return found


def bare(text: str, known: set[str]) -> list[str]:
    """The words of a text that stand in no brackets and are no names."""
    text = text.replace("\N{ZERO WIDTH SPACE}", "")  # where a long name may go on in another line
    rest = re.sub(r"<[^>]*>|&\w+;|https?://\S+", " ", text)
    before = ""
    while rest != before:
        before, rest = rest, re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*({CLOSE}|…)", " ", rest)
    words = {word for name in known for word in (name, *WORD.findall(name))}
    lower = {word.lower() for word in words}
    return [word for word in WORD.findall(rest) if word.lower() not in lower and word not in NAMES]


def assert_translated(root: QWidget, known: set[str]) -> None:
    found = sorted({(where, text) for where, text in texts_of(root) if bare(text, known)})
    assert not found, "\n".join(f"{where}: {text}" for where, text in found)


def test_the_brackets_are_seen(foreign: MainWindow) -> None:
    said = [text for _, text in texts_of(foreign)]
    assert sum(OPEN in text for text in said) > 200
    assert bare("⟦Data: ⟦digits⟧⟧ Train", set()) == ["Train"]


def test_an_empty_window_speaks_no_other_language(foreign: MainWindow) -> None:
    assert_translated(foreign, names_of(foreign))
    foreign.add_layer("Dense")
    known = names_of(foreign)
    foreign.show_tab("problems")
    assert_translated(foreign, known)
    page = foreign.inspector.page
    assert isinstance(page, LayerPage)
    line = page.forms[0].editors["units"].findChildren(QLineEdit)[0]
    for typed in ("many", "0", "1.5", ""):
        line.selectAll()
        QTest.keyClicks(line, typed) if typed else QTest.keyClick(line, Qt.Key.Key_Delete)
        assert any(OPEN in text for _, text in texts_of(page))
        assert_translated(page, {*known, "many"})


def test_a_window_with_work_in_it_speaks_no_other_language(foreign: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    project = set_training(templates.make("digits")[0], epochs=1, early_stopping=EarlyStopping())
    foreign.document.open(project, tmp_path / "digits.netloom")
    qtbot.waitUntil(lambda: foreign.data.state is SourceState.READY, timeout=20_000)
    foreign.training.toggle()
    qtbot.waitUntil(lambda: not foreign.training.controller.state.busy, timeout=30_000)
    known = {*names_of(foreign), "digits"}
    for name in foreign.tabs.panels:
        foreign.show_tab(name)
        QApplication.processEvents()
        assert_translated(foreign, known)
    for name in project.network.layers:
        foreign.jump_to(name)
        assert_translated(foreign.inspector, known)
    too_large = {"kernel_size": (9, 9), "padding": "valid"}
    foreign.document.edit("Set", partial(set_parameters, name="conv2d_1", changes=too_large))
    foreign.show_tab("problems")
    assert_translated(foreign, {*known, "padding", "same", "Set"})


def test_the_dialogs_speak_no_other_language(foreign: MainWindow, qtbot: QtBot) -> None:
    foreign.document.open(set_training(templates.make("spirals")[0], early_stopping=EarlyStopping()), None)
    qtbot.waitUntil(lambda: foreign.data.state is SourceState.READY, timeout=20_000)
    known = {*names_of(foreign), "spirals"}
    foreign.training.choose_data()
    assert foreign.training._data is not None
    assert_translated(foreign.training._data, known)
    foreign.training._data.close()
    foreign.training.export()
    dialog = foreign.findChildren(ExportDialog)[-1]
    for name in exporters:
        dialog.choose(name)
        assert_translated(dialog, known)
    dialog.reject()
    taking = foreign.training.take_weights()
    assert_translated(taking, known)
    taking.reject()
    foreign.show_commands()
    assert_translated(foreign.findChildren(CommandPalette)[-1], known)
    foreign.show_history()
    assert_translated(foreign.findChildren(HistoryList)[-1], known)
    for popup in (*foreign.findChildren(CommandPalette), *foreign.findChildren(HistoryList)):
        popup.close()
