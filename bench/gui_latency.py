"""How long the window ever keeps a person waiting: the longest gaps between two rounds of its event loop.

Each task is done in the real window, unseen, while a timer that is due every two milliseconds notes when it comes
round. Prints the longest gaps of each; under 50 ms is wanted. Run it as

    python bench/gui_latency.py [--layers N]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from engine.blas import choose_core_type

choose_core_type()

from PySide6.QtCore import QEventLoop, QPoint, QPointF, QSettings, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402

from engine import templates  # noqa: E402
from graph import edits  # noqa: E402
from graph.layers import layers  # noqa: E402
from graph.network import Network, Wire  # noqa: E402
from graph.project import Project  # noqa: E402
from graph.serialize import save  # noqa: E402
from gui.app import application, spare_collections  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.panels import PANELS  # noqa: E402
from gui.settings import Settings  # noqa: E402
from gui.theme import theme_switch  # noqa: E402

Step = Callable[[], object]


def gaps_of(steps: list[Step], pause: int = 30) -> list[float]:
    """Do one step after another in the event loop, and return the gaps in milliseconds, the longest first."""
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(1000 * (now - last))
        last = now

    watch = QTimer()
    watch.setTimerType(Qt.TimerType.PreciseTimer)
    watch.timeout.connect(tick)
    loop, left = QEventLoop(), list(steps)

    def do() -> None:
        if not left:
            loop.quit()
        elif left.pop(0)() is not False:
            QTimer.singleShot(pause, do)
        else:
            loop.quit()

    watch.start(2)
    QTimer.singleShot(pause, do)
    loop.exec()
    tick()
    return sorted(gaps, reverse=True)


def dense(count: int) -> Project:
    """A chain of layers in rows."""
    made = {"input": layers.make("Input", {"shape": (8,)})}
    made |= {f"dense_{i}": layers.make("Dense") for i in range(count - 1)}
    places = {name: (252.0 * (i % 20), 160.0 * (i // 20)) for i, name in enumerate(made)}
    return Project(Network.of(made, [Wire(a, b) for a, b in pairwise(made)]), places)


def dragging(window: MainWindow, name: str) -> list[Step]:
    """Press on a card, take it across the canvas, and let go."""
    canvas = window.canvas.viewport()
    held = QPoint()

    def press() -> None:
        nonlocal held
        window.canvas.reveal([name])
        held = window.canvas.mapFromScene(window.canvas.board.nodes[name].pos() + QPointF(90, 36))
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=held)

    def move(step: int) -> Step:
        return lambda: QTest.mouseMove(canvas, held + QPoint(3 * step, 2 * step))

    def release() -> None:
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=held + QPoint(120, 80))

    return [press, *(move(step) for step in range(1, 41)), release]


def waiting(rounds: int) -> list[Step]:
    """Only let the window live."""
    return [lambda: None] * rounds


def main() -> None:
    """Measure each task, and print its longest gaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=300)
    count = parser.parse_args().layers
    application(["netloom"])
    theme_switch().apply()
    with tempfile.TemporaryDirectory(prefix="netloom-") as folder:
        own = Path(folder)
        large, small = own / "large.netloom", own / "digits.netloom"
        save(dense(count), large)
        save(edits.set_training(templates.make("digits")[0], epochs=12, early_stopping=None), small)
        window = MainWindow(Settings(QSettings(str(own / "s.ini"), QSettings.Format.IniFormat)), own / "recovery")
        window.show()
        spare_collections()
        tabs: list[Step] = [lambda name=panel.name: window.show_tab(name) for panel in PANELS]

        def told(task: str, steps: list[Step], pause: int = 30) -> None:
            found = gaps_of(steps, pause)
            print(f"{task:34} longest gaps {'  '.join(f'{gap:6.1f}' for gap in found[:4])} ms", flush=True)

        window.files.open(small)
        told("settling", waiting(20))
        told("switching tabs", tabs * 2)
        controller = window.training.controller
        window.show_tab("training")
        training = [window.training.toggle, *[lambda: controller.state.busy] * 3000]
        told("training digits, curves shown", training)
        window.training.toggle()
        told("dragging a card while training", dragging(window, "conv2d"))
        told("switching tabs while training", tabs * 2)
        controller.stop()
        told("stopping", [*waiting(3), *[lambda: controller.state.busy] * 300])
        window.document.history = window.document.history.mark_saved()
        told(f"opening {count} layers", [lambda: window.files.open(large), *waiting(20)])
        told(f"dragging a card of {count}", dragging(window, "dense_42"))
        told(f"changing a layer of {count}", [lambda: change(window), lambda: window.document.undo()] * 5)
        told(f"tabs with {count} layers", tabs * 2)
        themes: list[Step] = [lambda: window.set_theme("light"), lambda: window.set_theme("dark")]
        told(f"theme with {count} layers", themes * 2, 100)
        window.document.history = window.document.history.mark_saved()
        window.close()


def change(window: MainWindow) -> None:
    """Give the first Dense layer other units."""
    window.document.edit("units", lambda project: edits.set_parameters(project, "dense_0", {"units": 65}))


if __name__ == "__main__":
    main()
