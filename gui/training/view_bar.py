"""The ways to look at the curves: by epoch or batch, linear or logarithmic, smoothed; and to take them away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QSlider, QToolButton, QWidget

from graph.problem import FileProblem
from gui.icons import icon
from gui.parts import label
from gui.theme import theme_switch
from gui.training.plots_view import PlotsView
from gui.translate import tr_message

STEPS = 20


class ViewBar(QWidget):
    """Small controls that change the plots."""

    def __init__(self, plots: PlotsView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plots = plots
        self.epochs = self._toggle(self.tr("Epochs"), self.tr("One point for each epoch"))
        self.batches = self._toggle(self.tr("Batches"), self.tr("One point for each batch of training samples"))
        self.log = self._toggle(self.tr("Log"), self.tr("Show the loss on a logarithmic scale"))
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
        self.export = QToolButton(self)
        self.export.setToolTip(self.tr("Save the curves as PNG, SVG or CSV"))
        self.export.setAccessibleName(self.tr("Save the curves"))
        self.said = label("", "error", self)
        self.said.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in (self.epochs, self.batches, self.log):
            row.addWidget(button)
        row.addSpacing(8)
        row.addWidget(label(self.tr("Smoothing"), "small", self))
        row.addWidget(self.smoothing)
        row.addWidget(self.export)
        row.addStretch(1)
        self.batches.toggled.connect(lambda on: plots.set_view(batches=on))
        self.log.toggled.connect(lambda on: plots.set_view(logarithmic=on))
        self.smoothing.valueChanged.connect(lambda value: plots.set_view(smoothing=value / STEPS))
        self.export.clicked.connect(self.ask_and_save)
        theme_switch().changed.connect(self._draw)
        self._draw()

    def _toggle(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setProperty("kind", "toggle")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _draw(self) -> None:
        self.export.setIcon(icon("export", "muted"))

    def ask_and_save(self) -> None:
        """Ask where to, and save the curves there."""
        text = self.tr("Picture (*.png);;Drawing (*.svg);;Table (*.csv)")
        path, chosen = QFileDialog.getSaveFileName(self, self.tr("Save the curves"), "curves.png", text)
        if path:
            target = Path(path)
            self.save(target if target.suffix else target.with_suffix(chosen[-5:-1]))

    def save(self, path: Path) -> None:
        """Save the curves; what is wrong is said beside the button."""
        try:
            self._plots.write(path)
        except FileProblem as problem:
            self.said.setText(f"{tr_message(problem.text)} {tr_message(problem.hint)}")
            self.said.show()
            self.export.setToolTip(self.said.text())
        else:
            self.said.hide()
