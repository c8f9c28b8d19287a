"""The digits example without a display: the real window, unseen, trains it and leaves everything in a folder.

It is also how the pictures in the documentation are made.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QMessageLogContext, QSettings, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

import gui.pictures  # noqa: F401 - makes the picture formats known
from engine.cli.console import Console
from engine.cli.verb_train import writable
from engine.events import EpochEnded, Finished
from engine.figures import figures
from engine.formats import export
from engine.runs import open_run
from graph.atomic import write_atomically
from graph.edits import set_training
from graph.serialize import save
from gui.app import application
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.theme import Mode, theme_switch
from gui.training.controller import TrainingController

EXPORTS = ("graph.json", "graph.graphml", "graph.svg", "weights.safetensors", "weights.npz", "model.py")
PATIENCE = 600_000
"""Milliseconds after which a run that does not end is given up."""


def run(folder: Path, console: Console, epochs: int | None = None) -> int:
    """Train the digits example in the window, and leave its pictures, figures and files in `folder`."""
    writable(folder)
    with window(folder / "digits.netloom", "digits", epochs) as shown:
        controller = shown.training.controller
        controller.ticked.connect(lambda events: tell(events, console))
        shown.show_tab("training")
        controller.toggle()
        wait(lambda: controller.progress.epoch > controller.progress.epochs // 2, controller)
        picture(shown, folder / "window-training.png")
        wait(lambda: not controller.state.busy, controller)
        if controller.failure:
            console.complain(controller.failure)
            return 1
        settle()
        picture(shown, folder / "window.png")
        plots = shown.training.panel.plots
        plots.write(folder / "curves.png")
        plots.write(folder / "curves.csv")
        leave(shown, controller, folder)
    console.event("demo", folder=str(folder), files=sorted(path.name for path in folder.iterdir()))
    console.say(f"\nLeft in {folder}:")
    for path in sorted(folder.iterdir()):
        console.say(f"  {path.name}{'/' if path.is_dir() else ''}")
    return 0


@contextmanager
def window(path: Path, template: str, epochs: int | None = None, mode: Mode = "light") -> Iterator[MainWindow]:
    """The main window on a project made from a template and saved at `path`, with settings of its own."""
    from engine.templates import make

    app = application(["netloom"])
    before = qInstallMessageHandler(without_noise)
    project, _ = make(template)
    save(project if epochs is None else set_training(project, epochs=epochs), path)
    with tempfile.TemporaryDirectory(prefix="netloom-") as own:
        settings = Settings(QSettings(f"{own}/settings.ini", QSettings.Format.IniFormat))
        theme_switch().set_mode(mode)
        theme_switch().apply()
        shown = MainWindow(settings, Path(own) / "recovery")
        shown.show()
        shown.files.open(path)
        wait(lambda: shown.checks.current.inference.facts is not None)
        settle()
        try:
            yield shown
        finally:
            shown.files.save()  # an unsaved project would ask before it goes
            shown.close()
            shown.deleteLater()
            app.processEvents()
            qInstallMessageHandler(before)


def without_noise(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Pass on what Qt has to say, but for the offscreen platform's remark that it has no window manager."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def wait(done: Callable[[], bool], controller: TrainingController | None = None) -> None:
    """Let the window live until `done`, or until the run of `controller` is over."""
    loop = QEventLoop()
    looking, late = QTimer(), QTimer()
    late.setSingleShot(True)
    late.timeout.connect(loop.quit)
    looking.timeout.connect(lambda: loop.quit() if done() or (controller and not controller.state.busy) else None)
    looking.start(20)
    late.start(PATIENCE)
    loop.exec()
    looking.stop()


def settle() -> None:
    """Let everything that waits to be drawn be drawn."""
    loop = QEventLoop()
    QTimer.singleShot(400, loop.quit)
    loop.exec()


def picture(shown: MainWindow, path: Path) -> None:
    """The window as it is seen now, as a PNG."""
    QApplication.processEvents()
    shown.grab().save(str(path), "PNG")


def tell(events: list[Any], console: Console) -> None:
    """Say what a run tells: a line every few epochs, and the bar between them."""
    for event in events:
        if isinstance(event, EpochEnded):
            console.event("epoch", epoch=event.epoch, logs=event.logs)
            if event.epoch % 5 == 0 or event.epoch == event.epochs:
                console.say(f"Epoch {event.epoch}/{event.epochs}  {figures(event.logs)}")
            console.progress(event.epoch / event.epochs, figures(event.logs))
        elif isinstance(event, Finished):
            console.event("finished", epochs=event.epochs, reason=event.reason, test=event.test)
            console.say(f"Test: {figures(event.test)}")


def leave(shown: MainWindow, controller: TrainingController, folder: Path) -> None:
    """Write the exports and the metrics of the run that has just ended."""
    newest = max(path for path in controller.runs_folder.iterdir() if path.is_dir())
    kept = open_run(newest)
    facts = shown.checks.current.inference.facts
    for name in EXPORTS:
        export(shown.document.project, folder / name, kept.weights(), facts=facts)
    said = {
        "status": kept.status,
        "test": dict(kept.test),
        "epochs": [{"epoch": e.epoch, "seconds": e.seconds, "logs": dict(e.logs)} for e in kept.epochs],
    }
    write_atomically(folder / "metrics.json", (json.dumps(said, indent=1) + "\n").encode())
