"""Automatic layout as one edit. A large network is laid out beside the window, which stays alive meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, QThread

from graph import edits
from graph.arrange import arrange
from graph.network import Network
from graph.project import Position
from gui.canvas.canvas import Canvas
from gui.canvas.geometry import CARD_HEIGHT, snap

LARGE = 250
"""From so many layers on, a layout takes longer than a person should wait for a frame."""


class Arranger(QObject):
    """Lays out the layers of one canvas, one layout at a time."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._work: _Work | None = None
        self._network: Network | None = None
        canvas.destroyed.connect(self.wait)

    @property
    def busy(self) -> bool:
        """Whether a layout is under way."""
        return self._work is not None

    def start(self) -> None:
        """Lay the selected layers out, or all if fewer than two are selected."""
        canvas = self._canvas
        project, boxes = canvas.document.project, canvas.board.cards.boxes
        chosen = canvas.selection.names if len(canvas.selection.names) > 1 else tuple(project.network.layers)
        if not chosen or self.busy:
            return
        sizes = {name: (boxes[name][2] - boxes[name][0], CARD_HEIGHT) for name in chosen}
        left, top, *_ = canvas.board.content_box(chosen) or (0.0, 0.0)
        part = edits.extract(project, chosen).network
        work = _Work(part, sizes, canvas.page_width(), (snap(left), snap(top)))
        if len(chosen) < LARGE:
            work.run()
            self._commit(work.found)
            return
        self._work, self._network = work, project.network
        work.setParent(self)
        work.finished.connect(self._finish)
        work.start()

    def wait(self) -> None:
        """Let no layout go on after the canvas is gone."""
        if self._work is not None:
            self._work.wait()

    def _finish(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.wait()
        work.deleteLater()
        # Whoever has gone on editing meanwhile must not lose anything to a layout of what was.
        if self._canvas.document.project.network is self._network:
            self._commit(work.found)

    def _commit(self, positions: Mapping[str, Position]) -> None:
        text = QCoreApplication.translate("Canvas", "Layout")
        self._canvas.edit(text, partial(edits.move, positions=positions))
        if len(positions) == len(self._canvas.board.nodes):
            self._canvas.fit_when_settled()


class _Work(QThread):
    """One layout: values in, values out. It is waited for before it goes, or Qt ends the program."""

    def __init__(
        self, network: Network, sizes: Mapping[str, tuple[float, float]], width: float, origin: Position
    ) -> None:
        super().__init__()
        self._arguments = (network, sizes, width, origin)
        self.found: Mapping[str, Position] = {}

    def run(self) -> None:
        self.found = arrange(*self._arguments)
