"""The main window: it puts the parts together and leads what happens in one to the others."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from engine import templates
from graph.layers import layers
from graph.message import Message
from graph.problem import FileProblem
from gui import ask, menus
from gui.about import About
from gui.action import Actions
from gui.actions import declared
from gui.canvas.adding import add_after_selection
from gui.canvas.view import CanvasView
from gui.checks import Checks
from gui.command_palette import CommandPalette
from gui.data.source import DataSource
from gui.document import Document
from gui.files import Files
from gui.frame import Frame
from gui.history_list import HistoryList
from gui.inspector.inspector import Inspector
from gui.memory_gauge import MemoryGauge
from gui.palette import Palette
from gui.panels import BottomTabs
from gui.selection import Selection
from gui.settings import Settings
from gui.status import StatusBar
from gui.theme import Mode, theme_switch
from gui.toolbar import Toolbar
from gui.training.workspace import TrainingWorkspace
from gui.translate import tr_message


class MainWindow(QMainWindow):
    """One window with one project."""

    FULL_SCREEN = Qt.WindowState.WindowFullScreen

    document: Document
    settings: Settings
    training: TrainingWorkspace

    def __init__(self, settings: Settings, recovery_folder: Path, document: Document | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.document = document or Document(parent=self)
        self.checks = Checks(self.document, self)
        self.selection = Selection(self.document, self)
        self.files = Files(self.document, settings, recovery_folder, self)
        self.data = DataSource(self.document, self.checks, self)
        self.training = TrainingWorkspace(self.document, self.checks, self.data, recovery_folder, self)
        self.canvas = CanvasView(self.document, self.checks, self.selection)
        self.palette_panel = Palette()
        self.inspector = Inspector(self.document, self.checks, self.selection)
        self.tabs = BottomTabs(self)
        self.actions_by_name = Actions(declared(), self)
        self.title_bar = menus.TitledMenuBar(self)
        self.setMenuBar(self.title_bar)
        menus.build(self.title_bar, self)
        self.status = StatusBar(self)
        self.setStatusBar(self.status)
        self.memory_gauge = MemoryGauge(self.checks, self)
        self._lay_out()
        self._connect()
        self.setAcceptDrops(True)
        self.restoreGeometry(settings.state("window"))
        self.frame.restore(settings)
        self._on_state()
        self._on_check()
        self._on_data()
        self._on_training()
        self.tabs.retitle("confusion", self.training.confusion.title)
        self.status.show_zoom(self.canvas.zoom)
        self.canvas.setFocus()

    # Laying out.

    def _lay_out(self) -> None:
        self.toolbar = Toolbar(self)
        for name in ("undo", "redo"):
            self.toolbar.add(self.actions_by_name[name])
        self.toolbar.add(self.actions_by_name["arrange_layers"], self.tr("Layout"))
        self.toolbar.add(self.actions_by_name["fit"], self.tr("Fit"))
        self.toolbar.stretch()
        self.data_button = self.toolbar.add(self.actions_by_name["choose_data"], self.tr("Data: none"))
        self.train_button = self.toolbar.add(self.actions_by_name["train"], self.tr("Train"), "accent")
        self.toolbar.add(self.actions_by_name["stop"], self.tr("Stop"))
        self.toolbar.add(self.actions_by_name["export"], self.tr("Export…"))
        self.frame = Frame(self.toolbar, self.palette_panel, self.canvas, self.inspector, self.tabs)
        self.setCentralWidget(self.frame)
        self.resize(1600, 1000)

    def _connect(self) -> None:
        self.document.state_changed.connect(self._on_state)
        self.checks.changed.connect(self._on_check)
        self.canvas.selection_changed.connect(self.actions_by_name.refresh)
        self.canvas.zoom_changed.connect(self.status.show_zoom)
        self.canvas.template_requested.connect(self.new_from_template)
        self.palette_panel.chosen.connect(self.add_layer)
        self.files.opened.connect(self._on_opened)
        self.files.said.connect(self.status.say)
        self.memory_gauge.measured.connect(self.status.show_memory)
        folders = self.training.controller.folders
        self.files.has_unsaved_runs = lambda: folders.has_unsaved
        self.files.recovery.runs = lambda: folders.unsaved
        self.files.runs_left.connect(folders.adopt)
        self.files.weights_read.connect(self.training.controller.keep_imported)
        self.files.weights_dropped.connect(self.training.drop_weights)
        folders.begun.connect(self.files.recovery.keep)
        self.training.changed.connect(self._on_training)
        self.training.reports.said.connect(self.status.say)
        self.training.tab_wanted.connect(self.show_tab)
        self.training.network_made.connect(self._on_opened)
        self.training.confusion.titled.connect(partial(self.tabs.retitle, "confusion"))
        self.training.runs_counted.connect(partial(self.tabs.count_in, "runs"))
        self.data.changed.connect(self._on_data)

    # What the parts say.

    def _on_state(self) -> None:
        self.setWindowTitle(f"{self.files.name}[*] – Netloom")
        self.setWindowModified(self.unsaved)
        self.title_bar.set_title(self.files.name + (" •" if self.unsaved else ""))
        self.actions_by_name.refresh()

    def _on_check(self) -> None:
        check = self.checks.current
        self.status.show_check(check)
        self.tabs.count_in("problems", len(check.problems))
        self.actions_by_name.refresh()

    def _on_data(self) -> None:
        self.data_button.show_text(self.tr("Data: {text}").format(text=self.data.text))

    def _on_training(self) -> None:
        self.actions_by_name.refresh()
        self.train_button.show_text(self.training.toggle_text, self.training.toggle_icon)

    def _on_opened(self) -> None:
        self.selection.set((), "open")
        self.canvas.fit(None)

    # What actions ask.

    @property
    def unsaved(self) -> bool:
        """Whether there are edits that no file holds."""
        return self.document.history.dirty

    @property
    def can_save(self) -> bool:
        """Whether saving would change any file."""
        return self.unsaved or (self.document.path is None and self.has_layers)

    @property
    def has_layers(self) -> bool:
        """Whether there is anything on the canvas."""
        return bool(self.document.project.network.layers)

    @property
    def has_problems(self) -> bool:
        """Whether a layer has a problem."""
        return any(name is not None for name in self.checks.current.by_node)

    def add_layer(self, key: str) -> None:
        """Put a layer behind the selected one, or where there is room."""
        self.canvas.reveal([add_after_selection(self.canvas, layers.make(key))])

    def new_from_template(self, name: str) -> None:
        """Begin a project from a template."""
        try:
            project, assumed = templates.make(name)
        except FileProblem as problem:
            ask.tell_problem(self, self.tr("The template cannot be made."), problem)
            return
        if self.files.new(project) and assumed:
            self.tell(assumed)

    def begin_with(self, name: str) -> None:
        """Open the project file of this name, or else begin from the template of this name."""
        known = {template.name for template in templates.templates()}
        if name in known and not Path(name).exists():
            self.new_from_template(name)
        else:
            self.files.open(Path(name))

    def tell(self, said: tuple[Message, ...]) -> None:
        """Show sentences in the status bar for a while."""
        self.status.say("  ".join(tr_message(one) for one in said))

    def jump_to(self, name: str) -> None:
        """Select a layer and show it."""
        self.selection.set((name,), "jump")
        self.canvas.reveal([name])
        self.canvas.setFocus()

    def go_to_next_problem(self) -> None:
        """Select the layer whose problem comes after that of the selected one."""
        names = list(dict.fromkeys(p.node for p in self.checks.current.problems if p.node is not None))
        if names:
            here = self.selection.names[-1] if self.selection.names else ""
            self.jump_to(names[(names.index(here) + 1) % len(names) if here in names else 0])

    def show_history(self) -> None:
        """List all edits."""
        HistoryList(self.document, self).open_over(self)

    def show_commands(self) -> None:
        """List all actions."""
        self.actions_by_name.refresh()
        CommandPalette(self.actions_by_name, self).open_over(self)

    def show_about(self) -> None:
        """Say which versions are at work."""
        About(self).open()

    def set_theme(self, mode: Mode) -> None:
        """Follow the system's theme, or use one."""
        self.settings.set_theme(mode)
        theme_switch().set_mode(mode)

    # Panels.

    def show_panel(self, name: str, shown: bool = True) -> None:
        """Show or hide a panel."""
        self.frame.show_panel(name, shown)
        self.settings.set_shown(name, shown)
        self.actions_by_name.refresh()

    def show_tab(self, name: str) -> None:
        """Bring a tab of the bottom panel to the front."""
        self.show_panel("bottom")
        self.tabs.bring(name)

    # Events.

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.close():
            event.ignore()
            return
        self.training.close()
        self.data.close()
        self.memory_gauge.close()
        self.settings.set_state("window", self.saveGeometry())
        self.frame.remember(self.settings)
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and event.mimeData().urls()[0].isLocalFile():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.files.drop(Path(event.mimeData().urls()[0].toLocalFile()))
