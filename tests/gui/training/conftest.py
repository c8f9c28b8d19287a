"""A small project to train."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine import templates
from graph import edits
from graph.project import Project
from gui.checks import Checks
from gui.document import Document
from gui.training.controller import TrainingController


def small(name: str = "tabular", epochs: int = 3) -> Project:
    """A template with few epochs."""
    return edits.set_training(templates.make(name)[0], epochs=epochs)


@pytest.fixture
def document(qtbot: QtBot, tmp_path: Path) -> Document:
    """The iris table, to be trained for three epochs, saved in a folder of the test's own."""
    return Document(small(), tmp_path / "iris.netloom")


@pytest.fixture
def checks(document: Document) -> Checks:
    """The checks of the document."""
    return Checks(document)


@pytest.fixture
def controller(document: Document, checks: Checks, tmp_path: Path) -> Iterator[TrainingController]:
    """A controller that is closed at the end."""
    made = TrainingController(document, checks, tmp_path / "recovery")
    yield made
    made.close()


@pytest.fixture
def train(qtbot: QtBot, controller: TrainingController) -> Callable[[], None]:
    """Train to the end."""

    def run() -> None:
        controller.toggle()
        qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)

    return run
