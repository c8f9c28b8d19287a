"""The tabs of the bottom panel: this is the place where they are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from gui.problems import Problems
from gui.summary import SummaryTable
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


@dataclass(frozen=True)
class Panel:
    """A tab: its name, its title (in the context "Panels"), and how its widget is made."""

    name: str
    title: str
    make: Callable[[MainWindow], QWidget]


def summary(window: MainWindow) -> QWidget:
    """Every layer with its figures."""
    made = SummaryTable(window.checks)
    made.jump.connect(window.jump_to)
    return made


def problems(window: MainWindow) -> QWidget:
    """The list of what is wrong."""
    made = Problems(window.document, window.checks)
    made.jump.connect(window.jump_to)
    return made


PANELS = (
    Panel("training", QT_TRANSLATE_NOOP("Panels", "Training"), lambda window: window.training.panel),
    Panel("runs", QT_TRANSLATE_NOOP("Panels", "Runs"), lambda window: window.training.runs),
    Panel("confusion", QT_TRANSLATE_NOOP("Panels", "Confusion"), lambda window: window.training.confusion),
    Panel("predictions", QT_TRANSLATE_NOOP("Panels", "Predictions"), lambda window: window.training.predictions),
    Panel("summary", QT_TRANSLATE_NOOP("Panels", "Summary"), summary),
    Panel("problems", QT_TRANSLATE_NOOP("Panels", "Problems"), problems),
)
"""The tabs in their order."""
