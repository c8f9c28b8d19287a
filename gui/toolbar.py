"""The row of buttons under the menus: what is used most."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from gui.icons import icon
from gui.theme import current_theme, theme_switch

HEIGHT = 44
ICON_ONLY = 40


class Toolbar(QFrame):
    """Buttons for actions, with short texts of their own where the menu's text is longer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", "tools")
        self.setFixedHeight(HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12, 0)
        self._row.setSpacing(8)

    def add(self, action: QAction, text: str = "", kind: str = "button") -> ToolButton:
        """Another button at the right end."""
        button = ToolButton(action, text, kind, self)
        self._row.addWidget(button)
        return button

    def stretch(self) -> None:
        """Room between what stands left and what stands right."""
        self._row.addStretch(1)


class ToolButton(QPushButton):
    """A button that follows its action: icon, state, tooltip with key. Without a text of its own it shows the icon."""

    def __init__(self, action: QAction, text: str, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._action, self._text, self._kind = action, text, kind
        self._drawing = ""
        self.setProperty("kind", kind)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if not text:
            self.setProperty("bare", True)
            self.setFixedWidth(ICON_ONLY)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        theme_switch().changed.connect(self._follow)
        self._follow()

    def show_text(self, text: str, drawing: str = "") -> None:
        """Show another text, and another drawing than the action's."""
        self._text, self._drawing = text, drawing
        self._follow()

    def _follow(self) -> None:
        text = self._action.text().replace("&", "")
        self.setEnabled(self._action.isEnabled())
        # Qt sets a text close to its icon, and knows no other distance.
        self.setText(f" {self._text}" if self._text else "")
        self.setAccessibleName(self._text or text)
        key = self._action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.setToolTip(f"{text} ({key})" if key else text)
        if self._kind == "accent":
            token = "on_accent" if self.isEnabled() else "muted"
            self.setIcon(icon(self._drawing or "play", current_theme().color(token)))
        else:
            self.setIcon(icon(self._drawing) if self._drawing else self._action.icon())
