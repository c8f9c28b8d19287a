"""Going back and forth in the edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.action import action
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def undo_text(window: MainWindow) -> str:
    """What undo takes back, by name."""
    done = window.document.history.undo_text
    return window.tr("Undo: {text}").format(text=done) if done else window.tr("Undo")


def redo_text(window: MainWindow) -> str:
    """What redo does again, by name."""
    undone = window.document.history.redo_text
    return window.tr("Redo: {text}").format(text=undone) if undone else window.tr("Redo")


@action(
    QT_TRANSLATE_NOOP("Actions", "&Undo"),
    "Edit/history",
    "Ctrl+Z",
    icon="undo",
    enabled=lambda w: w.document.history.undo_text is not None,
    now=undo_text,
)
def undo(window: MainWindow) -> None:
    """Take the last edit back."""
    window.document.undo()


@action(
    QT_TRANSLATE_NOOP("Actions", "&Redo"),
    "Edit/history",
    "Ctrl+Shift+Z",
    "Ctrl+Y",
    icon="redo",
    enabled=lambda w: w.document.history.redo_text is not None,
    now=redo_text,
)
def redo(window: MainWindow) -> None:
    """Do again what was taken back."""
    window.document.redo()


@action(QT_TRANSLATE_NOOP("Actions", "&History…"), "Edit/history", "Ctrl+H", icon="history")
def show_history(window: MainWindow) -> None:
    """List all edits, to go back to any of them."""
    window.show_history()
