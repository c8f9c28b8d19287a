"""The line at the bottom: size and cost of the network, its problems, the memory of training, and the zoom."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QWidget

from engine.figures import memory
from graph.check import Check
from gui.figures import short
from gui.parts import label


class StatusBar(QStatusBar):
    """Figures left and right; a message takes the left ones' place for a few seconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(12, 0, 12, 0)
        left = QWidget(self)
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        self.figures = label("", "", left)
        self.problems = label("", "", left)
        row.addWidget(self.figures)
        row.addWidget(self.problems)
        row.addStretch(1)
        self.memory = label("", "", self)
        self.zoom = label("", "", self)
        self.zoom.setAccessibleName(self.tr("Zoom"))
        self.addWidget(left, 1)
        right = QWidget(self)
        beside = QHBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(16)
        beside.addWidget(self.memory)
        beside.addWidget(self.zoom)
        self.addPermanentWidget(right)

    def show_check(self, check: Check) -> None:
        """Show the figures of a check."""
        inference = check.inference
        layers, parameters = len(check.project.network.layers), inference.parameters
        said = [
            self.tr("1 layer") if layers == 1 else self.tr("{n} layers").format(n=f"{layers:,}"),
            self.tr("1 parameter") if parameters == 1 else self.tr("{n} parameters").format(n=f"{parameters:,}"),
            self.tr("{n} multiply-adds").format(n=short(inference.macs)),
        ]
        self.figures.setText(" · ".join(said) if layers else self.tr("No layers yet"))
        self.problems.setText(" · ".join(self._counts(check)))

    def show_memory(self, bytes_: int | None, batch: int) -> None:
        """Show what training takes, or nothing where that cannot be told."""
        text = self.tr("Training memory {bytes} at batch {batch}")
        self.memory.setText("" if bytes_ is None else text.format(bytes=memory(bytes_), batch=batch))

    def say(self, text: str) -> None:
        """Say something in place of the figures, for as long as it takes to read."""
        self.showMessage(text, 3000 + 60 * len(text))

    def show_zoom(self, zoom: float) -> None:
        """Show how large the canvas is drawn."""
        self.zoom.setText(f"{zoom:.0%}".replace("%", " %"))

    def _counts(self, check: Check) -> list[str]:
        errors, warnings = len(check.errors), len(check.warnings)
        said = []
        if errors:
            said.append(self.tr("1 error") if errors == 1 else self.tr("{n} errors").format(n=errors))
        if warnings:
            said.append(self.tr("1 warning") if warnings == 1 else self.tr("{n} warnings").format(n=warnings))
        return said
