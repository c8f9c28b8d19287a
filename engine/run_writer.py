"""Writing a run into its folder while it trains.

The first thing that cannot be written (a read-only folder, a full disk) is told once; training goes on unsaved.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.checkpoint import Slots, replace_file, state_bytes, weights_bytes
from engine.data.preparation import Preparation
from engine.events import EpochEnded, Finished, Notice
from engine.kernel import Array
from engine.machine import machine, versions
from engine.runs import ABOUT, BEST, METRICS, STATE, UNFINISHED, WEIGHTS, Run, new_folder, read_metrics
from engine.trainer import State
from graph.message import Message
from graph.project import Project
from graph.serialize import dumps

HINT = Message("Training goes on, but this run is not kept. Choose a folder with room that you may write to.")


@dataclass(frozen=True)
class About:
    """What is known of a run before it begins."""

    project: Project
    data_hash: str
    preparation: Preparation
    names: tuple[str, ...]
    monitor: str
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The first part of run.json."""
        text = dumps(self.project)
        return {
            "format": "netloom run",
            "version": 1,
            "seed": self.project.training.seed,
            "names": list(self.names),
            "monitor": self.monitor,
            "data_hash": self.data_hash,
            "project_hash": hashlib.sha256(text.encode()).hexdigest(),
            "versions": versions(),
            "machine": machine(),
            "classes": {name: list(classes) for name, classes in self.classes.items()},
            "preparation": self.preparation.to_json(),
            "project": json.loads(text),
        }


class RunWriter:
    """The folder of one run under way. Every method returns a Notice where writing failed for the first time."""

    def __init__(self, about: About, slots: Slots) -> None:
        self._about: dict[str, Any] = about.to_json() | {"status": UNFINISHED}
        self._names = about.names
        self._slots = slots
        self.folder: Path | None = None
        """Where the run is kept; None where it is not."""

    def begin(self, runs: Path) -> Notice | None:
        """Make a new folder in the folder `runs`."""

        def make() -> None:
            runs.mkdir(parents=True, exist_ok=True)
            self.folder, started = new_folder(runs)
            self._about["started"] = started
            self._write_about()
            replace_file(self.folder / METRICS, self._line(["epoch", "seconds", *self._names]))

        self.folder = runs
        return self._try(make)

    def go_on(self, run: Run, epoch: int) -> Notice | None:
        """Continue in the folder of a run that was saved after `epoch`; lines of later epochs are taken out."""

        def make() -> None:
            kept = [e for e in read_metrics(run.folder / METRICS) if e.epoch <= epoch]
            rows = [self._line([e.epoch, e.seconds, *(e.logs.get(name, "") for name in self._names)]) for e in kept]
            replace_file(run.folder / METRICS, self._line(["epoch", "seconds", *self._names]) + b"".join(rows))
            self._about |= {"started": run.started, "best_epoch": run.about.get("best_epoch")}
            self._write_about()

        self.folder = run.folder
        return self._try(make)

    def epoch(self, event: EpochEnded, state: State) -> Notice | None:
        """Keep a finished epoch."""

        def write() -> None:
            assert self.folder is not None
            with (self.folder / METRICS).open("ab", buffering=0) as stream:
                stream.write(self._line([event.epoch, event.seconds, *(event.logs[name] for name in self._names)]))
            if event.best:
                best = weights_bytes(self._slots, state.weights, self._notes(state.epoch))
                replace_file(self.folder / BEST, best)
                self._about["best_epoch"] = event.epoch
                self._write_about()
            replace_file(self.folder / STATE, state_bytes(state, self._slots, self._notes(state.epoch)))
            # Of a run that goes on: the weights of its first end are given up once there is something newer.
            (self.folder / WEIGHTS).unlink(missing_ok=True)

        return self._try(write)

    def end(self, event: Finished, weights: Array, epoch: int) -> Notice | None:
        """Keep the weights as they are now, those of `epoch`, and how the run ended."""

        def write() -> None:
            assert self.folder is not None
            replace_file(self.folder / WEIGHTS, weights_bytes(self._slots, weights, self._notes(epoch)), flush=True)
            self._about |= {"status": event.reason, "best_epoch": event.best_epoch, "test": _finite(event.test)}
            self._about |= {"advice": event.advice} if event.advice else {}
            self._write_about(flush=True)

        return self._try(write)

    def cut_off(self, status: str) -> None:
        """Keep that the run ended early, without a last event."""
        self._about["status"] = status
        self._try(self._write_about)

    def _notes(self, epoch: int) -> dict[str, str]:
        return {
            "format": "netloom",
            "netloom": self._about["versions"]["netloom"],
            "project": self._about["project_hash"],
            "epoch": str(epoch),
        }

    def _write_about(self, flush: bool = False) -> None:
        assert self.folder is not None
        replace_file(self.folder / ABOUT, _utf8(json.dumps(self._about, ensure_ascii=False, indent=1)), flush)

    def _line(self, cells: list[Any]) -> bytes:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(cells)
        return _utf8(text.getvalue())

    def _try(self, write: Callable[[], None]) -> Notice | None:
        if self.folder is None:
            return None
        try:
            write()
        except OSError as error:
            path, self.folder = self.folder, None
            reason = error.strerror or str(error)
            return Notice(Message("{path} cannot be written: {reason}.", path=str(path), reason=reason), HINT)
        return None


def _utf8(text: str) -> bytes:
    """`text` in UTF-8; half a character, which UTF-8 cannot hold, as JSON writes it."""
    return text.encode(errors="backslashreplace")


def _finite(logs: Mapping[str, float]) -> dict[str, float]:
    """Figures that JSON can hold."""
    return {name: value for name, value in logs.items() if np.isfinite(value)}
