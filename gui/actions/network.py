"""Finding one's way: problems, layers to add, the inspector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.action import action
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


@action(
    QT_TRANSLATE_NOOP("Actions", "Go to the &next problem"),
    "Network/problems",
    "F8",
    icon="problems",
    enabled=lambda w: w.has_problems,
)
def next_problem(window: MainWindow) -> None:
    """Select the next layer that has a problem."""
    window.go_to_next_problem()


@action(QT_TRANSLATE_NOOP("Actions", "&Search layers to add"), "Network/problems", "Ctrl+F", icon="search")
def search_palette(window: MainWindow) -> None:
    """Go to the search field of the palette."""
    window.show_panel("palette")
    window.palette_panel.search.setFocus()
    window.palette_panel.search.selectAll()


@action(QT_TRANSLATE_NOOP("Actions", "&Edit in the inspector"), "Network/problems", "Ctrl+I", icon="settings")
def go_to_inspector(window: MainWindow) -> None:
    """Go to the first field of the inspector."""
    window.show_panel("inspector")
    window.inspector.focus_first()
