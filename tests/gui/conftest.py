"""A window with its own settings and folders, and answers to the dialogs it opens."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import theme_switch


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen says this of every window that is raised or sized, and no other says it."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture
def settings(tmp_path: Path, qapp: QApplication) -> Settings:
    """Settings in a file of the test's own."""
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, settings: Settings, tmp_path: Path) -> Iterator[MainWindow]:
    """A window that is shown, and closed without a question at the end."""
    if not qapp.styleSheet():
        theme_switch().apply()
    made = MainWindow(settings, tmp_path / "recovery")
    qtbot.addWidget(made, before_close_func=forget)
    made.show()
    qtbot.waitExposed(made)
    yield made
    # It was closed before this; what it left to be deleted later would make every later style change slow.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def forget(window: MainWindow) -> None:
    """Let a window close without a question."""
    window.document.history = window.document.history.mark_saved()
    window.files.has_unsaved_runs = lambda: False


class Answers:
    """Presses buttons in the dialogs that come up, and keeps what they said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._presses: list[str] = []
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._press)

    def will_press(self, *buttons: str) -> None:
        """Press these, one a dialog, in this order."""
        self._presses += buttons
        self._timer.start()

    def stop(self) -> None:
        """Press no more."""
        self._timer.stop()

    def _press(self) -> None:
        box = QApplication.activeModalWidget()
        if not self._presses or not isinstance(box, QDialog):
            return
        wanted = self._presses.pop(0)
        if isinstance(box, QMessageBox):
            self.said.append(f"{box.text()}\n{box.informativeText()}")
        for button in box.findChildren(QPushButton):
            if button.text().replace("&", "") == wanted:
                button.click()
                return
        box.reject()
        raise AssertionError(f"no button {wanted!r}")


@pytest.fixture
def answers(qtbot: QtBot) -> Iterator[Answers]:
    """Answers to the dialogs of the test."""
    made = Answers()
    yield made
    made.stop()


@pytest.fixture
def chosen_path(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | None], None]:
    """Choose this file in the next file dialogs, which are the system's own and take no events here."""

    def choose(path: Path | None) -> None:
        monkeypatch.setattr("gui.ask.open_path", lambda *_: path)
        monkeypatch.setattr("gui.ask.save_path", lambda *_: path)

    return choose
