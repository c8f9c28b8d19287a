"""What can be done with files: projects, data, exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.action import action
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


@action(QT_TRANSLATE_NOOP("Actions", "&New"), "File/open", "Ctrl+N", icon="new")
def new(window: MainWindow) -> None:
    """Begin an empty project."""
    window.files.new()


@action(QT_TRANSLATE_NOOP("Actions", "&Open…"), "File/open", "Ctrl+O", icon="open")
def open_project(window: MainWindow) -> None:
    """Open a project file."""
    window.files.open()


@action(QT_TRANSLATE_NOOP("Actions", "&Save"), "File/save", "Ctrl+S", icon="save", enabled=lambda w: w.can_save)
def save(window: MainWindow) -> None:
    """Save the project to its file."""
    window.files.save()


@action(QT_TRANSLATE_NOOP("Actions", "Save &as…"), "File/save", "Ctrl+Shift+S", icon="save-as")
def save_as(window: MainWindow) -> None:
    """Save the project to another file."""
    window.files.save_as()


@action(
    QT_TRANSLATE_NOOP("Actions", "&Data…"),
    "File/data",
    "Ctrl+Shift+D",
    icon="data",
    enabled=lambda w: w.training.can_choose_data,
)
def choose_data(window: MainWindow) -> None:
    """Choose the samples to train on."""
    window.training.choose_data()


@action(
    QT_TRANSLATE_NOOP("Actions", "&Export…"),
    "File/data",
    "Ctrl+E",
    icon="export",
    enabled=lambda w: w.has_layers and w.training.can_export,
)
def export(window: MainWindow) -> None:
    """Take the network or its weights to another program."""
    window.training.export()


@action(QT_TRANSLATE_NOOP("Actions", "&Report…"), "File/data", icon="notes", enabled=lambda w: w.has_layers)
def report(window: MainWindow) -> None:
    """Tell the newest run, or the project, on one page."""
    window.training.reports.ask()


@action(
    QT_TRANSLATE_NOOP("Actions", "&Weights from a file…"),
    "File/data",
    icon="import",
    enabled=lambda w: w.has_layers and w.training.can_take_weights,
)
def take_weights(window: MainWindow) -> None:
    """Lay weights that another program has saved onto the network."""
    window.training.take_weights()


@action(QT_TRANSLATE_NOOP("Actions", "&Quit"), "File/quit", "Ctrl+Q", icon="quit")
def quit_program(window: MainWindow) -> None:
    """Close the window."""
    window.close()
