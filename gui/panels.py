"""The tabs of the bottom panel: this is the place where they are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from gui.parts import EmptyState
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


def empty(drawing: str, title: str, text: str) -> Callable[[MainWindow], QWidget]:
    """A tab that has nothing to show yet."""
    translate = QCoreApplication.translate
    return lambda window: EmptyState(drawing, translate("Panels", title), translate("Panels", text))


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
    Panel(
        "training",
        QT_TRANSLATE_NOOP("Panels", "Training"),
        empty(
            "training",
            QT_TRANSLATE_NOOP("Panels", "Nothing trained yet"),
            QT_TRANSLATE_NOOP("Panels", "Loss and metrics appear here, live, once you press Train."),
        ),
    ),
    Panel(
        "runs",
        QT_TRANSLATE_NOOP("Panels", "Runs"),
        empty(
            "runs",
            QT_TRANSLATE_NOOP("Panels", "No runs yet"),
            QT_TRANSLATE_NOOP("Panels", "Every training run is kept here, to compare, reopen and continue."),
        ),
    ),
    Panel(
        "confusion",
        QT_TRANSLATE_NOOP("Panels", "Confusion"),
        empty(
            "confusion",
            QT_TRANSLATE_NOOP("Panels", "Nothing to compare yet"),
            QT_TRANSLATE_NOOP("Panels", "After training you see here which classes are taken for which."),
        ),
    ),
    Panel(
        "predictions",
        QT_TRANSLATE_NOOP("Panels", "Predictions"),
        empty(
            "predictions",
            QT_TRANSLATE_NOOP("Panels", "No trained network yet"),
            QT_TRANSLATE_NOOP("Panels", "After training, choose or type a sample here and see what the network says."),
        ),
    ),
    Panel("summary", QT_TRANSLATE_NOOP("Panels", "Summary"), summary),
    Panel("problems", QT_TRANSLATE_NOOP("Panels", "Problems"), problems),
)
"""The tabs in their order."""
