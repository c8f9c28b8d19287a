"""The one QObject around the project: every edit goes through it, and every view follows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from graph.history import History
from graph.project import Project


class Document(QObject):
    """The open project, its undo history and the file it belongs to.

    `changed(before, after, initiator)` follows every edit, undo and redo. A view skips its own echo by `initiator`.
    `state_changed` follows whatever the title bar and the undo actions show: path, dirty mark, texts.
    """

    changed = Signal(object, object, str)
    state_changed = Signal()

    def __init__(self, project: Project | None = None, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = History.of(project or Project())
        self.path = path

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self.history.value

    def edit(
        self, text: str, change: Callable[[Project], Project], initiator: str = "", merge: object = None
    ) -> Project:
        """Apply `change`. `text` names it in the undo list; edits with the same `merge` key in a row are one step."""
        self._go(self.history.push(change(self.project), text, merge), initiator)
        return self.project

    def undo(self) -> None:
        """Take the last edit back."""
        self._go(self.history.undo(), "undo")

    def redo(self) -> None:
        """Do again what was taken back."""
        self._go(self.history.redo(), "redo")

    def go_to(self, index: int) -> None:
        """Go to any step of the history."""
        self._go(self.history.go_to(index), "undo")

    def mark_saved(self, path: Path) -> None:
        """The present project is what the file at `path` holds."""
        self.history = self.history.mark_saved()
        self.path = path
        self.state_changed.emit()

    def revise(self, change: Callable[[Project], Project], initiator: str) -> None:
        """Apply `change` to every step of the history: it is no edit, and undoing goes on behind it."""
        self._go(self.history.map(change), initiator)

    def open(self, project: Project, path: Path | None, saved: bool = True) -> None:
        """Take another project, with a history of its own. `saved=False` marks it as not yet in a file."""
        before = self.project
        self.history = History.of(project)
        if not saved:
            self.history = self.history.mark_unsaved()
        self.path = path
        self.changed.emit(before, project, "open")
        self.state_changed.emit()

    def _go(self, history: History[Project], initiator: str) -> None:
        before, self.history = self.project, history
        if self.project is not before:
            self.changed.emit(before, self.project, initiator)
            self.state_changed.emit()
