"""Which array of a file is which weight, as rows to edit."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from engine.formats.foreign.arrangements import arrangements
from engine.formats.foreign.matching import Match, Matching, Why
from engine.formats.weights import sizes_text
from gui.data.columns_model import CHOICES
from gui.theme import current_theme
from gui.translate import tr_message

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
Role = Qt.ItemDataRole
NOTHING = ""
"""The choice of no array."""


class Field(IntEnum):
    """The columns of the model."""

    WEIGHT = 0
    SHAPE = 1
    SOURCE = 2
    GIVEN = 3
    WAY = 4
    WHY = 5


class MatchesModel(QAbstractTableModel):
    """Shows a matching. `edited(matching)` follows a choice; the model waits to be shown it."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matching: Matching | None = None

    def show_matching(self, matching: Matching | None) -> None:
        """Show a matching, or nothing."""
        same = self.matching is not None and matching is not None and self.matching.slots == matching.slots
        if not same:
            self.beginResetModel()
        self.matching = matching
        if not same:
            self.endResetModel()
        elif self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(Field) - 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        """One row a weight."""
        return 0 if parent.isValid() or self.matching is None else len(self.matching.slots)

    def columnCount(self, parent: Index = ROOT) -> int:
        """The weight, its shape, the array, its shape, how it is laid out, what the match rests on."""
        return 0 if parent.isValid() else len(Field)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """The headings."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            network = self.tr("Weight"), self.tr("Shape"), self.tr("From the file")
            return (*network, self.tr("Its shape"), self.tr("Laid out"), self.tr("Found"))[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The array can be chosen."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == Field.SOURCE else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """What a cell shows, and its value for the list."""
        if self.matching is None:
            return None
        slot = self.matching.slots[index.row()]
        match = self.matching.matches.get(slot.name)
        if role == CHOICES:
            return {key: text for key, (text, _) in self._choices(slot.name).items()}
        if role == Role.EditRole:
            return NOTHING if match is None else key_of(match)
        if role in (Role.DisplayRole, Role.ToolTipRole):
            return self._texts(slot.name, sizes_text(slot.shape), match)[index.column()]
        if role == Role.ForegroundRole:
            theme = current_theme()
            if match is None:
                return theme.color("warning" if index.column() == Field.SOURCE else "text")
            return theme.color("muted" if index.column() in (Field.WAY, Field.WHY) else "text")
        return None

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Say what was chosen."""
        if role != Role.EditRole or self.matching is None or index.column() != Field.SOURCE:
            return False
        weight = self.matching.slots[index.row()].name
        choices = self._choices(weight)
        if value not in choices:
            return False
        self.edited.emit(self.matching.with_match(weight, choices[value][1]))
        return True

    def _choices(self, weight: str) -> dict[str, tuple[str, Match | None]]:
        """Everything that a weight may be, by a key: a text and the match; what it is now among them."""
        assert self.matching is not None
        now = self.matching.matches.get(weight)
        found: dict[str, tuple[str, Match | None]] = {NOTHING: (self.tr("nothing"), None)}
        for match in [*([now] if now else []), *self.matching.choices(weight)]:
            found.setdefault(key_of(match), (f"{' + '.join(match.sources)} – {way_of(match)}", match))
        return found

    def _texts(self, weight: str, shape: str, match: Match | None) -> tuple[str, ...]:
        if match is None:
            return weight, shape, self.tr("nothing"), "", "", ""
        assert self.matching is not None
        shapes = ", ".join(sizes_text(self.matching.arrays[name].shape) for name in match.sources)
        return weight, shape, " + ".join(match.sources), shapes, way_of(match), self._why(match.why)

    def _why(self, why: Why) -> str:
        return {
            Why.NAME: self.tr("by its name"),
            Why.ONLY: self.tr("nothing else fits"),
            Why.ORDER: self.tr("by its order"),
            Why.CHOSEN: self.tr("chosen"),
        }[why]


def key_of(match: Match) -> str:
    """A match as the value of a choice."""
    return "\n".join((match.arrangement, *match.sources))


def way_of(match: Match) -> str:
    """How the arrays are laid out, in words."""
    return tr_message(arrangements[match.arrangement].title)
