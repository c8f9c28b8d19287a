"""Measures beside the window how much memory training would take, once the edits have come to rest."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.problem import Progress
from engine.memory import samples_in_step, training_memory
from graph.check import Check
from gui.checks import Checks
from gui.training.background import Background

REST = 200
"""Milliseconds without an edit after which it is worth measuring."""


class MemoryGauge(QObject):
    """Follows the checks. `measured(bytes, batch)` follows an edit; bytes are None where nothing can be told."""

    measured = Signal(object, int)

    def __init__(self, checks: Checks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._checks = checks
        self._known: tuple[object, ...] = ()
        self._background = Background(self)
        self._background.done.connect(self._tell)
        self._background.failed.connect(lambda _: self._tell(None))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(REST)
        self._later.timeout.connect(self._measure)
        checks.changed.connect(self._follow)
        self._follow(checks.current)

    def _follow(self, check: Check) -> None:
        wanted = (check.inference, check.project.training, bool(check.errors))
        if len(self._known) == len(wanted) and all(a is b for a, b in zip(wanted, self._known, strict=True)):
            return
        self._known = wanted
        self._background.cancel()
        if check.errors or not check.project.network.layers:
            self._later.stop()
            self._tell(None)
        else:
            self._later.start()

    def _measure(self) -> None:
        inference, recipe = self._checks.current.inference, self._checks.current.project.training

        def work(progress: Progress) -> int:
            return training_memory(inference, recipe)

        self._background.run(work)

    def _tell(self, found: int | None) -> None:
        current = self._checks.current
        self.measured.emit(found, samples_in_step(current.inference, current.project.training))

    def close(self) -> None:
        """Wait for the thread, if any."""
        self._later.stop()
        self._background.close()
