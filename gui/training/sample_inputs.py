"""One sample to look at and to change: a picture to paint, a table row to type, words, or a row of numbers.

Each editor shows a sample as it was read (before it is prepared) and says `edited(sample)` when a person changes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from engine.data.samples import Feature, Samples
from graph.fields import ChoiceField, FloatField, TextField
from graph.fields import Field as Parameter
from gui.inspector.form import ParameterForm
from gui.parts import label
from gui.plots.thumbnail import is_image, thumbnail
from gui.theme import current_theme

Array = NDArray[Any]
MOST_NUMBERS = 64
MOST_PIXELS = 64


class SampleInput(QWidget):
    """What every editor has."""

    edited = Signal(object)

    def show_sample(self, sample: Array) -> None:
        """Show a sample."""
        raise NotImplementedError  # pragma: no cover


class Picture(SampleInput):
    """A picture; one with a single channel can be painted on with the left button and wiped with the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: Array = np.zeros((1, 1, 1))
        self._cursor: tuple[int, int] | None = None
        self.setMinimumSize(96, 96)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The sample as a picture"))

    @property
    def paintable(self) -> bool:
        """Whether pixels can be set one by one."""
        height, width, channels = self._sample.shape
        return channels == 1 and max(height, width) <= MOST_PIXELS

    def show_sample(self, sample: Array) -> None:
        """Show a sample."""
        self._sample = np.array(sample, np.float64)
        tip = self.tr("Paint with the left mouse button, wipe with the right. Arrow keys and space do the same.")
        self.setToolTip(tip if self.paintable else "")
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(160, 160)

    def _area(self) -> QRectF:
        height, width, _ = self._sample.shape
        scale = min(self.width() / width, self.height() / height)
        return QRectF(0, 0, width * scale, height * scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture."""
        area = self._area()
        painter = QPainter(self)
        size = int(max(area.width(), area.height()))
        painter.drawPixmap(area.toRect(), thumbnail(self._sample, max(size, 1), self.devicePixelRatioF()))
        painter.setPen(QPen(current_theme().color("border"), 1))
        painter.drawRect(area.adjusted(0, 0, -1, -1))
        if self._cursor is not None and self.hasFocus():
            step = area.width() / self._sample.shape[1]
            row, column = self._cursor
            painter.setPen(QPen(QColor(current_theme().color("accent")), 2))
            painter.drawRect(QRectF(column * step, row * step, step, step))
        painter.end()

    def _pixel(self, place: QPoint) -> tuple[int, int] | None:
        area = self._area()
        step = area.width() / self._sample.shape[1]
        row, column = int(place.y() // step), int(place.x() // step)
        height, width, _ = self._sample.shape
        return (row, column) if 0 <= row < height and 0 <= column < width else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Paint or wipe."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Paint or wipe on."""
        pixel = self._pixel(event.position().toPoint())
        left = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if pixel is not None and event.buttons():
            self._cursor = None
            self._paint(pixel, left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys move a cursor, space paints or wipes under it."""
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        key = Qt.Key(event.key())
        row, column = self._cursor or (0, 0)
        height, width, _ = self._sample.shape
        if key in steps and self.paintable:
            down, across = steps[key]
            self._cursor = (min(max(row + down, 0), height - 1), min(max(column + across, 0), width - 1))
            self.update()
        elif key == Qt.Key.Key_Space and self._cursor is not None:
            self._paint((row, column), float(self._sample[row, column, 0]) <= 0.5 * self._white())
        else:
            super().keyPressEvent(event)

    def _white(self) -> float:
        return max(float(self._sample.max()), 1.0)

    def _paint(self, pixel: tuple[int, int], white: bool) -> None:
        if not self.paintable:
            return
        value = self._white() if white else 0.0
        if self._sample[(*pixel, 0)] != value:
            self._sample[(*pixel, 0)] = value
            self.edited.emit(self._sample.copy())
        self.update()


class Row(SampleInput):
    """A table row: a field for each column, a list for those with categories."""

    def __init__(self, features: Sequence[Feature], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._features = tuple(features)
        self._sample: Array = np.zeros(sum(feature.width for feature in features))
        self.form = ParameterForm({feature.column.name: _field(feature) for feature in features}, self)
        self.form.edited.connect(self._on_edited)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        page = QWidget(scroll)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(self.form)
        inner.addStretch(1)
        scroll.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def show_sample(self, sample: Array) -> None:
        """Show a sample."""
        self._sample = np.array(sample, np.float64)
        shown: dict[str, Any] = {}
        for feature, start in self._places():
            if feature.column.kind == "category":
                one_hot = self._sample[start : start + feature.width]
                shown[feature.column.name] = _category(feature.categories[int(one_hot.argmax())])
            else:
                value = float(self._sample[start])
                shown[feature.column.name] = value if value == value else None
        self.form.show_values(shown)

    def _places(self) -> list[tuple[Feature, int]]:
        starts = np.cumsum([0, *(feature.width for feature in self._features)])
        return [(feature, int(start)) for feature, start in zip(self._features, starts, strict=False)]

    def _on_edited(self, name: str, value: Any) -> None:
        for feature, start in self._places():
            if feature.column.name != name:
                continue
            if feature.column.kind == "category":
                names = [_category(category) for category in feature.categories]
                self._sample[start : start + feature.width] = 0.0
                self._sample[start + names.index(value)] = 1.0
            else:
                self._sample[start] = np.nan if value is None else value
        self.edited.emit(self._sample.copy())


class Line(SampleInput):
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


def input_for(samples: Samples, name: str, parent: QWidget) -> SampleInput:
    """The editor for one input of these samples."""
    x = samples.inputs[name]
    shape = x.shape[1:]
    if is_image(shape):
        return Picture(parent)
    if samples.features and len(shape) == 1:
        return Row(samples.features, parent)
    if int(np.prod(shape)) <= MOST_NUMBERS or (samples.words and x.dtype.kind == "i"):
        return Line(shape, samples.words if x.dtype.kind == "i" else (), parent)
    return Unseen(shape, parent)


def _field(feature: Feature) -> Parameter:
    names = tuple(_category(category) for category in feature.categories)
    if feature.column.kind == "category":
        return ChoiceField(names[0], feature.column.name, choices=lambda: names, what="category")
    return FloatField(0.0, feature.column.name, optional=feature.column.missing == "fill", none_text="empty")


def _category(name: str) -> str:
    return name or "(empty)"
