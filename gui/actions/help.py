"""Keys and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.action import action
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


@action(QT_TRANSLATE_NOOP("Actions", "&Keys…"), "Help/learn", "F1", icon="help")
def show_keys(window: MainWindow) -> None:
    """List all actions with their keys."""
    window.show_commands()


@action(QT_TRANSLATE_NOOP("Actions", "&About Netloom"), "Help/about", icon="info")
def about(window: MainWindow) -> None:
    """Say which versions are at work."""
    window.show_about()
