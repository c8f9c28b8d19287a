"""Runs a generator on a thread of its own, and brings what it yields to the window a few times a second.

A signal for every event would cost the worker more than its work and would flood the window. So events go into a deque
that a timer empties about twenty times a second, and each time all of them come in one signal. Pausing, stopping and
looking at the generator's state happen between two `next` calls, where nothing is half done.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data.problem import Cancelled
from gui.training import sweeper

TICK = 50
"""Milliseconds between two looks at the deque."""

Make = Callable[["Control"], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Failed:
    """The work broke off with an error."""

    error: Exception


class Control:
    """What the work may use of its worker, on the worker's thread."""

    def __init__(self) -> None:
        self.queue: deque[Any] = deque()
        self.go = threading.Event()
        self.go.set()
        self.stopping = False

    def post(self, event: Any) -> None:
        """Send an event besides those that are yielded, such as progress from within one long step."""
        self.queue.append(event)

    def check(self) -> None:
        """Raise Cancelled once a stop is wanted: for steps that are too long to wait for."""
        if self.stopping:
            raise Cancelled


class Worker(QObject):
    """One generator at a time, on a thread. `events(list)` brings what it yielded, `ended` follows the last of it.

    An exception becomes a `Failed` event. `stop` closes the generator at its next yield.
    """

    events = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._control = Control()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._drain)

    @property
    def running(self) -> bool:
        """Whether there is work, paused or not, whose end has not been told."""
        return self._thread is not None

    @property
    def paused(self) -> bool:
        """Whether the work stands still."""
        return self.running and not self._control.go.is_set()

    def start(self, make: Make, name: str = "netloom-worker") -> None:
        """Run the generator that `make` gives; `make` itself runs on the thread too."""
        if self.running:
            raise RuntimeError("the worker is at work already")
        self._control = Control()
        self._thread = threading.Thread(target=_work, args=(make, self._control), name=name, daemon=True)
        sweeper.begin(self)
        self._thread.start()
        self._timer.start()

    def pause(self) -> None:
        """Stand still before the next step."""
        if self.running:
            self._control.go.clear()

    def resume(self) -> None:
        """Go on."""
        self._control.go.set()

    def stop(self) -> None:
        """End after the step under way; `ended` follows."""
        self._control.stopping = True
        self._control.go.set()

    def close(self) -> None:
        """Stop, wait for the thread, and tell nothing any more."""
        self.stop()
        self._timer.stop()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()
            sweeper.end(self)

    def _drain(self) -> None:
        sweeper.sweep()
        thread, queue = self._thread, self._control.queue
        over = thread is not None and not thread.is_alive()
        waiting = [queue.popleft() for _ in range(len(queue))]
        if waiting:
            self.events.emit(waiting)
        if over and thread is self._thread:
            self._timer.stop()
            self._thread = None
            sweeper.end(self)
            self.ended.emit()


def _work(make: Make, control: Control) -> None:
    try:
        events = make(control)
        try:
            _step_through(events, control)
        finally:
            close = getattr(events, "close", None)
            if close is not None:
                close()
    except Cancelled:
        pass
    except Exception as error:
        control.queue.append(Failed(error))


def _step_through(events: Iterator[Any], control: Control) -> None:
    append, go = control.queue.append, control.go
    for event in events:
        append(event)
        if not go.is_set():
            go.wait()
        if control.stopping:
            return
