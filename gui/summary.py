"""The summary table: every layer with its shape, its parameters and its cost, to read and to copy."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from graph.check import Check
from graph.shapes import shape_text
from graph.summary import Summary, summarize
from gui.checks import Checks
from gui.figures import memory, short
from gui.icons import layer_icon
from gui.parts import EmptyState
from gui.theme import fixed_font, theme_switch

FIRST_NUMBER = 3
"""The columns from here on are figures, and stand right."""

Cells = list[str]


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
        self.table = Table(self.headings, self)
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

    def rows(self) -> list[Cells]:
        """The cells of every layer and, last, the sums."""
        said = summarize(self._checks.current.inference)
        return [*cells(said), self._sums(said)]

    def copy_text(self) -> None:
        """Put the table on the clipboard as lines with aligned columns."""
        rows = [self.headings, *self.rows()]
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

    def _sums(self, said: Summary) -> Cells:
        figures = [f"{said.parameters:,}", f"{said.trainable:,}", short(said.macs), memory(said.bytes)]
        return [self.tr("Total"), "", "", *figures]

    def _on_check(self, check: Check | None = None) -> None:
        self._stack.setCurrentIndex(0 if self._checks.current.project.network.layers else 1)
        self._stale = True
        if self.isVisible():
            self._fill()

    def showEvent(self, event: object) -> None:
        if self._stale:
            self._fill()

    def _fill(self) -> None:
        self._stale = False
        rows = self.rows()
        layers = self._checks.current.project.network.layers
        self.table.show_rows(rows, [layer_icon(layers[row[0]]) if row[0] in layers else None for row in rows[:-1]])

    def _go(self, row: int) -> None:
        names = list(self._checks.current.project.network.order)
        if row < len(names):
            self.jump.emit(names[row])

    def _on_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, run in ((self.tr("Copy as text"), self.copy_text), (self.tr("Copy as CSV"), self.copy_csv)):
            action = QAction(text, menu)
            action.triggered.connect(run)
            menu.addAction(action)
        menu.popup(self.table.viewport().mapToGlobal(position))


class Table(QTableWidget):
    """Rows of text, the figures right-aligned in a font of equal widths, the last row being the sums."""

    opened = Signal(int)
    copy_wanted = Signal()

    def __init__(self, headings: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(0, len(headings), parent)
        for column, heading in enumerate(headings):
            item = QTableWidgetItem(heading)
            right = Qt.AlignmentFlag.AlignRight if column >= FIRST_NUMBER else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(right | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, item)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(28)
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.cellDoubleClicked.connect(lambda row, _: self.opened.emit(row))

    def show_rows(self, rows: Sequence[Sequence[str]], icons: Sequence[object]) -> None:
        """Show these cells, with an icon for each layer."""
        self.setRowCount(len(rows))
        figures, sums = fixed_font("font_small"), fixed_font("font_small", bold=True)
        for i, row in enumerate(rows):
            last = i == len(rows) - 1
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                if column >= FIRST_NUMBER:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if column >= FIRST_NUMBER - 1:
                    item.setFont(sums if last else figures)
                if column == 0 and i < len(icons) and icons[i] is not None:
                    item.setIcon(icons[i])  # type: ignore[arg-type]
                self.setItem(i, column, item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.currentRow())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)


def aligned(column: int, cell: str, width: int) -> str:
    """A cell in a column of text: figures stand right."""
    return cell.rjust(width) if column >= FIRST_NUMBER else cell.ljust(width)


def cells(said: Summary) -> list[Cells]:
    """What the table shows of every layer."""
    return [
        [
            row.name,
            row.type,
            "–" if row.output is None else shape_text(row.output),
            f"{row.parameters:,}",
            f"{row.trainable:,}",
            short(row.macs),
            memory(row.bytes),
        ]
        for row in said.rows
    ]
