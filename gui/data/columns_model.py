"""The columns of a table as rows to edit: role, kind, and what is done about empty cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.data.detect import ColumnScan
from graph.datasets import Column
from gui.theme import current_theme

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Role = Qt.ItemDataRole
CHOICES = Role.UserRole + 1
ALSO = "also"
"""The choice that makes a column a target beside those there are; "target" makes it the only one."""


class Field(IntEnum):
    """The columns of the model."""

    NAME = 0
    ROLE = 1
    KIND = 2
    MISSING = 3
    SEEN = 4


class ColumnsModel(QAbstractTableModel):
    """Shows columns with what was seen in each. `edited(columns)` follows a choice; the model waits to be shown it."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self._scans: dict[str, ColumnScan] = {}
        self._wrong = ""

    def show_columns(self, columns: Sequence[Column], scans: Sequence[ColumnScan], wrong: str = "") -> None:
        """Show these columns; `wrong` names the one that cannot be read."""
        fresh = tuple(columns)
        same = [column.name for column in fresh] == [column.name for column in self.columns]
        if not same:
            self.beginResetModel()
        self.columns, self._scans, self._wrong = fresh, {scan.name: scan for scan in scans}, wrong
        if not same:
            self.endResetModel()
        elif fresh:
            self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, len(Field) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        """One row a column."""
        return 0 if parent.isValid() else len(self.columns)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Name, role, kind, empty cells, what was seen."""
        return 0 if parent.isValid() else len(Field)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """The headings."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            headings = self.tr("Column"), self.tr("Role"), self.tr("Kind"), self.tr("Empty cells"), self.tr("Values")
            return headings[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The three choices can be edited, where they matter."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.choices(index) else flags

    def choices(self, index: Index) -> dict[str, str]:
        """The values a cell may have, with the texts for them; none where nothing is to be chosen."""
        column = self.columns[index.row()]
        if index.column() == Field.ROLE:
            others = any(one.role == "target" and one.name != column.name for one in self.columns)
            return {
                "feature": self.tr("feature"),
                "target": self.tr("target"),
                **({ALSO: self.tr("one more target")} if others and column.role != "target" else {}),
                "weight": self.tr("weight of the sample"),
                "ignore": self.tr("ignore"),
            }
        if index.column() == Field.KIND and column.role not in ("weight", "ignore"):
            return {"number": self.tr("number"), "category": self.tr("category")}
        if index.column() == Field.MISSING and column.role == "feature":
            filled = self.tr("fill with the mean") if column.kind == "number" else self.tr("a category of their own")
            return {"refuse": self.tr("refuse"), "fill": filled}
        return {}

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """What a cell shows, and its value for the list."""
        column = self.columns[index.row()]
        value = {Field.ROLE: column.role, Field.KIND: column.kind, Field.MISSING: column.missing}.get(
            Field(index.column())
        )
        if role == Role.EditRole:
            return value
        if role == CHOICES:
            return self.choices(index)
        if role == Role.DisplayRole:
            if index.column() == Field.NAME:
                return column.name
            return self._seen(column) if index.column() == Field.SEEN else self.choices(index).get(str(value), "–")
        if role == Role.ToolTipRole and ALSO in self.choices(index):
            return self.tr("A new target takes the place of the old one. Choose “one more target” to have several.")
        if role == Role.ForegroundRole:
            theme = current_theme()
            if column.name == self._wrong:
                return theme.color("error")
            return theme.color("muted" if column.role == "ignore" or index.column() == Field.SEEN else "text")
        return None

    def _seen(self, column: Column) -> str:
        scan = self._scans.get(column.name)
        if scan is None:
            return ""
        parts = [", ".join(scan.examples[:4]) + (", …" if scan.distinct > 4 else "")]
        if scan.missing:
            parts.append(self.tr("{n} empty").format(n=f"{scan.missing:,}"))
        return " · ".join(parts)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Say what was chosen."""
        if role != Role.EditRole or value not in self.choices(index):
            return False
        name = {Field.ROLE: "role", Field.KIND: "kind", Field.MISSING: "missing"}[Field(index.column())]
        chosen: Any = "target" if value == ALSO else value
        changed = replace(self.columns[index.row()], **{name: chosen})
        others = self.columns
        if value == "target":
            others = tuple(replace(one, role="feature") if one.role == "target" else one for one in self.columns)
        elif value == "weight":
            others = tuple(replace(one, role="ignore") if one.role == "weight" else one for one in self.columns)
        self.edited.emit((*others[: index.row()], changed, *others[index.row() + 1 :]))
        return True


class ChoiceDelegate(QStyledItemDelegate):
    """Edits a cell by a list of its choices, which opens at once."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """The list."""
        box = QComboBox(parent)
        for value, text in index.data(CHOICES).items():
            box.addItem(text, value)
        box.activated.connect(lambda _: self._choose(box))
        return box

    def _choose(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the present value."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Role.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take the chosen value."""
        if isinstance(editor, QComboBox) and editor.currentData() != index.data(Role.EditRole):
            model.setData(index, editor.currentData())
