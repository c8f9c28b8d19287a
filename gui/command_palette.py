"""The command palette: every action by name, found by typing a part of it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.action import Actions
from gui.fuzzy import score
from gui.parts import label
from gui.theme import current_theme, font

ACTION = Qt.ItemDataRole.UserRole
KEYS = Qt.ItemDataRole.UserRole + 1
ROW = 30
ROWS = 12


class CommandPalette(QDialog):
    """Lists the actions of a window that match what is typed. Enter runs the current one."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("popup", True)
        self._actions = actions
        self._chosen: QAction | None = None
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(self.tr("Type what you want to do"))
        self.line.setAccessibleName(self.tr("Search actions"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Actions"))
        self.list.setIconSize(QSize(16, 16))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Row(self.list))
        self.empty = label(
            self.tr("No action has such a name. Try one word of it, such as zoom or save."), "muted", self, wrap=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.empty)
        column.addWidget(self.list)
        self.setFixedSize(560, ROW * ROWS + 60)
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._choose)
        self._fill("")

    def open_over(self, window: QWidget) -> None:
        """Show it in the upper middle of the window, ready to type."""
        at = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 64))
        self.move(at)
        self.show()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS}
        if event.key() in steps:
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentItem())
            return True
        return False

    def _fill(self, typed: str) -> None:
        rated = []
        for place, (name, declaration) in enumerate(self._actions.declared.items()):
            action = self._actions[name]
            menu = declaration.menu_title()
            rating = score(typed, f"{action.text().replace('&', '')}") if typed else 0.0
            if rating is None:
                rating = score(typed, f"{menu} {declaration.title()}")
            if rating is not None and name != "command_palette":
                rated.append((not action.isEnabled(), -rating, place, action, menu))
        self.list.clear()
        for *_, action, menu in sorted(rated, key=lambda one: one[:3]):
            item = QListWidgetItem(action.icon(), f"{menu}: {action.text().replace('&', '')}", self.list)
            item.setData(ACTION, action)
            item.setData(KEYS, action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            if not action.isEnabled():
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        self.empty.setVisible(self.list.count() == 0)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        action: QAction = item.data(ACTION)
        self.close()
        action.trigger()


class _Row(QStyledItemDelegate):
    """A row with the action on the left and its keys on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(0, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        super().paint(painter, option, index)  # type: ignore[arg-type]
        painter.save()
        painter.setFont(font("font_small"))
        painter.setPen(current_theme().color("muted"))
        area = option.rect.adjusted(0, 0, -12, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, index.data(KEYS))  # type: ignore[attr-defined]
        painter.restore()
