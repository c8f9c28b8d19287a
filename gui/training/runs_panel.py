"""The Runs tab: every run of the project, to lay behind the curves, to compare, to open, to go on with, to delete."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.data.problem import Progress
from engine.runs import Run, delete_run, list_runs
from graph.problem import FileProblem
from gui import ask
from gui.checks import Checks
from gui.document import Document
from gui.parts import EmptyState, label
from gui.training.background import Background
from gui.training.comparison import Comparison
from gui.training.controller import TrainingController
from gui.training.curves import RunCurves, curves_of
from gui.training.failure import failure_text
from gui.training.runs_model import FIRST_WIDTH, Row, RunsModel, rows_of, when
from gui.translate import tr_message

MOST_EPOCHS = 1_000_000


class RunsPanel(QWidget):
    """Lists the runs folder.

    `overlaid(curves)` follows a tick, `counted(n)` the number of runs, `opened` a run that is shown or goes on, and
    `report_wanted(run)` asks for a report.
    """

    overlaid = Signal(object)
    counted = Signal(int)
    opened = Signal()
    report_wanted = Signal(object)

    def __init__(
        self, document: Document, checks: Checks, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._controller = document, controller
        self._background = Background(self)
        self._background.done.connect(self._on_listed)
        self._background.failed.connect(lambda error: self._say(failure_text(error)))
        self.model = RunsModel(self)
        self.model.overlaid.connect(self._on_overlaid)
        self.comparison = Comparison(self)
        self.view = self._view()
        self.open_button = self._button(self.tr("Open"), self.open_selected)
        self.open_button.setToolTip(self.tr("Show its curves and use its weights for predictions and export"))
        self.continue_button = self._button(self.tr("Continue…"), self.continue_selected)
        self.continue_button.setToolTip(self.tr("Train on from where it ended"))
        self.report_button = self._button(self.tr("Report…"), self.report_selected)
        self.report_button.setToolTip(self.tr("Tell it on one page, as HTML or PDF"))
        self.delete_button = self._button(self.tr("Delete…"), self.delete_selected)
        self.message = label("", "error", self, wrap=True)
        self.place = label("", "muted", self)
        self._pages = QStackedWidget(self)
        self._arrange()
        controller.saved.connect(self.reload)
        controller.changed.connect(self._show_buttons)
        document.state_changed.connect(self._on_document)
        self._folder = controller.runs_folder
        self.reload()
        self._show_buttons()

    def _view(self) -> QTableView:
        view = QTableView(self)
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setShowGrid(False)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(28)
        view.setAccessibleName(self.tr("Runs"))
        header = view.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        view.selectionModel().selectionChanged.connect(lambda *_: self._on_selected())
        view.doubleClicked.connect(lambda _: self.open_selected())
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(lambda point: self.menu().popup(view.viewport().mapToGlobal(point)))
        return view

    def _button(self, text: str, run: Callable[[], object]) -> QPushButton:
        made = QPushButton(text, self)
        made.clicked.connect(lambda _=False: run())
        return made

    def _arrange(self) -> None:
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.addWidget(self.view)
        parts.addWidget(self.comparison)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 2)
        parts.setChildrenCollapsible(False)
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 8)
        bar = QHBoxLayout()
        for button in self._buttons:
            bar.addWidget(button)
        bar.addWidget(self.message, 1)
        bar.addWidget(self.place)
        column.addLayout(bar)
        column.addWidget(parts, 1)
        said = self.tr("Every training run is listed here, to compare it with others and to go on with it.")
        self._pages.addWidget(EmptyState("runs", self.tr("No runs yet"), said, parent=self))
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.open_button, self.continue_button, self.report_button, self.delete_button

    def menu(self) -> QMenu:
        """What can be done with the selected runs: what the buttons do."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self._buttons:
            menu.addAction(button.text(), button.click).setEnabled(button.isEnabled())
        return menu

    # Reading the folder

    def reload(self) -> None:
        """Read the folder again."""
        folder = self._controller.runs_folder

        def read(progress: Progress) -> tuple[list[Row], tuple[FileProblem, ...]]:
            found = list_runs(folder)
            return rows_of(found.found), found.problems

        self._background.run(read)

    def _on_document(self) -> None:
        folder = self._controller.runs_folder
        if folder != self._folder:
            self._folder = folder
            self.reload()

    def _on_listed(self, found: tuple[list[Row], tuple[FileProblem, ...]]) -> None:
        rows, problems = found
        selected = {row.run.id for row in self.selected}
        self.model.show_rows(rows)
        self._pages.setCurrentIndex(1 if rows or problems else 0)
        for place, row in enumerate(rows):
            if row.run.id in selected:
                self.view.selectRow(place)
        self.view.horizontalHeader().resizeSections(QHeaderView.ResizeMode.ResizeToContents)
        self.view.horizontalHeader().resizeSection(0, FIRST_WIDTH)
        self._say(" ".join(f"{tr_message(one.text)} {tr_message(one.hint)}" for one in problems[:2]))
        saved = self._document.path is not None
        self.place.setText("" if saved else self.tr("Save the project to keep its runs."))
        self.counted.emit(len(rows))
        self._on_selected()

    # What the person does

    @property
    def selected(self) -> list[Row]:
        """The runs that are selected."""
        return [self.model.rows[index.row()] for index in self.view.selectionModel().selectedRows()]

    def open_selected(self) -> None:
        """Show the selected run in the other tabs."""
        if len(self.selected) != 1 or self._controller.state.busy:
            return
        if self._try(lambda: self._controller.open_run(self.selected[0].run)):
            self.opened.emit()

    def continue_selected(self) -> None:
        """Ask how far, and go on with the selected run."""
        if len(self.selected) != 1 or self._controller.state.busy:
            return
        row = self.selected[0]
        done = row.epochs[-1].epoch if row.epochs else 0
        text = self.tr("Epochs so far: {n}. Train it until epoch:").format(n=done)
        proposed = 2 * done or self._document.project.training.epochs
        epochs, accepted = QInputDialog.getInt(
            self, self.tr("Continue the run"), text, max(proposed, done + 1), done + 1, MOST_EPOCHS
        )
        if accepted:
            self.continue_run(row.run, epochs)

    def continue_run(self, run: Run, epochs: int) -> None:
        """Go on with a run until it has so many epochs."""
        if self._try(lambda: self._controller.train(run, epochs)):
            self.opened.emit()

    def report_selected(self) -> None:
        """Ask for a report of the selected run."""
        if len(self.selected) == 1:
            self.report_wanted.emit(self.selected[0].run)

    def delete_selected(self) -> None:
        """Ask, and delete the selected runs."""
        chosen = self.selected
        if not chosen:
            return
        named = when(chosen[0].run.started)
        one = self.tr("Delete the run of {when}, with its weights?").format(when=named)
        text = one if len(chosen) == 1 else self.tr("Delete {n} runs, with their weights?").format(n=len(chosen))
        if ask.sure(self, text, self.tr("Delete")):
            self.delete_runs([row.run for row in chosen])

    def delete_runs(self, runs: list[Run]) -> None:
        """Delete runs for good."""
        for run in runs:
            self._try(partial(delete_run, run))
        self.reload()

    def _try(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except (FileProblem, ValueError) as error:
            self._say(failure_text(error))
            return False
        self._say("")
        return True

    def _on_overlaid(self, rows: tuple[Row, ...]) -> None:
        self.overlaid.emit(tuple(named(row) for row in rows))

    def _on_selected(self) -> None:
        self._show_buttons()
        self.comparison.show_runs(self.selected)

    def _say(self, text: str) -> None:
        self.message.setText(text)

    def _show_buttons(self) -> None:
        count, busy = len(self.selected), self._controller.state.busy
        self.open_button.setEnabled(count == 1 and not busy)
        self.continue_button.setEnabled(count == 1 and not busy)
        self.report_button.setEnabled(count == 1)
        self.delete_button.setEnabled(count > 0 and not busy)

    def close_work(self) -> None:
        """Wait for the thread, if any."""
        self._background.close()


def named(row: Row) -> RunCurves:
    """The curves of a run, named by the time it began."""
    return curves_of(row.run, when(row.run.started)[11:] or row.run.id)
