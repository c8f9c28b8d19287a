"""The commands of the canvas as actions of the window."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.action import Action, Test
from gui.canvas.commands import COMMANDS, Command

if TYPE_CHECKING:
    from gui.main_window import MainWindow

PLACES = {
    "cut": "Edit/clipboard",
    "copy": "Edit/clipboard",
    "paste": "Edit/clipboard",
    "duplicate": "Edit/clipboard",
    "delete": "Edit/delete",
    "delete_and_heal": "Edit/delete",
    "rename": "Edit/delete",
    "select_all": "Edit/select",
    "select_none": "Edit/select",
    "select_upstream": "Edit/select",
    "select_downstream": "Edit/select",
    "fit": "View/zoom",
    "fit_all": "View/zoom",
    "zoom_actual": "View/zoom",
    "zoom_in": "View/zoom",
    "zoom_out": "View/zoom",
    "toggle_minimap": "View/panels",
}
"""Where the commands of the canvas stand in the menus; those not named here stand under Network."""


def minimap_wanted(window: MainWindow) -> bool:
    """Whether the overview is to be shown."""
    return window.canvas.minimap_wanted


CHECKED: dict[str, Test] = {"toggle_minimap": minimap_wanted}
"""Which of them are on or off, and when."""


def canvas_actions() -> dict[str, Action]:
    """Every command as an action, by its name."""
    return {
        name: Action(
            name=name,
            text=command.text,
            place=PLACES.get(name, "Network/build"),
            run=partial(run_on_canvas, command),
            keys=command.keys,
            icon=command.icon,
            enabled=partial(possible_on_canvas, command),
            checked=CHECKED.get(name),
            context="Canvas",
            on_canvas=True,
        )
        for name, command in COMMANDS.items()
    }


def run_on_canvas(command: Command, window: MainWindow) -> None:
    """Do a command of the canvas."""
    command.run(window.canvas)


def possible_on_canvas(command: Command, window: MainWindow) -> bool:
    """Whether a command of the canvas can be done now."""
    return command.enabled(window.canvas)
