"""The ways to look at the curves: by epoch or batch, linear or logarithmic, smoothed; and to take them away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSlider, QWidget

from gui.parts import label, toggle
from gui.plots.save_curves import SaveCurves
from gui.training.plots_view import PlotsView

STEPS = 20


class ViewBar(QWidget):
    """Small controls that change the plots."""

    def __init__(self, plots: PlotsView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = toggle(self.tr("Epochs"), self.tr("One point for each epoch"), self)
        self.batches = toggle(self.tr("Batches"), self.tr("One point for each batch of training samples"), self)
        self.log = toggle(self.tr("Log"), self.tr("Show the loss on a logarithmic scale"), self)
        self.epochs.setChecked(True)
        group = QButtonGroup(self)
        group.addButton(self.epochs)
        group.addButton(self.batches)
        self.smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self.smoothing.setRange(0, STEPS - 1)
        self.smoothing.setPageStep(5)
        self.smoothing.setMinimumWidth(48)
        self.smoothing.setMaximumWidth(120)
        self.smoothing.setAccessibleName(self.tr("Smoothing"))
        self.smoothing.setToolTip(self.tr("Smooth the training curves"))
        self.export = SaveCurves("curves", plots.write, self)
        self.said, self.save = self.export.said, self.export.save
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in (self.epochs, self.batches, self.log):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(label(self.tr("Smoothing"), "small", self))
        row.addWidget(self.smoothing)
        row.addWidget(self.export)
        row.addWidget(self.said, 4)
        row.addStretch(1)
        self.batches.toggled.connect(lambda on: plots.set_view(batches=on))
        self.log.toggled.connect(lambda on: plots.set_view(logarithmic=on))
        self.smoothing.valueChanged.connect(lambda value: plots.set_view(smoothing=value / STEPS))
