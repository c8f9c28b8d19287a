"""Keeps the check of the open project up to date, once for all views."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from graph.check import Check, check
from graph.datasets import DataFacts
from graph.project import Project
from gui.document import Document


class Checks(QObject):
    """The check of the document's project against what is known of its data.

    `changed(check)` follows an edit of the network, of a recipe or of the data; moving a card is none of these.
    It is emitted before control returns to whoever made the edit, so a view that shows both never sees them apart.
    """

    changed = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._facts: DataFacts | None = None
        self.current: Check = begun(check(document.project))
        document.changed.connect(self._on_changed)

    @property
    def facts(self) -> DataFacts | None:
        """What is known of the loaded data."""
        return self._facts

    def set_facts(self, facts: DataFacts | None) -> None:
        """Check against other data."""
        if facts != self._facts:
            self._facts = facts
            self._run()

    def _on_changed(self, before: Project, after: Project, initiator: str) -> None:
        same = after.network is before.network and after.training is before.training and after.data is before.data
        if after.data.source is None:
            self._facts = None
        if not same:
            self._run()

    def _run(self) -> None:
        self.current = begun(check(self._document.project, self._facts, self.current))
        self.changed.emit(self.current)


def begun(found: Check) -> Check:
    """The check without the problem that nothing is there: an empty canvas is a beginning, and says how to go on."""
    return found if found.project.network.layers else replace(found, problems=())
