"""What every editor of one sample has, and the one for samples that cannot be shown.

An editor shows a sample as it was read (before it is prepared) and says `edited(sample)` when a person changes it.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui.parts import label

Array = NDArray[Any]


class SampleInput(QWidget):
    """What every editor has."""

    edited = Signal(object)

    def show_sample(self, sample: Array) -> None:
        """Show a sample."""
        raise NotImplementedError  # pragma: no cover


class Unseen(SampleInput):
    """A sample that has too many values to show."""

    def __init__(self, shape: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        text = self.tr("{shape} values a sample").format(shape="×".join(map(str, shape)))
        self._text: QLabel = label(text, "muted", self)
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addStretch(1)

    def show_sample(self, sample: Array) -> None:
        """Nothing that would help."""
