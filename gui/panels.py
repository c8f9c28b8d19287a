"""The tabs of the bottom panel: this is the place where they are put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QTabWidget, QWidget

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


class BottomTabs(QTabWidget):
    """The tabs of a window, found by their names."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setDocumentMode(True)
        self.setAccessibleName(self.tr("Training, runs, summary and problems"))
        self.panels = {panel.name: panel.make(window) for panel in PANELS}
        for panel in PANELS:
            title = QCoreApplication.translate("Panels", panel.title)
            self.tabBar().setTabData(self.addTab(self.panels[panel.name], title), title)

    def bring(self, name: str) -> None:
        """Bring a tab to the front."""
        self.setCurrentWidget(self.panels[name])

    def retitle(self, name: str, title: str) -> None:
        """Call a tab otherwise."""
        index = self.indexOf(self.panels[name])
        self.tabBar().setTabData(index, title)
        self.setTabText(index, title)

    def count_in(self, name: str, count: int) -> None:
        """Say in the title of a tab how many things are in it."""
        index = self.indexOf(self.panels[name])
        title = self.tabBar().tabData(index)
        self.setTabText(index, f"{title} ({count})" if count else title)
