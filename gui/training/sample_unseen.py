"""One sample that has too many values to show."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.parts import label
from gui.training.sample_input import Array, SampleBase


class Unseen(SampleBase):
    """Says how large a sample is."""

    def __init__(self, shape: tuple[int, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        text = self.tr("{shape} values a sample").format(shape="×".join(map(str, shape)))
        column = QVBoxLayout(self)
        column.addWidget(label(text, "muted", self))
        column.addStretch(1)

    def show_sample(self, sample: Array) -> None:
        """Nothing that would help."""
