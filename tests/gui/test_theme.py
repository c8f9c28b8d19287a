"""The tokens keep their promise of contrast, and the switch reaches palette and style sheet."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from graph.layers import CATEGORIES
from gui.theme import Theme, sheet, theme, theme_switch

BOTH = pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])


def luminance(color: QColor) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""

    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF())


def contrast(a: QColor, b: QColor) -> float:
    """Contrast ratio, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    one, other = sorted((luminance(a), luminance(b)))
    return (other + 0.05) / (one + 0.05)


@BOTH
@pytest.mark.parametrize("surface", ["window", "panel", "raised", "field", "canvas", "node"])
def test_text_stands_out_from_every_surface(dark: bool, surface: str) -> None:
    tokens = theme(dark)
    assert contrast(tokens.color("text"), tokens.color(surface)) >= 7.0
    assert contrast(tokens.color("muted"), tokens.color(surface)) >= 4.5


@BOTH
def test_category_and_state_colours_stand_out_from_a_card(dark: bool) -> None:
    tokens = theme(dark)
    colors = [tokens.category_color(category) for category in CATEGORIES]
    colors += [tokens.color(name) for name in ("accent", "success", "warning", "error")]
    assert min(contrast(color, tokens.color("node")) for color in colors) >= 3.0
    assert contrast(tokens.color("on_accent"), tokens.color("accent")) >= 4.5


@BOTH
def test_the_style_sheet_has_a_value_for_every_token(dark: bool, qapp: QApplication) -> None:
    assert "$" not in sheet(theme(dark))


def test_a_forced_theme_reaches_the_application(qtbot: QtBot, qapp: QApplication) -> None:
    switch = theme_switch()
    before: Theme = switch.current
    mode = "light" if before.dark else "dark"
    with qtbot.waitSignal(switch.changed):
        switch.set_mode(mode)
    assert switch.current.dark is not before.dark
    assert qapp.palette().window().color() == switch.current.color("panel")
    assert switch.current.color("accent").name() in qapp.styleSheet()
    switch.set_mode("dark" if before.dark else "light")
    assert switch.current is before
    switch.set_mode("system")
