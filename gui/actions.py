"""Every action of the window, declared once: menus, keys, toolbar and command palette follow from here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.action import ACTIONS, Action, action
from gui.canvas.commands import COMMANDS, Command
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow

CANVAS_PLACES = {
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


def canvas_actions() -> dict[str, Action]:
    """The commands of the canvas as actions of the window."""
    return {
        name: Action(
            name=name,
            text=command.text,
            place=CANVAS_PLACES.get(name, "Network/build"),
            run=partial(run_on_canvas, command),
            keys=command.keys,
            icon=command.icon,
            enabled=partial(possible_on_canvas, command),
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


def declared() -> dict[str, Action]:
    """Every action of the window by its name."""
    return {**ACTIONS, **canvas_actions()}


# File


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


@action(QT_TRANSLATE_NOOP("Actions", "&Quit"), "File/quit", "Ctrl+Q", icon="quit")
def quit_program(window: MainWindow) -> None:
    """Close the window."""
    window.close()


# Edit


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


# View


@action(
    QT_TRANSLATE_NOOP("Actions", "&Palette"),
    "View/panels",
    "Ctrl+1",
    icon="add",
    checked=lambda w: w.panel_shown("palette"),
)
def toggle_palette(window: MainWindow) -> None:
    """Show or hide the layers on the left."""
    window.toggle_panel("palette")


@action(
    QT_TRANSLATE_NOOP("Actions", "&Inspector"),
    "View/panels",
    "Ctrl+2",
    icon="settings",
    checked=lambda w: w.panel_shown("inspector"),
)
def toggle_inspector(window: MainWindow) -> None:
    """Show or hide the panel on the right."""
    window.toggle_panel("inspector")


@action(
    QT_TRANSLATE_NOOP("Actions", "&Bottom panel"),
    "View/panels",
    "Ctrl+3",
    icon="training",
    checked=lambda w: w.panel_shown("bottom"),
)
def toggle_bottom(window: MainWindow) -> None:
    """Show or hide training, runs, summary and problems."""
    window.toggle_panel("bottom")


@action(
    QT_TRANSLATE_NOOP("Actions", "Theme of the &system"),
    "View/theme",
    icon="theme",
    checked=lambda w: w.settings.theme == "system",
)
def theme_system(window: MainWindow) -> None:
    """Follow the system's light or dark theme."""
    window.set_theme("system")


@action(
    QT_TRANSLATE_NOOP("Actions", "&Light theme"),
    "View/theme",
    icon="light",
    checked=lambda w: w.settings.theme == "light",
)
def theme_light(window: MainWindow) -> None:
    """Use the light theme."""
    window.set_theme("light")


@action(
    QT_TRANSLATE_NOOP("Actions", "Dar&k theme"), "View/theme", icon="dark", checked=lambda w: w.settings.theme == "dark"
)
def theme_dark(window: MainWindow) -> None:
    """Use the dark theme."""
    window.set_theme("dark")


@action(
    QT_TRANSLATE_NOOP("Actions", "&Full screen"), "View/screen", "F11", icon="fit", checked=lambda w: w.isFullScreen()
)
def full_screen(window: MainWindow) -> None:
    """Use the whole screen."""
    window.setWindowState(window.windowState() ^ window.FULL_SCREEN)


@action(QT_TRANSLATE_NOOP("Actions", "&Commands…"), "View/screen", "Ctrl+Shift+P", icon="command")
def command_palette(window: MainWindow) -> None:
    """Search all actions by name."""
    window.show_commands()


# Network


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
    window.inspector.focus_name()


# Train


@action(
    QT_TRANSLATE_NOOP("Actions", "&Train"),
    "Train/run",
    "Ctrl+Return",
    icon="play",
    enabled=lambda w: w.training.can_toggle,
    now=lambda w: w.training.toggle_text,
)
def train(window: MainWindow) -> None:
    """Begin a run, pause it, or go on with it."""
    window.show_tab("training")
    window.training.toggle()


@action(
    QT_TRANSLATE_NOOP("Actions", "&Stop"), "Train/run", "Ctrl+.", icon="stop", enabled=lambda w: w.training.can_stop
)
def stop(window: MainWindow) -> None:
    """End the run; what it has learned is kept."""
    window.training.stop()


# Help


@action(QT_TRANSLATE_NOOP("Actions", "&Keys…"), "Help/learn", "F1", icon="help")
def show_keys(window: MainWindow) -> None:
    """List all actions with their keys."""
    window.show_commands()


@action(QT_TRANSLATE_NOOP("Actions", "&About Netloom"), "Help/about", icon="info")
def about(window: MainWindow) -> None:
    """Say which versions are at work."""
    window.show_about()
