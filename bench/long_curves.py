"""What a long curve costs the window: the processor's time to show 100 more batches, and the bytes a batch takes.

    python bench/long_curves.py

The curve is as wide as in the window, noisy as figures of batches are, and shown plain, smoothed, and logarithmic and
smoothed. The time should hardly grow with the length: under 20 ms at a million batches.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtWidgets import QApplication

from gui.app import application
from gui.plots.curve_plot import CurvePlot
from gui.plots.line_item import Line
from gui.plots.series import Series

LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
MORE, ROUNDS = 100, 30
EPOCH = 500
VIEWS = {"plain": (0.0, False), "smoothed": (0.6, False), "logarithmic": (0.6, True)}
LIMIT = 20.0


def grow(series: Series, count: int, rng: np.random.Generator) -> None:
    """Put `count` batches at the end of a curve that falls."""
    x = np.arange(len(series) + 1, len(series) + count + 1) / EPOCH
    series.extend(x, 1.0 / (1.0 + x) + 0.1 * rng.random(count))


def milliseconds(plot: CurvePlot, series: Series, rng: np.random.Generator) -> float:
    """The processor's time to show some more batches, the painting in it."""
    found = []
    for _ in range(ROUNDS):
        grow(series, MORE, rng)
        began = time.thread_time()
        plot.refresh()
        for _ in range(3):
            QApplication.processEvents()
        found.append(time.thread_time() - began)
    return 1000 * statistics.median(found)


def main() -> int:
    """Print a row for each length; 1 where the longest takes more than it may."""
    application(["netloom"])
    rng = np.random.default_rng(0)
    print(f"{'batches':>10} {'bytes each':>11}" + "".join(f"{view:>14}" for view in VIEWS))
    times: list[float] = []
    for length in LENGTHS:
        tracemalloc.start()
        series = Series()
        grow(series, length, rng)
        series.smoothed(0.6)
        taken = tracemalloc.get_traced_memory()[0] / length
        tracemalloc.stop()
        plot = CurvePlot("Loss", "")
        plot.resize(900, 300)
        plot.set_lines([Line("training", series, 0)])
        plot.show()
        times = []
        for smoothing, logarithmic in VIEWS.values():
            plot.set_view(smoothing, logarithmic)
            times.append(milliseconds(plot, series, rng))
        print(f"{length:>10,} {taken:>11.0f}" + "".join(f"{one:>11.2f} ms" for one in times))
        plot.close()
    return int(max(times) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
