"""Samples as a list to choose from: pictures where they are images, otherwise their values in a row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QIcon, QPaintEvent
from PySide6.QtWidgets import QListView, QWidget

from engine.data.samples import Samples
from graph.datasets import TargetFacts
from gui.plots.thumbnail import is_image, thumbnail
from gui.training.sample_row import told

THUMBNAIL = 40
MOST_VALUES = 12

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()


class SamplesModel(QAbstractListModel):
    """Some rows of loaded samples. The user role gives the number of the row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples: Samples | None = None
        self.rows: Sequence[int] = ()
        self.image = ""
        self.device_pixel_ratio = 1.0
        self._picture = lru_cache(maxsize=2000)(self._make_picture)

    def show_rows(self, samples: Samples | None, rows: Sequence[int]) -> None:
        """Show these rows of these samples."""
        self.beginResetModel()
        self._picture.cache_clear()
        self.samples, self.rows = samples, rows
        self.image = image_input(samples) if samples is not None else ""
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        """One row a sample."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The picture, or the values, and the true answer."""
        if self.samples is None or not index.isValid():
            return None
        row = int(self.rows[index.row()])
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DecorationRole and self.image:
            return self._picture(row, self.device_pixel_ratio)
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                truth(self.samples, row) if self.image else f"{truth(self.samples, row)} ← {values(self.samples, row)}"
            )
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.tr("Sample {n}: {truth}").format(n=row + 1, truth=truth(self.samples, row))
        return None

    def _make_picture(self, row: int, device_pixel_ratio: float) -> QIcon:
        assert self.samples is not None
        picture = thumbnail(self.samples.inputs[self.image][row], THUMBNAIL, device_pixel_ratio)
        made = QIcon(picture)
        made.addPixmap(picture, QIcon.Mode.Selected)
        return made


class SamplesList(QListView):
    """A list of samples that wraps where they are pictures."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = SamplesModel(self)
        self.setModel(self.rows_model)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setAccessibleName(name)

    def show_rows(self, samples: Samples | None, rows: Sequence[int]) -> None:
        """Show these rows of these samples."""
        self.rows_model.show_rows(samples, rows)
        pictures = bool(self.rows_model.image)
        self.setViewMode(QListView.ViewMode.IconMode if pictures else QListView.ViewMode.ListMode)
        self.setMovement(QListView.Movement.Static)
        self.setSpacing(0 if pictures else 2)
        self.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
        self.setGridSize(QSize(THUMBNAIL + 16, THUMBNAIL + 28) if pictures else QSize())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw pictures in the pixels of the screen the list is on."""
        self.rows_model.device_pixel_ratio = self.devicePixelRatioF()
        super().paintEvent(event)

    @property
    def current_row(self) -> int | None:
        """The number of the chosen sample among all samples."""
        found = self.currentIndex().data(Qt.ItemDataRole.UserRole)
        return None if found is None else int(found)


def image_input(samples: Samples) -> str:
    """The input that can be looked at, or nothing."""
    return next((name for name, shape in samples.facts.inputs.items() if is_image(shape[1:])), "")


def truth(samples: Samples, row: int) -> str:
    """The true answer of a sample, as text."""
    return ", ".join(_answer(samples.targets[name][row], facts) for name, facts in samples.facts.targets.items())


def _answer(value: Any, facts: TargetFacts) -> str:
    if facts.classes:
        return facts.classes[int(np.ravel(value)[0])]
    return ", ".join(f"{one:.4g}" for one in np.ravel(value)[:4])


def values(samples: Samples, row: int) -> str:
    """The inputs of a sample in a line: words where it is a text, the cells of a table, otherwise numbers."""
    parts = []
    for x in samples.inputs.values():
        sample = np.ravel(x[row])
        if samples.words and x.dtype.kind == "i":
            parts.append(" ".join(samples.words[int(word)] for word in sample if int(word)))
        elif samples.features:
            parts.append(_line([_cell(value) for value in told(samples.features, sample).values()]))
        else:
            parts.append(_line([_cell(value) for value in sample[: MOST_VALUES + 1]]))
    return "; ".join(parts)


def _line(cells: Sequence[str]) -> str:
    return ", ".join(cells[:MOST_VALUES]) + (", …" if len(cells) > MOST_VALUES else "")


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else "–" if value is None else f"{value:.4g}"
