"""The choices of a recipe that are no single parameter: a declaration of a registry, and a set of metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QVBoxLayout, QWidget

from graph.declare import Declared, Registry
from graph.metrics import metrics
from gui.inspector.controls import Box
from gui.parts import Fold


class DeclaredBox(Box):
    """A list of what a registry holds. `chosen(key)` follows a choice by a person; None is the choice `none_text`."""

    chosen = Signal(object)

    def __init__(self, registry: Registry[Any], name: str, none_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(Box.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        if none_text:
            self.addItem(none_text, None)
        for declared in registry:
            self.addItem(declared.key, declared.key)
            self.setItemData(
                self.count() - 1, QCoreApplication.translate("graph", declared.doc()), Qt.ItemDataRole.ToolTipRole
            )
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def show_value(self, declared: Declared | None) -> None:
        """Show which one is chosen."""
        index = self.findData(declared.key if declared is not None else None)
        if index != self.currentIndex():
            self.setCurrentIndex(index)
        text = QCoreApplication.translate("graph", declared.doc()) if declared is not None else ""
        self.setToolTip(f"{declared.key}\n{text}" if declared is not None else "")


class MetricsBox(QWidget):
    """A check box for each metric, the usual ones first. `chosen(names)` follows a click."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.boxes: dict[str, QCheckBox] = {}
        rest = QWidget(self)
        folded = QVBoxLayout(rest)
        folded.setContentsMargins(0, 0, 0, 0)
        folded.setSpacing(0)
        for metric in metrics:
            box = QCheckBox(metric.key, self)
            box.setToolTip(f"{metric.key}\n{QCoreApplication.translate('graph', metric.doc())}")
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.clicked.connect(self._on_clicked)
            (column if metric.common else folded).addWidget(box)
            self.boxes[metric.key] = box
        self.more = Fold(self.tr("More"), rest, False, self)
        column.addWidget(self.more)

    def show_value(self, names: Sequence[str]) -> None:
        """Tick these metrics."""
        for name, box in self.boxes.items():
            box.setChecked(name in names)
        if any(not metrics[name].common for name in names):
            self.more.head.setChecked(True)

    def _on_clicked(self) -> None:
        self.chosen.emit(tuple(name for name, box in self.boxes.items() if box.isChecked()))
