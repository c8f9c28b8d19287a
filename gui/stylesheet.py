"""The one style sheet of the window. It names its colours by their roles in the palette, and so fits every theme.

Qt makes the rules of a widget from the palette when the style polishes it. Another palette and one more polish of each
widget therefore change a theme; another sheet would have each polished once for every widget it lies in.

Widgets say what they are by dynamic properties: `kind` ("accent", "flat", "link", "search"), `role` ("title",
"muted", "small", "section", "figure", "error"), and `invalid` on a field whose text is not valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QDir, QTemporaryDir
from PySide6.QtGui import QPixmapCache


def style_sheet(roles: Mapping[str, str], metric: Mapping[str, float]) -> str:
    """The style sheet. `roles` are the colours' roles in the palette by the names of their tokens."""
    colors = {token: f"palette({role})" for token, role in roles.items()}
    drawings = {name: f"url({_file_of(name).as_posix()})" for name in DRAWINGS}
    return SHEET.substitute({**colors, **metric, **drawings})


def draw(drawings: Mapping[str, bytes]) -> None:
    """Put other drawings, as SVG texts by name, where the sheet looks for them."""
    for name, text in drawings.items():
        _file_of(name).write_bytes(text)
    # Qt keeps what it has drawn under the name of the file.
    QPixmapCache.clear()


def _file_of(name: str) -> Path:
    return Path(_folder().filePath(f"{name}.svg"))


@cache
def _folder() -> QTemporaryDir:
    """Where drawings lie that a style sheet names; it can take them from files only."""
    return QTemporaryDir(QDir.tempPath() + "/netloom-theme-XXXXXX")


DRAWINGS = ("chevron_down", "chevron_up", "chevron_right", "check", "mixed")
"""The drawings in the sheet."""

SHEET = Template("""
QMainWindow, QDialog, QMessageBox { background: $panel; }
QWidget { color: $text; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; border-radius: 4px; padding: 4px 8px; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${title_points}pt; font-weight: 600; }
QLabel[role="muted"], QLabel[role="small"] { color: $muted; }
QLabel[role="small"], QLabel[role="error"], QLabel[role="section"] { font-size: ${small_points}pt; }
QLabel[role="section"] { color: $muted; font-weight: 600; }
QLabel[role="figure"] { font-size: ${figure_points}pt; font-weight: 600; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="column"] { background: $border; border: none; max-width: 1px; min-width: 1px; }
QFrame[card] { background: $raised; border: 1px solid $border; border-radius: ${radius_control}px; }
QFrame[card="error"] { border-left: 3px solid $error; }
QFrame[card="warning"] { border-left: 3px solid $warning; }
QToolButton[kind="fold"] { color: $muted; padding: 4px 4px 4px 0; }
QToolButton[kind="fold"]:hover { color: $text; background: transparent; }

QFrame[bar="tools"] { background: $panel; border: none; border-bottom: 1px solid $border; }
QDialog[popup="true"] { background: $raised; border: 1px solid $border; }
QDialog[popup="true"] QListWidget { background: $raised; }

QMenuBar { background: $panel; padding: 2px 8px; spacing: 0; border-bottom: 1px solid $border; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; }
QMenu { background: $raised; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 8px; border-radius: 4px; margin: 0 2px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 4px 6px; }
QMenu::icon { padding-left: 8px; }
QMenu::right-arrow { image: $chevron_right; width: 12px; height: 12px; }

QPushButton, QToolButton[kind="button"] {
    background: $raised; color: $text; border: 1px solid $border; border-radius: ${radius_control}px;
    padding: 0 12px; min-height: 26px;
}
QPushButton:hover, QToolButton[kind="button"]:hover { background: $hover; }
QPushButton:pressed, QToolButton[kind="button"]:pressed { background: $border; }
QPushButton:focus, QToolButton[kind="button"]:focus { border-color: $accent; }
QPushButton:disabled, QToolButton[kind="button"]:disabled { color: $muted; background: $panel; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="accent"], QToolButton[kind="accent"], QPushButton:default {
    background: $accent; color: $on_accent; border: 1px solid $accent; border-radius: ${radius_control}px;
    padding: 0 12px; min-height: 26px;
}
QPushButton[kind="accent"], QToolButton[kind="accent"] { font-weight: 600; }
QPushButton[kind="accent"]:hover, QToolButton[kind="accent"]:hover, QPushButton:default:hover {
    background: $accent_hover;
}
QPushButton[kind="accent"]:focus, QToolButton[kind="accent"]:focus, QPushButton:default:focus { border-color: $text; }
QPushButton[kind="accent"]:disabled, QToolButton[kind="accent"]:disabled, QPushButton:default:disabled {
    background: $raised; color: $muted; border-color: $border;
}
QPushButton[bare="true"] { padding: 0; }
QPushButton[kind="link"] {
    background: transparent; border: none; color: $accent; padding: 0; min-height: 20px; text-align: left;
    font-weight: 600;
}
QPushButton[kind="link"]:hover, QPushButton[kind="link"]:focus { text-decoration: underline; }
QToolButton { background: transparent; border: none; border-radius: 4px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:focus { border: 1px solid $accent; padding: 3px; }
QToolButton[kind="toggle"] { color: $muted; padding: 4px 8px; }
QToolButton[kind="toggle"]:checked { background: $hover; color: $text; }
QToolButton[kind="toggle"]:focus { padding: 3px 7px; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit, QDateEdit {
    background: $field; color: $text; border: 1px solid $border; border-radius: ${radius_control}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 26px; padding: 0 8px; }
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $muted; }
QComboBox { padding: 0 10px; }
QComboBox:editable { padding: 0 8px; }
QPlainTextEdit, QTextEdit { padding: 4px; }
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border-color: $accent;
}
QLineEdit[invalid="true"], QComboBox[invalid="true"], QSpinBox[invalid="true"], QPlainTextEdit[invalid="true"] {
    border-color: $error;
}
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: $muted; background: $panel;
}
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: $chevron_down; width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $border; padding: 4px; outline: none;
    selection-background-color: $hover; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 24px; padding: 0 4px; border-radius: 4px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button {
    border: none; background: transparent; width: 20px; border-radius: 3px;
}
QSpinBox::up-button:hover, QDoubleSpinBox::up-button:hover, QSpinBox::down-button:hover,
QDoubleSpinBox::down-button:hover { background: $hover; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow { image: $chevron_up; width: 10px; height: 10px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow { image: $chevron_down; width: 10px; height: 10px; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator, QTableView::indicator {
    width: 16px; height: 16px; border: 1px solid $muted; background: $field;
}
QCheckBox::indicator, QTableView::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QCheckBox::indicator:focus, QTableView::indicator:hover {
    border-color: $accent;
}
QCheckBox::indicator:checked, QTableView::indicator:checked {
    background: $accent; border-color: $accent; image: $check;
}
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: $mixed; }
QRadioButton::indicator:checked { background: $accent; border: 4px solid $field; width: 10px; height: 10px; }

QGroupBox {
    border: 1px solid $border; border-radius: ${radius_control}px; margin-top: 20px; padding: 8px;
}
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $muted; }

QTabWidget::pane { border: none; border-top: 1px solid $border; }
QTabWidget::tab-bar { left: 12px; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 8px 12px 8px 12px; border: none;
    border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }

QListView, QTreeView, QTableView, QListWidget, QTableWidget, QTreeWidget {
    background: $panel; border: none; outline: none; gridline-color: $grid;
    selection-background-color: $hover; selection-color: $text; alternate-background-color: $panel;
}
QListView::item { border-radius: 4px; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: $raised; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $hover; color: $text; }
QTreeView::item { min-height: 26px; padding: 0 8px; }
QTableView::item { padding: 0 8px; border: none; }
QHeaderView { background: $panel; }
QHeaderView::section {
    background: $panel; color: $muted; border: none; border-bottom: 1px solid $border; padding: 6px 11px;
}
QHeaderView::section:vertical { border-bottom: none; }
QTableCornerButton::section { background: $panel; border: none; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $accent; }

QProgressBar { background: $field; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: $border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $text; }

QStatusBar { background: $panel; color: $muted; border-top: 1px solid $border; min-height: 24px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; }
""")
