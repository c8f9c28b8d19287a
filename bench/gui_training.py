"""How much the open window costs training, and how long it ever keeps the person waiting.

Trains the digits example in turns without the window, with its Training tab following every epoch, as is usual, and
with plots of every batch. The whole process has the same cores in each. Prints the seconds of the epochs, the part of
the speed that is kept (at least 0.9 is wanted), and the part of a processor that the GUI thread takes. Then, in as many
runs again, the longest time in which the GUI thread did not come round to a timer that is due every five milliseconds
(under 50 ms is wanted). Run it as

    python bench/gui_training.py [--epochs N] [--turns N]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from engine.blas import choose_core_type

choose_core_type()

from PySide6.QtCore import QEventLoop, QSettings, QTimer  # noqa: E402 - the matrix library is chosen first

from engine import templates  # noqa: E402 - the matrix library is chosen first
from engine.events import EpochEnded  # noqa: E402 - the matrix library is chosen first
from engine.session import Session  # noqa: E402 - the matrix library is chosen first
from graph import edits  # noqa: E402 - the matrix library is chosen first
from graph.project import Project  # noqa: E402 - the matrix library is chosen first
from gui.app import application  # noqa: E402 - the matrix library is chosen first
from gui.main_window import MainWindow  # noqa: E402 - the matrix library is chosen first
from gui.settings import Settings  # noqa: E402 - the matrix library is chosen first
from gui.training.controller import State  # noqa: E402 - the matrix library is chosen first


def headless(project: Project, folder: Path) -> float:
    """Seconds of the epochs without a window."""
    session = Session.prepare(project)
    return sum(event.seconds for event in session.run(folder) if isinstance(event, EpochEnded))


class Watch:
    """Measures the gaps between the rounds of the event loop.

    It wakes the thread two hundred times a second, which training could do without; so speed is measured without it.
    """

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Measure from now on."""
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """Measure no more."""
        self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


class Trained(NamedTuple):
    """One run with the window open: the seconds of its epochs, and the time the GUI thread took and had."""

    seconds: float
    spent: float
    passed: float


def in_window(window: MainWindow, watch: Watch | None = None) -> Trained:
    """Train in the window, from the click to the last event; then let it do what is left to do."""
    seconds: list[float] = []
    controller, loop = window.training.controller, QEventLoop()

    def heard(events: list[object]) -> None:
        seconds.extend(event.seconds for event in events if isinstance(event, EpochEnded))

    def changed() -> None:
        if not controller.state.busy:
            loop.quit()

    controller.ticked.connect(heard)
    controller.changed.connect(changed)
    spent, passed = time.thread_time(), time.perf_counter()
    window.training.toggle()
    if watch is not None:
        watch.start()
    loop.exec()
    if watch is not None:
        watch.stop()
    trained = Trained(sum(seconds), time.thread_time() - spent, time.perf_counter() - passed)
    controller.ticked.disconnect(heard)
    controller.changed.disconnect(changed)
    if controller.state is not State.FINISHED:
        raise SystemExit(controller.failure or "the run did not finish")
    QTimer.singleShot(200, loop.quit)
    loop.exec()
    return trained


def main() -> None:
    """Measure in turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--template", default="digits")
    chosen = parser.parse_args()
    project = edits.set_training(templates.make(chosen.template)[0], epochs=chosen.epochs, early_stopping=None)
    application(["netloom"])
    views = ("epochs", "batches")
    kept: dict[str, list[float]] = {view: [] for view in views}
    runs: dict[str, list[Trained]] = {view: [] for view in views}
    watches = {view: Watch() for view in views}
    with tempfile.TemporaryDirectory(prefix="netloom-") as folder:
        own = Path(folder)
        settings = Settings(QSettings(str(own / "settings.ini"), QSettings.Format.IniFormat))
        window = MainWindow(settings, own / "recovery")
        window.document.open(project, None)
        window.resize(1600, 1000)
        window.show()
        window.show_tab("training")
        in_window(window)
        for turn in range(chosen.turns):
            alone = headless(project, own / f"runs-{turn}")
            said = [f"headless {alone:6.2f} s"]
            for view in views if turn % 2 else reversed(views):
                getattr(window.training.panel.view_bar, view).click()
                trained = in_window(window)
                runs[view].append(trained)
                kept[view].append(alone / trained.seconds)
                said.append(f"by {view} {trained.seconds:6.2f} s, kept {kept[view][-1]:.3f}")
            print("   ".join(said))
        for view in views:
            getattr(window.training.panel.view_bar, view).click()
            for _ in range(chosen.turns):
                in_window(window, watches[view])
        window.files.has_unsaved_runs = lambda: False
        window.document.history = window.document.history.mark_saved()
        window.close()
    for view in views:
        gaps = sorted(watches[view].gaps)
        longest, most = 1000 * gaps[-1], 1000 * gaps[int(0.99 * len(gaps))]
        print(f"by {view}: speed kept {statistics.median(kept[view]):.3f} in the median of {chosen.turns} turns")
        print(f"by {view}: longest block of the GUI thread {longest:.1f} ms, 99 % under {most:.1f} ms")
        share = 100 * sum(run.spent for run in runs[view]) / sum(run.passed for run in runs[view])
        print(f"by {view}: the GUI thread took {share:.1f} % of a processor, from the click to the last figure")


if __name__ == "__main__":
    main()
