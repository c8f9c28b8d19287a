"""The menu bar, laid out from where the actions say they stand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QMenuBar, QWidget

from engine.templates import templates
from gui.action import MENUS
from gui.icons import icon
from gui.parts import label
from gui.theme import theme_switch
from gui.translate import tr_message

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class TitledMenuBar(QMenuBar):
    """A menu bar with the name of the open project in its middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title: QLabel = label("", "muted", self)
        self._title.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def set_title(self, text: str) -> None:
        """Show this name."""
        self._title.setText(text)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        last = self.actionGeometry(self.actions()[-1]).right() if self.actions() else 0
        width = self._title.sizeHint().width() + 16
        left = (self.width() - width) // 2
        self._title.setVisible(left > last)
        self._title.setGeometry(QRect(left, 0, width, self.height() - 1))


class DrawnMenu(QMenu):
    """A menu within a menu, with a drawing that follows the theme, and tooltips."""

    def __init__(self, title: str, drawing: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._drawing = drawing
        self.setToolTipsVisible(True)
        theme_switch().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self.setIcon(icon(self._drawing))


def build(bar: QMenuBar, window: MainWindow) -> dict[str, QMenu]:
    """Fill the menu bar; returns the menus by name."""
    menus = {name: bar.addMenu(QCoreApplication.translate("Menus", text)) for name, text in MENUS.items()}
    for name, menu in menus.items():
        sections: dict[str, list[str]] = {}
        for action_name, declaration in window.actions_by_name.declared.items():
            place, _, section = declaration.place.partition("/")
            if place == name:
                sections.setdefault(section, []).append(action_name)
        for i, names in enumerate(sections.values()):
            if i:
                menu.addSeparator()
            menu.addActions([window.actions_by_name[action_name] for action_name in names])
    before = menus["File"].actions()[2]
    menus["File"].insertMenu(before, template_menu(window))
    menus["File"].insertMenu(before, recent_menu(window))
    return menus


def template_menu(window: MainWindow) -> QMenu:
    """New projects to start from."""
    menu = DrawnMenu(QCoreApplication.translate("Menus", "New from &template"), "template", window)
    for template in templates():
        made = menu.addAction(tr_message(template.title), opening(window, template.name))
        made.setToolTip(tr_message(template.doc))
    return menu


def opening(window: MainWindow, name: str) -> Callable[[], None]:
    """What the menu entry of a template does."""
    return lambda: window.new_from_template(name)


def recent_menu(window: MainWindow) -> QMenu:
    """The files opened last."""
    menu = DrawnMenu(QCoreApplication.translate("Menus", "Open &recent"), "recent", window)

    def opened(path: Path, checked: bool) -> None:
        window.files.open(path)

    def fill() -> None:
        menu.clear()
        recent = window.settings.recent
        for i, path in enumerate(recent, 1):
            text = path.name.replace("&", "&&")
            made = menu.addAction(f"&{i % 10} {text}")
            made.triggered.connect(partial(opened, path))
            made.setToolTip(str(path))
        if recent:
            menu.addSeparator()
            menu.addAction(QCoreApplication.translate("Menus", "&Clear this list"), window.settings.clear_recent)
        menu.setEnabled(bool(recent))

    window.settings.recent_changed.connect(fill)
    fill()
    return menu
