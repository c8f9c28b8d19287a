"""Beginning, pausing and ending a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.action import action
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


@action(
    QT_TRANSLATE_NOOP("Actions", "&Train"),
    "Train/run",
    "Ctrl+Return",
    icon="play",
    enabled=lambda w: w.training.can_toggle,
    now=lambda w: w.training.toggle_text,
)
def train(window: MainWindow) -> None:
    """Begin a run, pause it, or go on with it."""
    window.show_tab("training")
    window.training.toggle()


@action(
    QT_TRANSLATE_NOOP("Actions", "&Stop"), "Train/run", "Ctrl+.", icon="stop", enabled=lambda w: w.training.can_stop
)
def stop(window: MainWindow) -> None:
    """End the run; what it has learned is kept."""
    window.training.stop()
