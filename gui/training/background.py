"""One function at a time off the GUI thread; the newest wanted wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.data.problem import Progress
from gui.training.worker import Control, Failed, Worker

Function = Callable[[Progress], Any]


@dataclass(frozen=True, slots=True)
class Done:
    """The function has returned."""

    result: Any


@dataclass(frozen=True, slots=True)
class PartDone:
    """How much of the work is done, 0 to 1."""

    part: float


class Background(QObject):
    """Runs functions on a thread. Each gets a progress hook, which also gives the work up once it is not wanted.

    `done(result)` or `failed(error)` follow, unless another function has been asked for meanwhile, or it was cancelled.
    """

    done = Signal(object)
    failed = Signal(object)
    progressed = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker(self)
        self._worker.events.connect(self._on_events)
        self._worker.ended.connect(self._on_ended)
        self._next: Function | None = None
        self._wanted = False

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return self._wanted

    def run(self, function: Function) -> None:
        """Run `function`, and forget what is under way."""
        self._next, self._wanted = function, True
        if self._worker.running:
            self._worker.stop()
        else:
            self._begin()

    def cancel(self) -> None:
        """Forget what is under way."""
        self._next, self._wanted = None, False
        self._worker.stop()

    def close(self) -> None:
        """Forget what is under way, and wait for its thread."""
        self._next, self._wanted = None, False
        self._worker.close()

    def _begin(self) -> None:
        function, self._next = self._next, None
        assert function is not None
        self._worker.start(lambda control: _once(function, control))

    def _on_events(self, events: list[Any]) -> None:
        for event in events:
            if self._next is not None or not self._wanted:
                return
            if isinstance(event, PartDone):
                self.progressed.emit(event.part)
            elif isinstance(event, Done):
                self._wanted = False
                self.done.emit(event.result)
            elif isinstance(event, Failed):
                self._wanted = False
                self.failed.emit(event.error)

    def _on_ended(self) -> None:
        if self._next is not None:
            self._begin()


def _once(function: Function, control: Control) -> Iterator[Done]:
    def progress(part: float) -> None:
        control.check()
        control.post(PartDone(part))

    yield Done(function(progress))
