"""How far a run is: epoch, part done, time left, speed, best epoch. Worked out from its events and a clock."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QCoreApplication

from engine.events import BatchEnded, EpochEnded, Finished, Started

WINDOW = 2.0
"""Seconds over which the speed is measured."""


class Progress:
    """Fed with the events of one run; `hold` and `go` leave the time of a pause out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.epoch = 0
        self.epochs = 0
        self.best_epoch: int | None = None
        self.finished: Finished | None = None
        self.validates = False
        self._first_epoch = 1
        self._steps = 0
        self._samples = 0
        self._done = 0.0
        self._began: float | None = None
        self._held: float | None = None
        self._marks: deque[tuple[float, float]] = deque()

    def feed(self, events: Iterable[Any]) -> None:
        """Take what the run has told since the last time."""
        for event in events:
            if isinstance(event, BatchEnded):
                self.epoch = event.epoch
                self._done = event.epoch - 1 + event.step / event.steps
            elif isinstance(event, EpochEnded):
                self.epoch, self._done = event.epoch, float(event.epoch)
                if event.best:
                    self.best_epoch = event.epoch
            elif isinstance(event, Started):
                self._start(event)
            elif isinstance(event, Finished):
                self.finished = event
                self.best_epoch = event.best_epoch or self.best_epoch
        if self._began is not None and self._held is None:
            now = self._clock()
            self._marks.append((now, self._done))
            while len(self._marks) > 2 and now - self._marks[1][0] > WINDOW:
                self._marks.popleft()

    def _start(self, event: Started) -> None:
        self.epochs, self._first_epoch = event.epochs, event.first_epoch
        self.epoch, self._done = event.first_epoch, event.first_epoch - 1.0
        self._steps, self._samples = event.steps_per_epoch, event.samples
        self.validates = event.validation_samples > 0
        self._began = self._clock()
        self._marks.append((self._began, self._done))

    def hold(self) -> None:
        """A pause begins."""
        if self._held is None:
            self._held = self._clock()

    def go(self) -> None:
        """A pause is over."""
        if self._held is None:
            return
        paused, self._held = self._clock() - self._held, None
        if self._began is not None:
            self._began += paused
        self._marks = deque((when + paused, done) for when, done in self._marks)

    @property
    def part(self) -> float:
        """The part of the run that is done, 0 to 1."""
        return min(self._done / self.epochs, 1.0) if self.epochs else 0.0

    @property
    def samples_per_second(self) -> float | None:
        """The speed of the last seconds, where it can be told yet."""
        if len(self._marks) < 2:
            return None
        (first, before), (last, after) = self._marks[0], self._marks[-1]
        return (after - before) * self._samples / (last - first) if last - first > 0.05 and after > before else None

    @property
    def seconds_left(self) -> float | None:
        """What is left if it goes on as it went so far, where that can be told yet."""
        done = self._done - (self._first_epoch - 1)
        if self._began is None or done <= 0 or self.finished is not None:
            return None
        taken = (self._held or self._clock()) - self._began
        return taken / done * (self.epochs - self._done) if taken > 0.2 else None


def duration(seconds: float) -> str:
    """A time in the two units that matter: 0.8 s, 42 s, 3 min 20 s, 2 h 5 min."""
    translate = QCoreApplication.translate
    if seconds < 60:
        return translate("Progress", "{s} s").format(s=f"{seconds:.1f}" if seconds < 1 else f"{seconds:.0f}")
    whole = round(seconds)
    if whole < 3600:
        return translate("Progress", "{min} min {s} s").format(min=whole // 60, s=whole % 60)
    return translate("Progress", "{h} h {min} min").format(h=whole // 3600, min=whole % 3600 // 60)
