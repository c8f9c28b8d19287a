"""Training as the main window holds it: the run, its four tabs, and the dialogs for data and export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.formats.importer import Imported
from gui.checks import Checks
from gui.data.dialog import DataDialog
from gui.data.source import DataSource
from gui.document import Document
from gui.export.dialog import ExportDialog
from gui.training.confusion import ConfusionPanel
from gui.training.controller import TrainingController
from gui.training.panel import TrainingPanel
from gui.training.predictions import PredictionsPanel
from gui.training.reports import Reports
from gui.training.runs_panel import RunsPanel
from gui.weights.dialog import WeightsDialog


class TrainingWorkspace(QObject):
    """What the window's actions ask of training. `changed` follows every change of what can be done.

    `tab_wanted(name)` asks for a tab to be brought forward, `runs_counted(n)` tells how many runs there are, and
    `network_made` follows another network that fits the data. `home` is where the runs of projects without a file are
    kept.
    """

    changed = Signal()
    tab_wanted = Signal(str)
    network_made = Signal()
    runs_counted = Signal(int)

    def __init__(self, document: Document, checks: Checks, source: DataSource, home: Path, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._checks, self._source, self._window = document, checks, source, window
        self.controller = TrainingController(document, checks, home, self)
        self.panel = TrainingPanel(document, checks, self.controller)
        self.runs = RunsPanel(document, checks, self.controller)
        self.confusion = ConfusionPanel(document, checks, self.controller)
        self.predictions = PredictionsPanel(document, checks, self.controller)
        self.reports = Reports(document, lambda: self.controller.runs_folder, window)
        self._data: DataDialog | None = None
        self.controller.changed.connect(self.changed)
        self.panel.problems_wanted.connect(lambda: self.tab_wanted.emit("problems"))
        self.panel.data_wanted.connect(self.choose_data)
        self.panel.readout.follow(source)
        self.runs.overlaid.connect(self.panel.set_overlaid)
        self.runs.counted.connect(self.runs_counted)
        self.runs.report_wanted.connect(self.reports.ask)
        self.runs.opened.connect(lambda: self.tab_wanted.emit("training"))
        self.confusion.sample_chosen.connect(self._show_sample)
        document.state_changed.connect(self.changed)

    @property
    def can_toggle(self) -> bool:
        """Whether a run can begin, pause or go on."""
        return self.controller.can_toggle

    @property
    def can_stop(self) -> bool:
        """Whether there is a run to end."""
        return self.controller.can_stop

    @property
    def toggle_text(self) -> str:
        """What `toggle` does now."""
        return self.controller.toggle_text

    @property
    def toggle_icon(self) -> str:
        """The drawing for it."""
        return self.controller.toggle_icon

    @property
    def can_choose_data(self) -> bool:
        """Data can be chosen at any time."""
        return True

    @property
    def can_export(self) -> bool:
        """Export can be asked for at any time; its dialog says what is missing."""
        return True

    @property
    def can_take_weights(self) -> bool:
        """Whether no run is under way whose weights they would be."""
        return not self.controller.state.busy

    def toggle(self) -> None:
        """Begin a run, pause it, or go on with it."""
        self.controller.toggle()

    def stop(self) -> None:
        """End the run; what it has learned is kept."""
        self.controller.stop()

    def choose_data(self) -> None:
        """Open the data dialog, or bring it to the front."""
        if self._data is None:
            self._data = DataDialog(self._document, self._checks, self._source, self._window)
            self._data.panel.fit.fitted.connect(lambda _: self.network_made.emit())
        self._data.show()
        self._data.raise_()
        self._data.activateWindow()

    def export(self) -> None:
        """Open the export dialog."""
        dialog = ExportDialog(self._document, self._checks, self.controller, self._window)
        dialog.finished.connect(dialog.close_work)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_weights(self, path: Path | None = None) -> WeightsDialog:
        """Open the dialog for weights of another program, with a file where one is given."""
        dialog = WeightsDialog(self._document, self._checks, self._window)
        dialog.taken.connect(self._keep_weights)
        dialog.finished.connect(dialog.close_work)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        if path is not None:
            dialog.read(path)
        return dialog

    def drop_weights(self, path: Path) -> None:
        """Take a file of weights that was dropped on the window."""
        if self.can_take_weights:
            self.take_weights(path)

    def _keep_weights(self, read: Imported, file: str) -> None:
        """Keep weights as a run, and show it where there is data to show it on."""
        before = self.controller.imported
        self.controller.keep_imported(read, file)
        kept = self.controller.imported
        if kept is not None and kept is not before and self._document.project.data.source is not None:
            self.controller.open_run(kept)

    def _show_sample(self, row: int) -> None:
        self.predictions.choose(row)
        self.tab_wanted.emit("predictions")

    def close(self) -> None:
        """End whatever runs, because the window closes."""
        self.controller.close()
        for part in (self.runs, self.predictions, self.reports, self._data):
            if part is not None:
                part.close_work()
