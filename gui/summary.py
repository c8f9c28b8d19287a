"""The summary table: every layer with its shape, its parameters and its cost, to read and to copy."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStackedLayout,
    QTableView,
    QWidget,
)

from engine.figures import memory
from graph.check import Check
from graph.layers import Layer
from graph.shapes import shape_text
from graph.summary import Row, Summary, summarize
from gui.checks import Checks
from gui.figures import short
from gui.icons import layer_icon
from gui.parts import EmptyState
from gui.theme import fixed_font, theme_switch

FIRST_NUMBER = 3
"""The columns from here on are figures, and stand right."""

Cells = list[str]
EMPTY = Summary((), 0, 0, 0, 0)
NOWHERE = QModelIndex()


class SummaryTable(QWidget):
    """Lists the layers in the order of computation, and the sums. `jump(name)` follows Enter or a double-click."""

    jump = Signal(str)

    def __init__(self, checks: Checks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checks = checks
        self.headings = [
            self.tr("Layer"),
            self.tr("Type"),
            self.tr("Output shape"),
            self.tr("Parameters"),
            self.tr("Trainable"),
            self.tr("Multiply-adds"),
            self.tr("Memory a sample"),
        ]
        self.model = SummaryModel(self.headings, self)
        self.table = Table(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr("Summary"))
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.opened.connect(self._go)
        self.table.copy_wanted.connect(self.copy_text)
        empty = EmptyState(
            "summary",
            self.tr("No layers yet"),
            self.tr("Every layer is listed here with its shape, its parameters and what it costs."),
            parent=self,
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        self._stale = True
        checks.changed.connect(self._on_check)
        theme_switch().changed.connect(self._on_check)
        self._on_check()

    def copy_text(self) -> None:
        """Put the table on the clipboard as lines with aligned columns."""
        said = summarize(self._checks.current.inference)
        rows = [self.headings, *map(cells, said.rows), sums(said, self.tr("Total"))]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.headings))]
        lines = ["  ".join(aligned(i, cell, widths[i]) for i, cell in enumerate(row)).rstrip() for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def copy_csv(self) -> None:
        """Put the table on the clipboard as CSV, figures in full."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.headings)
        for row in summarize(self._checks.current.inference).rows:
            shape = "" if row.output is None else shape_text(row.output)
            figures = (row.parameters, row.trainable, row.macs, row.bytes)
            writer.writerow([row.name, row.type, shape, *figures])
        QGuiApplication.clipboard().setText(text.getvalue())

    def _on_check(self, check: Check | None = None) -> None:
        self._stack.setCurrentIndex(0 if self._checks.current.project.network.layers else 1)
        self._stale = True
        if self.isVisible():
            self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._fill()

    def _fill(self) -> None:
        self._stale = False
        check = self._checks.current
        self.model.show_summary(summarize(check.inference), check.project.network.layers)

    def _go(self, row: int) -> None:
        names = list(self._checks.current.inference.layers)
        if 0 <= row < len(names):
            self.jump.emit(names[row])

    def _on_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, run in ((self.tr("Copy as text"), self.copy_text), (self.tr("Copy as CSV"), self.copy_csv)):
            action = QAction(text, menu)
            action.triggered.connect(run)
            menu.addAction(action)
        menu.popup(self.table.viewport().mapToGlobal(position))


class SummaryModel(QAbstractTableModel):
    """The rows of a summary and, last, its sums. What a cell says is asked for only where it is seen."""

    def __init__(self, headings: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._headings = headings
        self._said = EMPTY
        self._layers: Mapping[str, Layer] = {}
        self._fonts = fixed_font("font_small"), fixed_font("font_small", bold=True)

    def show_summary(self, said: Summary, layers: Mapping[str, Layer]) -> None:
        """Show other rows."""
        if len(said.rows) == len(self._said.rows):
            self._said, self._layers = said, layers
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self._said, self._layers = said, layers
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NOWHERE) -> int:
        return 0 if parent.isValid() or not self._said.rows else len(self._said.rows) + 1

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        last = row == len(self._said.rows)
        if role == Qt.ItemDataRole.DisplayRole:
            return sums(self._said, self.tr("Total"))[column] if last else cells(self._said.rows[row])[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return side(column)
        if role == Qt.ItemDataRole.FontRole and column >= FIRST_NUMBER - 1:
            return self._fonts[last]
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and not last:
            return layer_icon(self._layers[self._said.rows[row].name])
        return None


class Table(QTableView):
    """Shows the rows. `opened(row)` follows Enter or a double-click, `copy_wanted` Ctrl+C."""

    opened = Signal(int)
    copy_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.doubleClicked.connect(self._on_double_click)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.currentIndex().row())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _on_double_click(self, index: QModelIndex) -> None:
        self.opened.emit(index.row())


def side(column: int) -> Qt.AlignmentFlag:
    """Where a column's texts stand: figures right."""
    right = Qt.AlignmentFlag.AlignRight if column >= FIRST_NUMBER else Qt.AlignmentFlag.AlignLeft
    return right | Qt.AlignmentFlag.AlignVCenter


def aligned(column: int, cell: str, width: int) -> str:
    """A cell in a column of text: figures stand right."""
    return cell.rjust(width) if column >= FIRST_NUMBER else cell.ljust(width)


def cells(row: Row) -> Cells:
    """What the table says of a layer."""
    return [
        row.name,
        row.type,
        "–" if row.output is None else shape_text(row.output),
        f"{row.parameters:,}",
        f"{row.trainable:,}",
        short(row.macs),
        memory(row.bytes),
    ]


def sums(said: Summary, title: str) -> Cells:
    """What the last row says."""
    return [title, "", "", f"{said.parameters:,}", f"{said.trainable:,}", short(said.macs), memory(said.bytes)]
