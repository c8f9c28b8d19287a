"""What is shown: panels, theme, the whole screen, the list of commands."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.action import Action, action
from gui.theme import Mode
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


PANELS = {
    "palette": (QT_TRANSLATE_NOOP("Actions", "&Palette"), "Ctrl+1", "add"),
    "inspector": (QT_TRANSLATE_NOOP("Actions", "&Inspector"), "Ctrl+2", "settings"),
    "bottom": (QT_TRANSLATE_NOOP("Actions", "&Bottom panel"), "Ctrl+3", "training"),
}
"""The panels that can be hidden: text, key and drawing of their actions."""

THEMES: dict[Mode, tuple[str, str]] = {
    "system": (QT_TRANSLATE_NOOP("Actions", "Theme of the &system"), "theme"),
    "light": (QT_TRANSLATE_NOOP("Actions", "&Light theme"), "light"),
    "dark": (QT_TRANSLATE_NOOP("Actions", "Dar&k theme"), "dark"),
}
"""The themes to choose from: text and drawing of their actions."""


def toggle_panel(panel: str, window: MainWindow) -> None:
    """Show a panel that is hidden, hide one that is shown."""
    window.show_panel(panel, not window.frame.shows(panel))


def panel_shown(panel: str, window: MainWindow) -> bool:
    """Whether a panel is shown."""
    return window.frame.shows(panel)


def use_theme(mode: Mode, window: MainWindow) -> None:
    """Use a theme from now on."""
    window.set_theme(mode)


def theme_used(mode: Mode, window: MainWindow) -> bool:
    """Whether a theme is the one that is chosen."""
    return window.settings.theme == mode


def panel_actions() -> dict[str, Action]:
    """The actions that show and hide panels, by their names."""
    return {
        f"toggle_{panel}": Action(
            f"toggle_{panel}",
            text,
            "View/panels",
            partial(toggle_panel, panel),
            (key,),
            drawing,
            checked=partial(panel_shown, panel),
        )
        for panel, (text, key, drawing) in PANELS.items()
    }


def theme_actions() -> dict[str, Action]:
    """The actions that choose a theme, by their names."""
    return {
        f"theme_{mode}": Action(
            f"theme_{mode}",
            text,
            "View/theme",
            partial(use_theme, mode),
            icon=drawing,
            checked=partial(theme_used, mode),
        )
        for mode, (text, drawing) in THEMES.items()
    }


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
