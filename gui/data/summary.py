"""Loaded samples in a few lines: how many, their shapes, their classes, what was assumed, and some to look at."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.data.samples import Samples
from graph.shapes import shape_text
from gui.parts import label
from gui.plots.thumbnail import is_image, thumbnail

PICTURES = 12
PICTURE_SIZE = 40


class DataSummary(QWidget):
    """Says what was loaded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Samples | None = None
        self.text = label("", "", self, wrap=True)
        strip = QWidget(self)
        strip.setMinimumWidth(1)  # where there is less room, fewer pictures are seen
        self._pictures = QHBoxLayout(strip)
        self._pictures.setContentsMargins(0, 0, 0, 0)
        self._pictures.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text)
        column.addWidget(strip)
        self.hide()

    def show_samples(self, samples: Samples | None) -> None:
        """Show these samples, or nothing."""
        self.setVisible(samples is not None)
        if samples is self._shown:
            return
        self._shown = samples
        self.text.setText(described(samples) if samples is not None else "")
        while (item := self._pictures.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if samples is not None:
            self._show_pictures(samples)

    def _show_pictures(self, samples: Samples) -> None:
        name = next((name for name, shape in samples.facts.inputs.items() if is_image(shape[1:])), None)
        if name is None:
            return
        for sample in samples.inputs[name][:PICTURES]:
            picture = QLabel(self)
            picture.setPixmap(thumbnail(sample, PICTURE_SIZE, self.devicePixelRatioF()))
            self._pictures.addWidget(picture)
        self._pictures.addStretch(1)


def described(samples: Samples) -> str:
    """ "1,797 samples · x: 8×8×1 · y: 10 classes"."""
    translate = QCoreApplication.translate
    parts = [translate("DataSummary", "{n} samples").format(n=f"{len(samples):,}")]
    parts += [f"{name}: {shape_text(shape)}" for name, shape in samples.facts.inputs.items()]
    for name, facts in samples.facts.targets.items():
        if facts.classes:
            some = ", ".join(facts.classes[:10]) + (", …" if len(facts.classes) > 10 else "")
            text = translate("DataSummary", "{name}: {n} classes ({some})")
            parts.append(text.format(name=name, n=len(facts.classes), some=some))
        else:
            parts.append(translate("DataSummary", "{name}: numbers").format(name=name))
    return " · ".join(parts)
