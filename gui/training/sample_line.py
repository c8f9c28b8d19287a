"""One sample as a line to type: words, or a row of numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph.fields import TextField
from gui.inspector.form import ParameterForm
from gui.parts import label
from gui.training.sample_input import Array, SampleBase


class Line(SampleBase):
    """A text or a row of numbers on one line."""

    def __init__(self, shape: tuple[int, ...], words: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape, self._words = shape, tuple(words)
        self._numbers = {word: number for number, word in enumerate(words)}
        doc = self.tr("Words, parted by spaces.") if words else self.tr("Numbers, parted by commas.")
        name = self.tr("text") if words else self.tr("values")
        self._name = name
        self.form = ParameterForm({name: TextField("", doc)}, self)
        self.form.edited.connect(self._on_edited)
        self.note = label("", "muted", self, wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)
        column.addWidget(self.note)
        column.addStretch(1)

    def show_sample(self, sample: Array) -> None:
        """Show a sample."""
        flat = np.ravel(sample)
        if self._words:
            text = " ".join(self._words[int(number)] for number in flat if int(number))
        else:
            text = ", ".join(f"{float(value):.6g}" for value in flat)
        self.form.show_values({self._name: text})
        self.note.clear()

    def _on_edited(self, _: str, text: str) -> None:
        flat, note = self._words_of(text) if self._words else self._numbers_of(text)
        self.note.setText(note)
        if flat is not None:
            self.edited.emit(flat.reshape(self._shape))

    def _words_of(self, text: str) -> tuple[Array, str]:
        size = int(np.prod(self._shape))
        typed = text.lower().split()
        unknown = [word for word in typed if word not in self._numbers]
        known = [self._numbers[word] for word in typed if word in self._numbers][:size]
        note = self.tr("Not known to the network: {words}").format(words=", ".join(unknown)) if unknown else ""
        return np.array([*known, *([0] * (size - len(known)))], np.int32), note

    def _numbers_of(self, text: str) -> tuple[Array | None, str]:
        size = int(np.prod(self._shape))
        try:
            values = np.array([float(part) for part in text.replace(";", ",").split(",") if part.strip()])
        except ValueError:
            return None, self.tr("Type numbers, such as 0.5, -1.2.")
        if len(values) != size or not np.isfinite(values).all():
            return None, self.tr("{n} numbers are needed; there are {m}.").format(n=size, m=len(values))
        return values, ""
