"""The tokens keep their promise of contrast, and the switch reaches palette and style sheet."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from graph.layers import CATEGORIES
from gui.parts import label
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


def test_every_colour_of_the_style_sheet_is_a_role_of_the_palette(qapp: QApplication) -> None:
    assert "$" not in sheet()
    assert not re.findall(r"#[0-9a-f]{6}", sheet())
    # Qt's own list, https://doc.qt.io/qt-6/stylesheet-reference.html#paletterole
    known = {
        *("alternate-base", "accent", "base", "bright-text", "button", "button-text", "dark", "highlight"),
        *("highlighted-text", "light", "link", "link-visited", "mid", "midlight", "placeholder-text", "shadow"),
        *("text", "tooltip-base", "tooltip-text", "window", "window-text"),
    }
    assert set(re.findall(r"palette\((.*?)\)", sheet())) <= known


def test_a_forced_theme_reaches_the_application(qtbot: QtBot, qapp: QApplication) -> None:
    switch = theme_switch()
    before: Theme = switch.current
    mode = "light" if before.dark else "dark"
    with qtbot.waitSignal(switch.changed):
        switch.set_mode(mode)
    assert switch.current.dark is not before.dark
    assert qapp.palette().window().color() == switch.current.color("panel")
    switch.set_mode("dark" if before.dark else "light")
    assert switch.current is before
    switch.set_mode("system")


def test_a_window_whose_theme_was_changed_looks_like_one_made_in_it(qtbot: QtBot, qapp: QApplication) -> None:
    switch = theme_switch()
    switch.apply()
    before, there = switch.current.dark, widgets(qtbot)
    try:
        for dark in (not before, before):
            switch.set_mode("dark" if dark else "light")
            qtbot.waitUntil(lambda: picture(there) == picture(widgets(qtbot)))
    finally:
        switch.set_mode("system")


def picture(widget: QWidget) -> QImage:
    """What a widget looks like."""
    return widget.grab().toImage()


def widgets(qtbot: QtBot) -> QWidget:
    """One of each that the style sheet has a rule for."""
    made = QDialog()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    combo, check, mixed, disabled = QComboBox(), QCheckBox("x"), QCheckBox("y"), QLineEdit("z")
    combo.addItem("a")
    check.setChecked(True)
    mixed.setCheckState(Qt.CheckState.PartiallyChecked)
    disabled.setEnabled(False)
    accent = QPushButton("Train")
    accent.setProperty("kind", "accent")
    said = [label(role, role) for role in ("title", "muted", "small", "section", "error", "warning", "figure")]
    for widget in (combo, check, mixed, disabled, QSpinBox(), accent, QProgressBar(), *said, QTableWidget(2, 2)):
        column.addWidget(widget)
    made.resize(400, 640)
    made.ensurePolished()
    return made
