"""The colours and measures of the window, in dark and light, from one file of tokens.

A widget asks `current_theme()` when it paints, and repaints when `theme_switch().changed` says so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.drawings import svg
from gui.stylesheet import style_sheet

Mode = Literal["system", "light", "dark"]

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
    return Theme(dark, values, tokens()["category"][name], tokens()["metric"], series)


class ThemeSwitch(QObject):
    """Keeps the theme of the application: that of the system, or the one the user has chosen.

    `changed(theme)` follows every change, after palette and style sheet have been set.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode: Mode = "system"
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
        if app.style().objectName() != "fusion":
            app.setStyle("Fusion")
        app.setFont(font())
        app.setPalette(palette(self._current))
        app.setStyleSheet(sheet(self._current))

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


def sheet(of: Theme) -> str:
    """The style sheet of a theme."""
    drawings = {
        "chevron_down": svg("chevron-down", of.color("muted")),
        "chevron_up": svg("chevron-up", of.color("muted")),
        "chevron_right": svg("chevron-right", of.color("muted")),
        "check": svg("check", of.color("on_accent")),
        "mixed": svg("mixed", of.color("on_accent")),
    }
    hover = mixed(of.color("accent"), of.color("text"), 0.15).name()
    points = {name: of.metric[f"font_{name}"] * POINTS_PER_PIXEL for name in ("small", "title", "figure")}
    sizes = {f"{name}_points": value for name, value in points.items()}
    return style_sheet({**of.colors, "accent_hover": hover}, {**of.metric, **sizes}, drawings)


def palette(of: Theme) -> QPalette:
    """The colours of a theme as Qt's roles, for what no style sheet reaches."""
    role = QPalette.ColorRole
    made = QPalette()
    for where, token in {
        role.Window: "panel",
        role.WindowText: "text",
        role.Base: "field",
        role.AlternateBase: "raised",
        role.Text: "text",
        role.Button: "raised",
        role.ButtonText: "text",
        role.BrightText: "on_accent",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "muted",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Accent: "accent",
        role.Light: "hover",
        role.Midlight: "hover",
        role.Mid: "border",
        role.Dark: "border",
        role.Shadow: "window",
    }.items():
        made.setColor(where, of.color(token))
    faded = mixed(of.color("text"), of.color("panel"), 0.55)
    for where in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, where, faded)
    return made


def mixed(a: QColor, b: QColor, part: float) -> QColor:
    """The colour at `part` of the way from `a` to `b`."""

    def between(x: float, y: float) -> float:
        return x + (y - x) * part

    return QColor.fromRgbF(between(a.redF(), b.redF()), between(a.greenF(), b.greenF()), between(a.blueF(), b.blueF()))
