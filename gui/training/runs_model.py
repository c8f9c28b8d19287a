"""The runs of a project as a table: which is shown behind the curves, how each did, and in what its recipe differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QLineF, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from engine.figures import figure
from engine.runs import IMPORTED, UNFINISHED, Run, differences
from graph.problem import FileProblem
from gui.plots.stroke import Stroke, overlay
from gui.training.curves import title
from gui.training.progress import duration

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
SWATCH = 16
FIRST_WIDTH = 208


class Row:
    """One run with everything the table says of it, read once and off the GUI thread."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.epochs = run.epochs
        self.best = run.best
        self.seconds = run.seconds
        self.recipe: dict[str, str] = {}

    def value(self, name: str) -> float | None:
        """A figure of its best epoch."""
        best = self.best or (self.epochs[-1] if self.epochs else None)
        return best.logs.get(name) if best is not None else None


def rows_of(runs: Sequence[Run]) -> list[Row]:
    """Rows for these runs, the newest first, with the parts of their recipes that differ."""
    rows = [Row(run) for run in reversed(runs)]
    readable, recipes = [], []
    for row in rows:
        try:
            recipes.append(row.run.project.training)
            readable.append(row)
        except FileProblem:
            continue
    for name, values in differences(recipes).items():
        for row, value in zip(readable, values, strict=True):
            row.recipe[name] = value
    return rows


class RunsModel(QAbstractTableModel):
    """`overlaid(rows)` follows a tick in the first column."""

    overlaid = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.ticked: list[str] = []
        self._figures: list[str] = []

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these runs."""
        self.beginResetModel()
        self.rows = list(rows)
        known = {row.run.id for row in rows}
        self.ticked = [name for name in self.ticked if name in known]
        names = [name for row in rows if row.epochs for name in row.epochs[0].logs]
        self._figures = [name for name in dict.fromkeys(names) if name.startswith("val_")] or list(dict.fromkeys(names))
        self.endResetModel()

    def row_of(self, run_id: str) -> int:
        """The row of a run."""
        return next(place for place, row in enumerate(self.rows) if row.run.id == run_id)

    def headings(self) -> list[str]:
        """The headings of the columns."""
        return [
            self.tr("Began"),
            self.tr("Ended"),
            self.tr("Epochs"),
            self.tr("Time"),
            *(self.tr("Best {figure}").format(figure=said(name)) for name in self._figures),
            self.tr("Test"),
            self.tr("Recipe differs in"),
        ]

    def rowCount(self, parent: Index = ROOT) -> int:
        """One row a run."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """As many as there are headings."""
        return 0 if parent.isValid() else len(self.headings())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The headings."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.headings()[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The first column has a tick."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        row = self.rows[index.row()]
        first = index.column() == 0
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts(row)[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole and first:
            return Qt.CheckState.Checked if row.run.id in self.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DecorationRole and first and row.run.id in self.ticked:
            return swatch(self.stroke_of(row.run.id))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.texts(row)[-1] or row.run.id
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Lay a run behind the curves, or take it away."""
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self.rows[index.row()].run.id
        wanted = Qt.CheckState(value) == Qt.CheckState.Checked
        if wanted != (name in self.ticked):
            self.ticked = [*self.ticked, name] if wanted else [one for one in self.ticked if one != name]
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))
            self.overlaid.emit(tuple(self.rows[self.row_of(one)] for one in self.ticked))
        return True

    def stroke_of(self, run_id: str) -> Stroke:
        """The line of a run behind the curves."""
        return overlay(self.ticked.index(run_id))

    def texts(self, row: Row) -> list[str]:
        """The text of every cell of a row."""
        values = [row.value(name) for name in self._figures]
        return [
            when(row.run.started),
            self._ended(row.run.status),
            f"{len(row.epochs):,}",
            duration(row.seconds),
            *("–" if value is None else figure(value) for value in values),
            " · ".join(f"{said(name)} {figure(value)}" for name, value in row.run.test.items()) or "–",
            ", ".join(f"{short_name(name)} {value or self.tr('as usual')}" for name, value in row.recipe.items()),
        ]

    def _ended(self, status: str) -> str:
        known = {
            "completed": self.tr("finished"),
            "early stopping": self.tr("stopped early"),
            "stopped": self.tr("stopped"),
            "diverged": self.tr("diverged"),
            "failed": self.tr("failed"),
            IMPORTED: self.tr("imported"),
            UNFINISHED: self.tr("unfinished"),
        }
        return known.get(status, status)


def said(name: str) -> str:
    """A log's name in words, without saying what it was measured on: "accuracy"."""
    text = title(name.removeprefix("val_"))
    return text[:1].lower() + text[1:]


def short_name(parameter: str) -> str:
    """The part of a parameter's path that tells it from the others: optimizer.parameters.momentum is momentum."""
    return parameter.replace(".parameters.", ".").removesuffix(".type").removeprefix("optimizer.")


def when(started: str) -> str:
    """A time in UTC as the clock on the wall shows it."""
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return started or "–"


def swatch(stroke: Stroke) -> QPixmap:
    """A small piece of a line."""
    ratio = QGuiApplication.primaryScreen().devicePixelRatio()
    made = QPixmap(round(SWATCH * ratio), round(SWATCH * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setPen(stroke.pen(3.0))
    painter.drawLine(QLineF(0, SWATCH / 2, SWATCH, SWATCH / 2))
    painter.end()
    return made
