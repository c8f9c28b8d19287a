"""A model of another program, dropped on the window, brings its weights: to export, to predict with, to train on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from safetensors.numpy import load_file

from engine.formats import exporters, make, work_on
from engine.formats.exporter import OptimizerState
from engine.runs import list_runs, open_run
from engine.session import Session
from engine.trainer import State
from graph.project import Project
from gui.export.dialog import ExportDialog
from gui.main_window import MainWindow
from tests.gui.conftest import Answers
from tests.gui.test_files import drop
from tests.gui.training.conftest import small


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The iris table after five epochs."""
    session = Session.prepare(small(epochs=5))
    list(session.run(tmp_path_factory.mktemp("runs")))
    return session


def state_of(session: Session) -> State:
    """Where its run ended."""
    assert session.folder is not None
    return open_run(session.folder).state(session.plan.parameters.slots)


@pytest.fixture
def model(trained: Session, tmp_path: Path) -> Path:
    """It as Keras keeps it, with its optimizer."""
    state = state_of(trained)
    work = work_on(trained.project, weights=trained.plan.parameters.named())
    path = tmp_path / "iris.keras"
    make(exporters["keras"], replace(work, optimizer=OptimizerState(state.steps, state.optimizer))).write(path)
    return path


@pytest.fixture
def opened(window: MainWindow, model: Path, answers: Answers, qtbot: QtBot) -> MainWindow:
    """A window that the model was dropped on."""
    answers.will_press("OK")
    drop(window, model)
    qtbot.waitUntil(lambda: window.training.runs.model.rowCount() == 1)
    assert "Its weights are kept as a run." in answers.said[0]
    return window


def with_data(window: MainWindow, project: Project) -> None:
    window.document.edit("Choose data", lambda p: replace(p, data=project.data, training=project.training))


def test_its_weights_are_a_run_and_are_exported_without_data(
    opened: MainWindow, trained: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = opened.training.runs
    assert panel.model.texts(panel.model.rows[0])[1] == "imported"
    dialog = ExportDialog(opened.document, opened.checks, opened.training.controller)
    qtbot.addWidget(dialog)
    dialog.choose("safetensors")
    with qtbot.waitSignal(dialog.exported, timeout=10_000):
        dialog.write(tmp_path / "w.safetensors")
    dialog.close_work()
    found, known = load_file(tmp_path / "w.safetensors"), trained.plan.parameters.named()
    assert found.keys() == known.keys()
    assert all(np.array_equal(found[name], known[name]) for name in known)
    panel.view.selectRow(0)
    QTest.mouseClick(panel.open_button, Qt.MouseButton.LeftButton)
    assert "There is no data to predict from yet." in panel.message.text()


def test_with_data_it_predicts_as_it_did(opened: MainWindow, trained: Session, qtbot: QtBot) -> None:
    with_data(opened, trained.project)
    panel, controller = opened.training.runs, opened.training.controller
    panel.view.selectRow(0)
    QTest.mouseClick(panel.open_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not controller.state.busy and controller.ready is not None, timeout=30_000)
    assert controller.ready is not None
    assert controller.ready.session.evaluate("test") == pytest.approx(trained.evaluate("test"))


def test_a_run_goes_on_from_it_and_leaves_it_as_it_was(opened: MainWindow, trained: Session, qtbot: QtBot) -> None:
    with_data(opened, trained.project)
    controller = opened.training.controller
    (imported,) = list_runs(controller.runs_folder).found
    before = {path.name: path.read_bytes() for path in imported.folder.iterdir()}
    opened.training.runs.continue_run(imported, 2)
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    assert controller.failure == ""
    assert {path.name: path.read_bytes() for path in imported.folder.iterdir()} == before
    _, new = list_runs(controller.runs_folder).found
    steps = state_of(trained).steps
    assert new.state(trained.plan.parameters.slots).steps == steps + 2 * steps // 5
    assert trained.folder is not None
    assert new.epochs[0].logs["loss"] < open_run(trained.folder).epochs[0].logs["loss"]


def test_its_run_is_kept_with_the_project(
    opened: MainWindow, trained: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine" / "iris.netloom"
    path.parent.mkdir()
    monkeypatch.setattr("gui.ask.save_path", lambda *_: path)
    opened.actions_by_name["save"].trigger()
    qtbot.waitUntil(lambda: bool(list_runs(path.with_suffix(".runs")).found), timeout=10_000)
    (run,) = list_runs(path.with_suffix(".runs")).found
    assert run.imported
    known = trained.plan.parameters.named()
    assert all(np.array_equal(array, known[name]) for name, array in run.weights().items())
