"""Every action of the window, declared once: menus, keys, toolbar and command palette follow from here."""

from gui.action import ACTIONS, MENUS, Action
from gui.actions import edit, file, help, network, train, view
from gui.actions.on_canvas import canvas_actions
from gui.actions.view import panel_actions, theme_actions

__all__ = ["declared", "edit", "file", "help", "network", "train", "view"]


def declared() -> dict[str, Action]:
    """Every action by its name, in the order of the menus."""
    menus = list(MENUS)
    found = {**panel_actions(), **theme_actions(), **ACTIONS, **canvas_actions()}
    return dict(sorted(found.items(), key=lambda item: menus.index(item[1].menu)))
