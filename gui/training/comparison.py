"""Runs side by side: how each did, and in what their recipes and networks differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from engine.figures import figure
from engine.runs import differences
from graph.network import Network
from graph.problem import FileProblem
from graph.project import Project
from gui.theme import current_theme, font, theme_switch
from gui.training.progress import duration
from gui.training.runs_model import Row, said, short_name, when

NOTHING = "–"
Lines = list[tuple[str, tuple[str, ...]]]


class Comparison(QTableWidget):
    """A column for each run, a line for each figure and each difference."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setShowGrid(False)
        self.setAccessibleName(self.tr("Runs side by side"))
        self.verticalHeader().setDefaultSectionSize(24)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(96)
        self._rows: Sequence[Row] = ()
        theme_switch().changed.connect(self._redraw)
        self.hide()

    def show_runs(self, rows: Sequence[Row]) -> None:
        """Compare these, the oldest first; nothing where there are fewer than two."""
        self._rows = rows = sorted(rows, key=lambda row: row.run.id)
        self.setVisible(len(rows) > 1)
        self.clear()
        if len(rows) < 2:
            return
        lines = compared(rows)
        self.setRowCount(len(lines))
        self.setColumnCount(1 + len(rows))
        self.setHorizontalHeaderLabels(["", *(when(row.run.started)[11:] for row in rows)])
        for place, (name, texts) in enumerate(lines):
            differ = len(set(texts)) > 1
            for column, text in enumerate((name, *texts)):
                item = QTableWidgetItem(text)
                item.setFont(font("font", bold=differ and column > 0))
                item.setForeground(current_theme().color("text" if column else "muted"))
                item.setToolTip(text)
                self.setItem(place, column, item)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)

    def _redraw(self) -> None:
        self.show_runs(self._rows)


def compared(rows: Sequence[Row]) -> Lines:
    """What is said of these runs: the name of each line, and its text for each of them."""
    translate = QCoreApplication.translate
    logs = dict.fromkeys(name for row in rows if row.epochs for name in row.epochs[0].logs)
    tests = dict.fromkeys(name for row in rows for name in row.run.test)
    lines: Lines = [
        (translate("Comparison", "Epochs"), tuple(f"{len(row.epochs):,}" for row in rows)),
        (translate("Comparison", "Time"), tuple(duration(row.seconds) for row in rows)),
    ]
    for name in [log for log in logs if log.startswith("val_")] or logs:
        values = tuple(_figure(row.value(name)) for row in rows)
        lines.append((translate("Comparison", "Best {figure}").format(figure=said(name)), values))
    for name in tests:
        values = tuple(_figure(row.run.test.get(name)) for row in rows)
        lines.append((translate("Comparison", "Test {figure}").format(figure=said(name)), values))
    try:
        projects = [row.run.project for row in rows]
    except FileProblem:
        return lines
    recipes = differences([project.training for project in projects])
    usual = translate("Comparison", "as usual")
    lines += [(short_name(name), tuple(text or usual for text in texts)) for name, texts in recipes.items()]
    return lines + network_differences([project.network for project in projects]) + data_differences(projects)


def network_differences(networks: Sequence[Network]) -> Lines:
    """In which layers networks differ: layers that are not in all of them, parameters, and how they are wired."""
    lines: Lines = []
    for layer in dict.fromkeys(name for network in networks for name in network.layers):
        found = [network.layers.get(layer) for network in networks]
        kinds = tuple(one.key if one is not None else NOTHING for one in found)
        if len(set(kinds)) > 1:
            lines.append((layer, kinds))
            continue
        known = [one for one in found if one is not None]
        for parameter in known[0].parameters:
            values = tuple(_text(one.config()[parameter]) for one in known)
            if len(set(values)) > 1:
                lines.append((f"{layer}.{parameter}", values))
    if len({frozenset(network.wires) for network in networks}) > 1:
        count = QCoreApplication.translate("Comparison", "{n} wires")
        lines.append(
            (
                QCoreApplication.translate("Comparison", "Wiring"),
                tuple(count.format(n=len(network.wires)) for network in networks),
            )
        )
    return lines


def data_differences(projects: Sequence[Project]) -> Lines:
    """In what their data recipes differ."""
    lines: Lines = []
    for name in ("source", "validation", "test", "seed", "standardize"):
        values = tuple(_data_text(getattr(project.data, name)) for project in projects)
        if len(set(values)) > 1:
            lines.append((QCoreApplication.translate("Comparison", "data: {name}").format(name=name), values))
    return lines


def _data_text(value: Any) -> str:
    if hasattr(value, "changed"):
        return " ".join([value.key, *(f"{name}={_text(one)}" for name, one in value.changed().items())])
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return "×".join(map(_text, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _figure(value: float | None) -> str:
    return NOTHING if value is None else figure(value)
