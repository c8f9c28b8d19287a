"""The colours and measures of the window, in dark and light, from one file of tokens.

A widget asks `current_theme()` when it paints, and repaints when `theme_switch().changed` says so.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from gui.drawings import svg
from gui.slices import Slices
from gui.stylesheet import DRAWINGS, draw, style_sheet

Mode = Literal["system", "light", "dark"]

Role = QPalette.ColorRole
ROLES = {
    Role.Window: "panel",
    Role.WindowText: "text",
    Role.Base: "field",
    Role.AlternateBase: "raised",
    Role.Text: "text",
    Role.Button: "raised",
    Role.ButtonText: "text",
    Role.BrightText: "error",
    Role.ToolTipBase: "raised",
    Role.ToolTipText: "text",
    Role.PlaceholderText: "muted",
    Role.Highlight: "accent",
    Role.HighlightedText: "on_accent",
    Role.Link: "accent",
    Role.LinkVisited: "accent_hover",
    Role.Accent: "accent",
    Role.Light: "grid",
    Role.Midlight: "hover",
    Role.Mid: "border",
    Role.Dark: "border",
    Role.Shadow: "warning",
}
"""What each role of Qt's palette has its colour from. The style sheet names a colour by the first role that has it."""

POINTS_PER_PIXEL = 1.0 if sys.platform == "darwin" else 72 / 96
"""What a pixel of the tokens is in points; a QFont takes fractions of points only."""


@dataclass(frozen=True)
class Theme:
    """One set of colours, with the measures that both sets share."""

    dark: bool
    colors: Mapping[str, str]
    categories: Mapping[str, str]
    metric: Mapping[str, float]
    series: tuple[QColor, ...]

    def color(self, name: str) -> QColor:
        """A colour by its token, such as "accent"."""
        return QColor(self.colors[name])

    def category_color(self, category: str) -> QColor:
        """The colour of a layer category of `graph.layers.CATEGORIES`."""
        return QColor(self.categories[category_key(category)])


@cache
def category_key(category: str) -> str:
    """The token of a layer category: "Input & output" is "input"."""
    return category.split()[0].lower()


@cache
def tokens() -> dict[str, Any]:
    """The content of `resources/theme/tokens.json`."""
    text = resources.files("resources").joinpath("theme/tokens.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def theme(dark: bool) -> Theme:
    """The dark or the light theme."""
    name = "dark" if dark else "light"
    values = dict(tokens()[name])
    series = tuple(QColor(value) for value in values.pop("series"))
    values["accent_hover"] = mixed(QColor(values["accent"]), QColor(values["text"]), 0.15).name()
    return Theme(dark, values, tokens()["category"][name], tokens()["metric"], series)


class ThemeSwitch(QObject):
    """Keeps the theme of the application: that of the system, or the one the user has chosen.

    `changed(theme)` follows every change, after palette and style sheet have been set.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode: Mode = "system"
        self._slices = Slices(self)
        self._current = theme(self._system_dark())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def current(self) -> Theme:
        """The theme the window has now."""
        return self._current

    @property
    def mode(self) -> Mode:
        """What the user has chosen."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Follow the system, or force light or dark."""
        self._mode = mode
        self._follow()

    def apply(self) -> None:
        """Give the application its style, palette, font and style sheet."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        app.setPalette(palette(self._current))
        draw(drawings(self._current))
        if app.styleSheet() == sheet():
            self._polish(app.allWidgets())
        else:
            app.setStyle("Fusion")
            app.setFont(font())
            app.setStyleSheet(sheet())

    def _polish(self, widgets: list[QWidget]) -> None:
        """Give widgets the colours of the palette: at once where they are seen, and in slices where they are not."""
        seen = [widget for widget in widgets if widget.isVisible()]
        hidden = [widget for widget in widgets if not widget.isVisible()]
        for widget in seen:
            polish(widget)
        self._slices.run(polishing(hidden))

    def _follow(self) -> None:
        dark = self._mode == "dark" or (self._mode == "system" and self._system_dark())
        if dark != self._current.dark:
            self._current = theme(dark)
            self.apply()
            self.changed.emit(self._current)

    @staticmethod
    def _system_dark() -> bool:
        return QGuiApplication.styleHints().colorScheme() != Qt.ColorScheme.Light


@cache
def theme_switch() -> ThemeSwitch:
    """The one switch of the application."""
    return ThemeSwitch()


def current_theme() -> Theme:
    """The theme the window has now."""
    return theme_switch().current


def font(role: str = "font", bold: bool = False) -> QFont:
    """The system's font in a size of the tokens: "font", "font_small", "font_title" or "font_figure"."""
    found = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    return _sized(found, role, bold)


def fixed_font(role: str = "font", bold: bool = False) -> QFont:
    """The system's font of equal widths, for shapes and figures."""
    return _sized(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), role, bold)


def _sized(found: QFont, role: str, bold: bool) -> QFont:
    found.setPointSizeF(tokens()["metric"][role] * POINTS_PER_PIXEL)
    found.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return found


def polish(widget: QWidget) -> None:
    """Give a widget the colours of the palette."""
    widget.style().polish(widget)
    widget.update()


def polishing(widgets: Iterable[QWidget]) -> Iterator[None]:
    """Give widgets the colours of the palette one by one, those that are still there."""
    for widget in widgets:
        if isValid(widget):
            polish(widget)
        yield


@cache
def sheet() -> str:
    """The style sheet, which is the same in every theme."""
    metric = tokens()["metric"]
    points = {name: metric[f"font_{name}"] * POINTS_PER_PIXEL for name in ("small", "title", "figure")}
    sizes = {f"{name}_points": value for name, value in points.items()}
    names = {token: role.name for role, token in reversed(ROLES.items())}
    roles = {token: re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() for token, name in names.items()}
    return style_sheet(roles, {**metric, **sizes})


def drawings(of: Theme) -> dict[str, bytes]:
    """The drawings in the style sheet, in the colours of a theme."""
    shown = {"check": "on_accent", "mixed": "on_accent"}
    return {name: svg(name.replace("_", "-"), of.color(shown.get(name, "muted"))) for name in DRAWINGS}


def palette(of: Theme) -> QPalette:
    """The colours of a theme as Qt's roles."""
    made = QPalette()
    for role, token in ROLES.items():
        made.setColor(role, of.color(token))
    faded = mixed(of.color("text"), of.color("panel"), 0.55)
    for where in (Role.WindowText, Role.Text, Role.ButtonText, Role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, where, faded)
    return made


def mixed(a: QColor, b: QColor, part: float) -> QColor:
    """The colour at `part` of the way from `a` to `b`."""

    def between(x: float, y: float) -> float:
        return x + (y - x) * part

    return QColor.fromRgbF(between(a.redF(), b.redF()), between(a.greenF(), b.greenF()), between(a.blueF(), b.blueF()))
