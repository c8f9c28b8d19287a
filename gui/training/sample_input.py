"""What the editors of one sample have in common.

An editor shows a sample as it was read (before it is prepared) and says `edited(sample)` when a person changes it.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

Array = NDArray[Any]


class SampleBase(QWidget):
    """A widget that says when its sample has changed. Every editor adds `show_sample(sample)`."""

    edited = Signal(object)
