"""The problems panel: everything that is wrong, where, how to mend it, and a way to go there."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFont, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QHeaderView,
    QMenu,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from graph.check import Check
from graph.problem import Fix, Problem
from gui.checks import Checks
from gui.document import Document
from gui.icons import icon
from gui.parts import EmptyState
from gui.problem_card import apply_fix
from gui.theme import current_theme, theme_switch
from gui.translate import tr_message

Index = QModelIndex | QPersistentModelIndex
PROBLEM = Qt.ItemDataRole.UserRole
FIX_COLUMN = 3
SHOWN = 500
"""More rows than a person would read; the rest appear as the first ones are mended."""


class Problems(QWidget):
    """Lists the problems of the project. `jump(node)` follows Enter or a double-click on a problem of a layer."""

    jump = Signal(str)

    def __init__(self, document: Document, checks: Checks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._checks = document, checks
        self._shown: tuple[Problem, ...] = ()
        self.table = ProblemTable(self)
        self.table.setAccessibleName(self.tr("Problems"))
        self.table.setHeaderLabels([self.tr("Layer"), self.tr("Problem"), self.tr("What to do"), self.tr("Fix")])
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.opened.connect(self._go)
        self.table.fix_wanted.connect(self._mend)
        empty = EmptyState(
            "success",
            self.tr("No problems."),
            self.tr("Mistakes and doubtful choices appear here as you build, each with a way to mend it."),
            parent=self,
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        checks.changed.connect(self.show_check)
        theme_switch().changed.connect(self._draw)
        self._fill(checks.current.problems)

    def show_check(self, check: Check) -> None:
        """Show the problems of a check."""
        if check.problems != self._shown:
            self._fill(check.problems)

    def _draw(self) -> None:
        self._fill(self._checks.current.problems)

    def _fill(self, problems: tuple[Problem, ...]) -> None:
        row = self.table.currentIndex().row()
        self._shown = problems
        self.table.clear()
        self.table.addTopLevelItems([self._item(problem) for problem in problems[:SHOWN]])
        self._stack.setCurrentIndex(0 if problems else 1)
        if problems:
            model = self.table.model()
            self.table.setCurrentIndex(model.index(min(max(row, 0), model.rowCount() - 1), 0))

    def _item(self, problem: Problem) -> QTreeWidgetItem:
        theme = current_theme()
        severity = problem.severity.value
        texts = [problem.node or self.tr("Project"), tr_message(problem.text), tr_message(problem.hint)]
        item = QTreeWidgetItem([*texts, tr_message(problem.fixes[0].text) if problem.fixes else ""])
        item.setData(0, PROBLEM, problem)
        item.setIcon(0, icon(severity, severity))
        item.setForeground(2, theme.color("muted"))
        for column in range(FIX_COLUMN):
            item.setToolTip(column, f"{texts[1]}\n{texts[2]}".strip())
        kind = self.tr("Error") if severity == "error" else self.tr("Warning")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{kind}: {texts[0]}")
        return item

    def _go(self, problem: Problem) -> None:
        if problem.node is not None:
            self.jump.emit(problem.node)

    def _mend(self, problem: Problem) -> None:
        if problem.fixes:
            self._apply(problem.fixes[0])

    def _apply(self, fix: Fix) -> None:
        apply_fix(self._document, fix, "problems")

    def _on_menu(self, position: QPoint) -> None:
        item = self.table.itemAt(position) or self.table.currentItem()
        if item is not None:
            menu = self.menu_of(item.data(0, PROBLEM))
            menu.popup(self.table.viewport().mapToGlobal(position))

    def menu_of(self, problem: Problem) -> QMenu:
        """What can be done about a problem."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        going = menu.addAction(icon("pin"), self.tr("Go to {name}").format(name=problem.node or self.tr("Project")))
        going.setShortcut(QKeySequence(Qt.Key.Key_Return))
        going.setEnabled(problem.node is not None)
        going.triggered.connect(lambda: self._go(problem))
        menu.addSeparator()
        for fix in problem.fixes:
            action = QAction(icon("check"), tr_message(fix.text), menu)
            action.triggered.connect(lambda _=False, fix=fix: self._apply(fix))
            menu.addAction(action)
        return menu


class ProblemTable(QTreeWidget):
    """The rows. A click on a fix applies it; so does Alt+Return on its row."""

    opened = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setColumnCount(4)
        self.setMouseTracking(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(80)
        for column, mode in enumerate(
            (QHeaderView.ResizeMode.Interactive, QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Stretch)
        ):
            header.setSectionResizeMode(column, mode)
        header.setSectionResizeMode(FIX_COLUMN, QHeaderView.ResizeMode.ResizeToContents)
        header.resizeSection(0, 200)
        self.setItemDelegateForColumn(FIX_COLUMN, LinkDelegate(self))
        self.itemDoubleClicked.connect(self._on_double_click)
        self.itemClicked.connect(self._on_click)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if item is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            mend = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            (self.fix_wanted if mend else self.opened).emit(item.data(0, PROBLEM))
        else:
            super().keyPressEvent(event)

    def _on_click(self, item: QTreeWidgetItem, column: int) -> None:
        if column == FIX_COLUMN and item.text(FIX_COLUMN):
            self.fix_wanted.emit(item.data(0, PROBLEM))

    def _on_double_click(self, item: QTreeWidgetItem, column: int) -> None:
        if column != FIX_COLUMN:
            self.opened.emit(item.data(0, PROBLEM))


class LinkDelegate(QStyledItemDelegate):
    """A cell that is a link, on a selected row too, where the style sheet would give it the colour of plain text."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.font.setWeight(QFont.Weight.DemiBold)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown = QStyleOptionViewItem(option)
        self.initStyleOption(shown, index)
        text, shown.text = shown.text, ""
        style = shown.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, shown.widget)
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, shown, shown.widget)
        painter.save()
        painter.setFont(shown.font)
        painter.setPen(current_theme().color("accent"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()
