"""Which layers are selected, once for the canvas, the inspector and the commands."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from graph.project import Project
from gui.document import Document


class Selection(QObject):
    """The names of the selected layers, in the order they were selected.

    `changed(names, initiator)` follows every change. Layers that an edit takes away leave the selection; a layer that
    is renamed, also by undo, stays selected under its new name.
    """

    changed = Signal(object, str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        document.changed.connect(self._on_document_changed)

    @property
    def names(self) -> tuple[str, ...]:
        """The selected layers."""
        return self._names

    def set(self, names: Iterable[str], initiator: str = "") -> None:
        """Select exactly these layers."""
        wanted = tuple(dict.fromkeys(names))
        if wanted != self._names:
            self._names = wanted
            self.changed.emit(wanted, initiator)

    def _on_document_changed(self, before: Project, after: Project, initiator: str) -> None:
        layers = after.network.layers
        if all(name in layers for name in self._names):
            return
        old = before.network.layers
        arrived = {id(layer): name for name, layer in layers.items() if name not in old}
        renamed = {name: arrived.get(id(old[name])) for name in self._names if name not in layers and name in old}
        followed = (name if name in layers else renamed.get(name) for name in self._names)
        self.set((name for name in followed if name is not None), initiator)
