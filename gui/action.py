"""What an action is, and the QActions made from the declared ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from gui.icons import icon
from gui.theme import theme_switch
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow

Run = Callable[["MainWindow"], object]
Test = Callable[["MainWindow"], bool]

MENUS = {
    "File": QT_TRANSLATE_NOOP("Menus", "&File"),
    "Edit": QT_TRANSLATE_NOOP("Menus", "&Edit"),
    "View": QT_TRANSLATE_NOOP("Menus", "&View"),
    "Network": QT_TRANSLATE_NOOP("Menus", "&Network"),
    "Train": QT_TRANSLATE_NOOP("Menus", "&Train"),
    "Help": QT_TRANSLATE_NOOP("Menus", "&Help"),
}
"""The menus in their order, with their texts."""


@dataclass(frozen=True)
class Action:
    """One thing to do: its text (in `context`), its place in the menus, its keys, and when it can be done.

    `place` is a menu and a section in it, as in "Edit/clipboard"; sections are parted by a line. `now` gives a text
    that changes with the state, `checked` the mark of an action that is on or off. An action of the canvas answers to
    its keys only while the canvas has the focus, because fields and lists use the same ones.
    """

    name: str
    text: str
    place: str
    run: Run
    keys: tuple[str, ...] = ()
    icon: str = ""
    enabled: Test | None = None
    checked: Test | None = None
    now: Callable[[MainWindow], str] | None = None
    context: str = "Actions"
    on_canvas: bool = False

    @property
    def menu(self) -> str:
        """The menu it stands in."""
        return self.place.partition("/")[0]

    def title(self) -> str:
        """The text in the language of the window, without the mark of its menu key."""
        return QCoreApplication.translate(self.context, self.text).replace("&", "")

    def menu_title(self) -> str:
        """The text of its menu in the language of the window."""
        return QCoreApplication.translate("Menus", MENUS[self.menu]).replace("&", "")


ACTIONS: dict[str, Action] = {}
"""Every declared action by its name, besides those of the canvas."""


def action(
    text: str,
    place: str,
    *keys: str,
    icon: str = "",
    enabled: Test | None = None,
    checked: Test | None = None,
    now: Callable[[MainWindow], str] | None = None,
) -> Callable[[Run], Run]:
    """Declare an action under the name of its function."""

    def decorate(run: Run) -> Run:
        name = getattr(run, "__name__", text)
        ACTIONS[name] = Action(name, text, place, run, keys, icon, enabled, checked, now)
        return run

    return decorate


class Actions(QObject):
    """The QActions of one window, kept up to date by `refresh`."""

    def __init__(self, declared: dict[str, Action], window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.declared = declared
        self.made = {name: self._make(declaration) for name, declaration in declared.items()}
        theme_switch().changed.connect(self._draw)
        self._draw()

    def __getitem__(self, name: str) -> QAction:
        return self.made[name]

    def refresh(self) -> None:
        """Ask of every action whether it can be done now, whether it is on, and what it is called."""
        for name, declaration in self.declared.items():
            made = self.made[name]
            if declaration.enabled is not None:
                made.setEnabled(declaration.enabled(self._window))
            if declaration.checked is not None:
                made.setChecked(declaration.checked(self._window))
            if declaration.now is not None:
                made.setText(declaration.now(self._window))

    def _make(self, declaration: Action) -> QAction:
        made = QAction(declaration.title(), self._window)
        made.setObjectName(declaration.name)
        made.setShortcuts([QKeySequence(keys) for keys in declaration.keys])
        made.setCheckable(declaration.checked is not None)
        made.triggered.connect(lambda _=False: self._run(declaration))
        if declaration.on_canvas:
            made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._window.canvas.addAction(made)
        else:
            self._window.addAction(made)
        return made

    def _run(self, declaration: Action) -> None:
        declaration.run(self._window)
        self.refresh()

    def _draw(self) -> None:
        for name, declaration in self.declared.items():
            if declaration.icon:
                self.made[name].setIcon(icon(declaration.icon))
