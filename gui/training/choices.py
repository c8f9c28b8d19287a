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
    """A check box for each metric: the usual ones and those that are ticked, the rest folded away.

    `chosen(names)` follows a click. A box stays where it is while a person ticks one after the other. What a recipe has
    with parameters, as `ndcg(k=5)`, stays as it is written while its box is ticked.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.boxes: dict[str, QCheckBox] = {}
        self._written: dict[str, tuple[str, ...]] = {}
        self._shown, self._folded = QVBoxLayout(), QVBoxLayout()
        rest = QWidget(self)
        rest.setLayout(self._folded)
        for part in (self._shown, self._folded):
            part.setContentsMargins(0, 0, 0, 0)
            part.setSpacing(0)
        for metric in metrics:
            box = QCheckBox(metric.key, self)
            box.setToolTip(f"{metric.key}\n{QCoreApplication.translate('graph', metric.doc())}")
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.clicked.connect(lambda: self.chosen.emit(self._ticked()))
            self.boxes[metric.key] = box
        self.more = Fold(self.tr("More"), rest, False, self)
        self.more.toggled.connect(lambda opened: None if opened else self._place())
        column.addLayout(self._shown)
        column.addWidget(self.more)
        self._place()

    def show_value(self, names: Sequence[str]) -> None:
        """Tick these metrics."""
        self._written = {key: tuple(n for n in names if n.partition("(")[0] == key) for key in self.boxes}
        if set(names) != set(self._ticked()):
            for key, box in self.boxes.items():
                box.setChecked(bool(self._written[key]))
            self._place()
        for key, box in self.boxes.items():
            box.setText(", ".join(self._written[key]) or key)

    def _place(self) -> None:
        for key, box in self.boxes.items():
            (self._shown if metrics[key].common or box.isChecked() else self._folded).addWidget(box)

    def _ticked(self) -> tuple[str, ...]:
        ticked = [key for key, box in self.boxes.items() if box.isChecked()]
        return tuple(name for key in ticked for name in self._written.get(key) or (key,))
