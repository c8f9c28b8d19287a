"""New, open, save, recent files, and the guard that no unsaved edit is lost unasked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.formats.importer import importers, read_import
from graph import edits
from graph.datasets import CsvFile, Dataset, NpzFile
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project
from graph.relocate import relocated
from graph.serialize import SUFFIX, load, save
from gui import ask
from gui.document import Document
from gui.recovery import Recovery, left_behind
from gui.settings import Settings
from gui.translate import tr_message

DATA: dict[str, Callable[[Path], Dataset]] = {
    ".csv": lambda path: CsvFile(path=str(path)),
    ".npz": lambda path: NpzFile(path=str(path)),
}
"""What a data file becomes when it is dropped on the window."""


class Files(QObject):
    """Moves the document between the window and its file. Every dialog belongs to `window`.

    `opened(path)` follows once another project is there. `said(text)` is a short note for the status bar.
    `runs_left(folder)` follows when a project is restored that had training runs and no file, and
    `weights_read(read, name)` when a model of another program had weights.
    """

    opened = Signal(object)
    said = Signal(str)
    runs_left = Signal(object)
    data_dropped = Signal(object)
    weights_dropped = Signal(object)
    weights_read = Signal(object, str)

    def __init__(self, document: Document, settings: Settings, recovery_folder: Path, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._settings, self._window = document, settings, window
        self._folder = recovery_folder
        self.recovery = Recovery(document, recovery_folder, self)
        self.has_unsaved_runs: Callable[[], bool] = lambda: False
        """Whether leaving a project that has no file would lose training runs."""

    @property
    def name(self) -> str:
        """The name of the open project."""
        return self._document.path.name if self._document.path else self.tr("Untitled") + SUFFIX

    def new(self, project: Project | None = None) -> bool:
        """Leave the open project for an empty or a given one; False where the user would rather not.

        Nothing in it is the user's yet, so leaving it again asks nothing.
        """
        if not self.may_leave():
            return False
        self._take(project or Project(), None, saved=True)
        return True

    def open(self, path: Path | None = None) -> bool:
        """Open a project, asking for the file where none is given."""
        if path is None:
            filters = self.tr("Netloom projects (*{suffix});;Models of other programs ({others});;All files (*)")
            filters = filters.format(suffix=SUFFIX, others=" ".join(f"*{ending}" for ending in importers))
            path = ask.open_path(self._window, self._settings.folder, filters)
        if path is None or not self.may_leave():
            return False
        try:
            if path.suffix.lower() in importers:
                return self._import(path)
            loaded = load(path)
        except FileProblem as problem:
            if not path.exists():
                self._settings.forget_recent(path.absolute())
            title = self.tr("{name} cannot be opened.").format(name=path.name)
            ask.tell_problem(self._window, title, problem)
            return False
        self._take(loaded.project, path.absolute(), saved=True)
        self._settings.add_recent(path.absolute())
        self._tell_notices(path, loaded.notices)
        return True

    def save(self) -> bool:
        """Save to the project's file, asking for one where there is none; False where it is not saved."""
        return self.save_as() if self._document.path is None else self._write(self._document.path)

    def save_as(self) -> bool:
        """Save to another file. A way to the data that starts at the project file then starts at the new one."""
        proposed = self._document.path or self._settings.folder / self.name
        filters = self.tr("Netloom projects (*{suffix})").format(suffix=SUFFIX)
        path = ask.save_path(self._window, proposed, filters)
        if path is None:
            return False
        before = self._document.path.parent if self._document.path else Path.cwd()
        after = path.absolute().parent
        return self._write(path.absolute(), lambda project: relocated(project, before, after))

    def may_leave(self) -> bool:
        """Whether the open project may be left: it is saved, or the user has decided."""
        edited, runs = self._document.history.dirty, self.has_unsaved_runs()
        if not edited and not runs:
            return True
        answer = ask.unsaved(self._window, self.name, edited, runs)
        return answer is ask.Unsaved.DISCARD or (answer is ask.Unsaved.SAVE and self.save())

    def close(self) -> bool:
        """Leave for good; False where the window is to stay."""
        if not self.may_leave():
            return False
        self.recovery.forget()
        return True

    def drop(self, path: Path) -> bool:
        """Take a file that was dropped on the window; False where it is of no known kind."""
        suffix = path.suffix.lower()
        if suffix == SUFFIX or suffix in importers:
            return self.open(path)
        if suffix == ".safetensors" and self._document.project.network.layers:
            self.weights_dropped.emit(path)
            return True
        if suffix not in DATA:
            said = self.tr("{name} is neither a project nor data. Drop a .netloom, .csv or .npz file.")
            self.said.emit(said.format(name=path.name))
            return False
        source = DATA[suffix](path.absolute())
        text = self.tr("Use {name} as data").format(name=path.name)
        self._document.edit(text, lambda p: edits.set_data(p, source=source, columns=()), "files")
        self.data_dropped.emit(path)
        return True

    def offer_recovery(self) -> None:
        """Offer what a crash left behind, once at the start."""
        for left in left_behind(self._folder):
            name = left.origin.name if left.origin else self.tr("Untitled") + SUFFIX
            when = left.when.strftime("%Y-%m-%d %H:%M")
            if ask.restore(self._window, name, when, left.runs is not None):
                try:
                    project = left.project()
                except FileProblem as problem:
                    ask.tell_problem(self._window, self.tr("It cannot be restored."), problem)
                    continue
                self._take(project, left.origin, saved=False)
                if left.runs is not None:
                    self.runs_left.emit(left.runs)
                self.recovery.keep()
                left.discard(runs=False)
                return
            left.discard()

    def _take(self, project: Project, path: Path | None, saved: bool) -> None:
        self.recovery.forget()
        self._document.open(project, path, saved)
        self.opened.emit(path)

    def _import(self, path: Path) -> bool:
        """Open what another program has written as a new project. Raises FileProblem where it cannot be read."""
        read = read_import(path)
        notices = list(read.notices)
        if read.weights:
            text = "Its weights are kept as a run. Export takes them along; to predict or train on, choose data."
            notices.insert(0, Message(text))
        self._take(read.project, None, saved=False)
        if read.weights:
            self.weights_read.emit(read, path.name)
        self._tell_notices(path, notices)
        return True

    def _write(self, path: Path, change: Callable[[Project], Project] = lambda project: project) -> bool:
        try:
            save(change(self._document.project), path)
        except FileProblem as problem:
            title = self.tr("{name} cannot be saved.").format(name=path.name)
            ask.tell_problem(self._window, title, problem)
            return False
        self._document.path = path
        self._document.revise(change, "files")
        self._document.mark_saved(path)
        self._settings.add_recent(path)
        self.said.emit(self.tr("Saved {name}").format(name=path.name))
        return True

    def _tell_notices(self, path: Path, notices: Sequence[Message]) -> None:
        if notices:
            title = self.tr("{name} was opened, with these changes:").format(name=path.name)
            lines = [f"• {tr_message(notice)}" for notice in notices]
            more = [self.tr("… and {n} more").format(n=len(lines) - 12)] if len(lines) > 12 else []
            ask.tell(self._window, title, "\n".join(lines[:12] + more), QMessageBox.Icon.Information)
