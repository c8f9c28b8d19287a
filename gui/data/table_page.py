"""A CSV file: its columns with their roles and kinds, its first rows, and what is wrong with it, in its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTableView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.data.csv_file import Preview, preview
from engine.data.detect import PREVIEW_ROWS, ColumnScan
from engine.data.problem import DataProblem
from engine.data.sources import find
from graph.datasets import Column
from gui.data.columns_model import ChoiceDelegate, ColumnsModel, Field
from gui.data.source import unexpected
from gui.inspector.sections import heading
from gui.parts import label
from gui.theme import current_theme, font, theme_switch
from gui.training.background import Background
from gui.translate import tr_message

MOST_COLUMNS = 200
"""Columns shown of the first rows."""

MOST_NOTES = 4
SMALLEST = 376
"""The height at which both tables and all notes can still be read."""


class TablePage(QWidget):
    """Looks through the file in the background. `edited(columns)` follows a choice by a person."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preview: Preview | None = None
        self._columns: tuple[Column, ...] = ()
        self._problem: DataProblem | None = None
        self._asked: tuple[object, ...] = ()
        self._background = Background(self)
        self._background.done.connect(self._on_preview)
        self._background.failed.connect(self._on_failed)
        self.model = ColumnsModel(self)
        self.model.edited.connect(self.edited)
        self.columns_view = self._columns_view()
        self.rows_view = self._rows_view()
        self.notes = label("", "muted", self, wrap=True)
        self.detect_again = QPushButton(self.tr("Detect again"), self)
        self.detect_again.setAutoDefault(False)
        self.detect_again.setToolTip(self.tr("Take the roles and kinds back that were chosen by hand."))
        self.detect_again.clicked.connect(lambda: self.edited.emit(()))
        self._arrange()
        theme_switch().changed.connect(self._show_rows)

    def _columns_view(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self.model)
        view.setItemDelegate(ChoiceDelegate(view))
        triggers = QAbstractItemView.EditTrigger
        view.setEditTriggers(triggers.CurrentChanged | triggers.SelectedClicked | triggers.EditKeyPressed)
        view.setEditTriggers(view.editTriggers() | triggers.DoubleClicked | triggers.AnyKeyPressed)
        view.verticalHeader().hide()
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setAccessibleName(self.tr("Columns of the table"))
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for field, width in ((Field.NAME, 144), (Field.ROLE, 112), (Field.KIND, 96), (Field.MISSING, 160)):
            header.resizeSection(field, width)
        header.setSectionResizeMode(Field.SEEN, QHeaderView.ResizeMode.Stretch)
        view.verticalHeader().setDefaultSectionSize(32)
        return view

    def _rows_view(self) -> QTableWidget:
        view = QTableWidget(self)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setShowGrid(False)
        view.setAccessibleName(self.tr("First rows of the table"))
        view.verticalHeader().setDefaultSectionSize(24)
        view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        view.horizontalHeader().setHighlightSections(False)
        return view

    def _arrange(self) -> None:
        top = QWidget(self)
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("Columns"), self))
        head.addStretch(1)
        head.addWidget(self.detect_again)
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 8)
        column.addLayout(head)
        column.addWidget(self.columns_view, 1)
        column.addWidget(self.notes)
        bottom = QWidget(self)
        self.rows_heading: QLabel = heading(self.tr("First rows"), self)
        column = QVBoxLayout(bottom)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.rows_heading)
        column.addWidget(self.rows_view, 1)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.addWidget(top)
        parts.addWidget(bottom)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        self.columns_view.setMinimumHeight(132)
        self.rows_view.setMinimumHeight(84)
        # It takes what room there is; what the two tables would like counts for nothing.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(SMALLEST)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def show_file(self, path: str, base: Path | None, columns: Sequence[Column], problem: DataProblem | None) -> None:
        """Show a file with the columns of the recipe; `problem` is what the loader says of it."""
        self._columns, self._problem = tuple(columns), problem
        if (path, base) != self._asked:
            self._asked = (path, base)
            self.preview = None
            self._background.run(lambda progress: preview(find(path, base), progress))
        self._show()

    def refresh(self) -> None:
        """Look through the file again."""
        self._asked = ()

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()

    def _on_preview(self, found: Preview) -> None:
        self.preview = found
        self._show()

    def _on_failed(self, error: Exception) -> None:
        self.preview = None
        self._problem = self._problem or (error if isinstance(error, DataProblem) else unexpected(error))
        self._show()

    def _show(self) -> None:
        found = self.preview
        scans: Sequence[ColumnScan] = found.scan.columns if found is not None else ()
        wrong = (self._problem.column or "") if self._problem is not None else ""
        self.model.show_columns(self.shown_columns(), scans, wrong)
        self.detect_again.setEnabled(bool(self._columns))
        notes = found.notes[:MOST_NOTES] if found is not None and not self._columns else ()
        self.notes.setText("\n".join(tr_message(note) for note in notes))
        self.notes.setVisible(bool(notes))
        self._show_rows()

    def shown_columns(self) -> tuple[Column, ...]:
        """The columns of the recipe, those it does not name ignored; without a recipe, as they are detected."""
        if self.preview is None:
            return self._columns
        if not self._columns:
            return self.preview.columns
        chosen = {column.name: column for column in self._columns}
        return tuple(
            chosen.get(scan.name, Column(scan.name, "ignore", scan.kind)) for scan in self.preview.scan.columns
        )

    def _show_rows(self) -> None:
        view, found = self.rows_view, self.preview
        view.clear()
        if found is None:
            view.setRowCount(0)
            view.setColumnCount(0)
            self.rows_heading.setText(self.tr("Reading the table…").upper() if self._background.busy else "")
            return
        names = found.table.names[:MOST_COLUMNS]
        rows = found.scan.preview[:PREVIEW_ROWS]
        shown = self.tr("First {n} of {m} rows").format(n=len(rows), m=f"{found.scan.rows:,}")
        self.rows_heading.setText(shown.upper())
        view.setColumnCount(len(names))
        view.setRowCount(len(rows))
        view.setHorizontalHeaderLabels(list(names))
        first = 2 if found.table.has_header else 1
        view.setVerticalHeaderLabels([str(first + row) for row in range(len(rows))])
        roles = {column.name: column.role for column in self.shown_columns()}
        for place, name in enumerate(names):
            color = self._color(roles.get(name, "ignore"))
            for row, cells in enumerate(rows):
                item = QTableWidgetItem(cells[place])
                item.setForeground(color)
                view.setItem(row, place, item)
        self._mark_problem(first, names)

    @staticmethod
    def _color(role: str) -> QColor:
        return current_theme().color({"target": "accent", "ignore": "muted"}.get(role, "text"))

    def _mark_problem(self, first: int, names: Sequence[str]) -> None:
        problem = self._problem
        if problem is None or problem.column not in names:
            return
        place = names.index(problem.column)
        strong = font("font", bold=True)
        for row in range(self.rows_view.rowCount()):
            item = self.rows_view.item(row, place)
            if item is not None and (problem.row is None or problem.row == first + row):
                item.setForeground(current_theme().color("error"))
                item.setFont(strong)
                item.setToolTip(tr_message(problem.text))
                if problem.row is not None:
                    self.rows_view.setCurrentItem(item)
                    self.rows_view.scrollToItem(item)
