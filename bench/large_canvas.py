"""How long the window is busy with one edit of a thousand layers on the canvas, and with painting them: 50 ms each.

python bench/large_canvas.py
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from graph import edits
from graph.layers import layers
from graph.network import Network, Wire
from graph.project import Project
from gui.app import application
from gui.canvas.view import CanvasView
from gui.checks import Checks
from gui.document import Document
from gui.selection import Selection

LIMIT = 50.0
ROUNDS = 7
CHANGES: dict[str, Callable[[Project], Project]] = {
    "units": partial(edits.set_parameters, name="dense_500", changes={"units": 7}),
    "move a card": partial(edits.move, positions={"dense_3": (0.0, 8000.0)}),
    "draw a wire": partial(edits.connect, wire=Wire("dense_3", "dense_600")),
    "remove a layer": partial(edits.remove, names=["dense_7"]),
}


def project() -> Project:
    """A chain of a thousand layers, 25 in a row."""
    made = {"input": layers.make("Input", {"shape": (8,)})} | {f"dense_{i}": layers.make("Dense") for i in range(999)}
    names = list(made)
    places = {name: (252.0 * (i % 25), 160.0 * (i // 25)) for i, name in enumerate(names)}
    return Project(Network.of(made, [Wire(a, b) for a, b in pairwise(names)]), places)


def milliseconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def main() -> int:
    """Print the median and the longest of each; 1 where a median misses the limit."""
    app = application(["netloom"])
    document = Document(project())
    checks = Checks(document)
    view = CanvasView(document, checks, Selection(document))
    view.resize(1000, 640)
    view.show()
    app.processEvents()

    def show_all() -> None:
        view.fit(None)
        view.viewport().repaint()

    missed = False
    works: dict[str, Callable[[], object]] = {
        name: partial(document.edit, name, change) for name, change in CHANGES.items()
    }
    for name, work in {**works, "paint some": view.viewport().repaint, "paint all": show_all}.items():
        times = []
        for _ in range(ROUNDS):
            times.append(milliseconds(work))
            if name in works:
                times.append(milliseconds(document.undo))
        missed |= statistics.median(times) > LIMIT
        print(f"{name:16}{statistics.median(times):8.1f} ms, longest {max(times):8.1f} ms   limit {LIMIT:.0f} ms")
    view.motion.finish()
    view.close()
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
