"""A run of the window, from Train to its end: its states, what can be done in each, what is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from engine.events import BatchEnded, EpochEnded
from engine.runs import list_runs
from graph import edits
from graph.datasets import CsvFile
from graph.optimizers import SGD
from gui.checks import Checks
from gui.document import Document
from gui.training.controller import State, TrainingController
from gui.training.job import Request
from gui.training.worker import Control
from tests.gui.training.conftest import small


def test_a_run_goes_through_its_states_and_is_kept(
    qtbot: QtBot, document: Document, controller: TrainingController
) -> None:
    states: list[State] = []
    controller.changed.connect(lambda: states.append(controller.state))
    assert (controller.can_toggle, controller.toggle_text, controller.can_stop) == (True, "Train", False)
    controller.toggle()
    assert controller.state is State.PREPARING
    assert not controller.can_toggle
    assert controller.can_stop
    qtbot.waitUntil(lambda: controller.state is State.FINISHED, timeout=30_000)
    assert list(dict.fromkeys(states)) == [State.PREPARING, State.TRAINING, State.FINISHED]
    assert document.path is not None
    (run,) = list_runs(document.path.with_suffix(".runs")).found
    assert [epoch.epoch for epoch in run.epochs] == [1, 2, 3]
    curves = controller.curves
    assert curves is not None
    assert curves.by_epoch["val_loss"].y.tolist() == [epoch.logs["val_loss"] for epoch in run.epochs]
    assert controller.tested is not None
    assert controller.progress.finished is not None
    (outcome,) = controller.tested.outcomes.values()
    right = (outcome.true == outcome.chosen).mean()
    assert abs(right - controller.progress.finished.test["accuracy"]) < 1e-6


def test_pausing_and_continuing_gives_the_curve_of_a_run_without_a_pause(
    qtbot: QtBot, document: Document, controller: TrainingController, train: Callable[[], None]
) -> None:
    document.edit("more", lambda project: edits.set_training(project, epochs=40))
    train()
    assert controller.curves is not None
    expected = controller.curves.by_epoch["loss"].y.tolist()
    controller.toggle()
    qtbot.waitUntil(lambda: controller.progress.epoch > 2 or not controller.state.busy, timeout=30_000)
    if controller.state is State.TRAINING:
        controller.toggle()
        assert (controller.state, controller.toggle_text) == (State.PAUSED, "Continue")
        qtbot.wait(100)
        epoch = controller.progress.epoch
        qtbot.wait(100)
        assert controller.progress.epoch == epoch
        controller.toggle()
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    assert controller.curves.by_epoch["loss"].y.tolist() == expected


def test_stopping_while_paused_ends_with_what_was_learned(
    qtbot: QtBot, document: Document, controller: TrainingController
) -> None:
    document.edit("more", lambda project: edits.set_training(project, epochs=100_000))
    controller.toggle()
    qtbot.waitUntil(lambda: controller.progress.epoch > 2, timeout=30_000)
    controller.toggle()
    controller.stop()
    assert controller.state is State.STOPPING
    qtbot.waitUntil(lambda: controller.state is State.FINISHED, timeout=30_000)
    assert controller.progress.finished is not None
    assert controller.progress.finished.reason == "stopped"
    assert controller.progress.finished.test
    assert document.path is not None
    (run,) = list_runs(document.path.with_suffix(".runs")).found
    assert run.status == "stopped"
    assert run.weights()


def test_stopping_while_loading_leaves_no_run(qtbot: QtBot, document: Document, controller: TrainingController) -> None:
    controller.toggle()
    controller.stop()
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    assert controller.failure == ""


def test_the_project_can_be_edited_while_it_trains(
    qtbot: QtBot, document: Document, controller: TrainingController
) -> None:
    document.edit("more", lambda project: edits.set_training(project, epochs=200))
    trained = document.project
    controller.toggle()
    qtbot.waitUntil(lambda: controller.progress.epoch > 1, timeout=30_000)
    document.edit("other", lambda project: edits.set_training(project, optimizer=SGD()))
    document.edit("cut", lambda project: edits.remove(project, wires=project.network.wires[:1]))
    assert controller.trained is trained
    controller.stop()
    qtbot.waitUntil(lambda: controller.state is State.FINISHED, timeout=30_000)


def test_what_keeps_a_project_from_being_trained_is_said(document: Document, controller: TrainingController) -> None:
    document.edit("no data", lambda project: edits.set_data(project, source=None))
    assert controller.obstacle == "Choose data to train on."
    assert not controller.can_toggle
    controller.toggle()
    assert controller.state is State.IDLE
    document.edit("empty", lambda project: edits.remove(project, tuple(project.network.layers)))
    assert controller.obstacle == "Add some layers to train."


def test_a_data_file_that_is_gone_fails_with_a_sentence(
    qtbot: QtBot, document: Document, controller: TrainingController, train: Callable[[], None], tmp_path: Path
) -> None:
    document.edit("gone", lambda project: edits.set_data(project, source=CsvFile(path=str(tmp_path / "gone.csv"))))
    train()
    assert controller.state is State.FAILED
    assert "There is no data file" in controller.failure
    assert "Check the path" in controller.failure
    assert controller.can_toggle


def test_an_error_nobody_has_foreseen_is_told_and_the_window_goes_on(
    qtbot: QtBot, document: Document, checks: Checks, tmp_path: Path
) -> None:
    def broken(request: Request, control: Control) -> Iterator[Any]:
        yield BatchEnded(1, 1, 1, {"loss": 1.0})
        raise LookupError("no such thing")

    controller = TrainingController(document, checks, tmp_path, job=broken)
    controller.toggle()
    qtbot.waitUntil(lambda: controller.state is State.FAILED, timeout=10_000)
    said = r"Unexpected error: LookupError: no such thing \(broken, line \d+\)\. Please report it\."
    assert re.fullmatch(said, controller.failure)
    controller.close()


def test_divergence_ends_the_run_with_advice(
    document: Document, controller: TrainingController, train: Callable[[], None]
) -> None:
    document.open(small("regression", epochs=50), document.path)
    document.edit("too fast", lambda project: edits.set_training(project, optimizer=SGD(learning_rate=1000.0)))
    train()
    finished = controller.progress.finished
    assert finished is not None
    assert finished.reason == "diverged"
    assert finished.advice
    assert controller.state is State.FINISHED


def test_a_run_goes_on_where_it_ended(qtbot: QtBot, controller: TrainingController, train: Callable[[], None]) -> None:
    train()
    (run,) = list_runs(controller.runs_folder).found
    seen: list[int] = []
    controller.ticked.connect(lambda events: seen.extend(e.epoch for e in events if isinstance(e, EpochEnded)))
    controller.train(run, 5)
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    assert controller.state is State.FINISHED
    assert seen == [4, 5]
    assert controller.curves is not None
    assert controller.curves.by_epoch["loss"].x.tolist() == [1, 2, 3, 4, 5]
    (run,) = list_runs(controller.runs_folder).found
    assert len(run.epochs) == 5


def test_too_little_memory_is_said_before_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, controller: TrainingController
) -> None:
    monkeypatch.setattr("engine.session.free_memory", lambda: 1000)
    controller.toggle()
    qtbot.waitUntil(lambda: controller.state is State.FAILED, timeout=30_000)
    assert re.fullmatch(r"Training needs .* of memory, and 1 kB are free\. Most of it is for .*", controller.failure)
    assert controller.can_toggle


def test_a_run_that_cannot_go_on_says_so_and_is_still_there(
    qtbot: QtBot, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    (run,) = list_runs(controller.runs_folder).found
    (run.folder / "state.safetensors").write_bytes(b"no")
    controller.train(run, 5)
    qtbot.waitUntil(lambda: controller.state is State.FAILED, timeout=30_000)
    assert "state.safetensors is no saved state of a run, or is damaged" in controller.failure
    assert "Its figures and weights can still be read" in controller.failure
    (run,) = list_runs(controller.runs_folder).found
    assert (len(run.epochs), run.weights_path.name) == (3, "weights.safetensors")


def test_a_run_of_an_unsaved_project_is_kept_until_the_window_closes(
    qtbot: QtBot, document: Document, checks: Checks, tmp_path: Path
) -> None:
    document.path = None
    controller = TrainingController(document, checks, tmp_path)
    controller.toggle()
    qtbot.waitUntil(lambda: controller.state is State.FINISHED, timeout=30_000)
    folder = controller.runs_folder
    assert len(list_runs(folder).found) == 1
    controller.close()
    assert not folder.exists()


def test_another_project_shows_nothing_of_the_last_ones_run(
    qtbot: QtBot, document: Document, controller: TrainingController, tmp_path: Path, train: Callable[[], None]
) -> None:
    train()
    assert controller.tested is not None
    document.open(small("regression"), tmp_path / "other.netloom")
    assert (controller.state, controller.curves, controller.ready, controller.tested) == (State.IDLE, None, None, None)
    document.edit("more", lambda project: edits.set_training(project, epochs=100_000))
    controller.toggle()
    qtbot.waitUntil(lambda: controller.progress.epoch > 1, timeout=30_000)
    document.open(small(), tmp_path / "third.netloom")
    qtbot.waitUntil(lambda: controller.state is State.IDLE, timeout=30_000)
    assert controller.curves is None
    assert controller.can_toggle
    (run,) = list_runs(tmp_path / "other.runs").found
    assert run.status == "stopped"


def test_a_runs_folder_that_cannot_be_written_is_told_and_training_goes_on(
    document: Document, controller: TrainingController, train: Callable[[], None]
) -> None:
    controller.runs_folder.write_text("a file where the folder should be")
    train()
    assert controller.state is State.FINISHED
    (notice,) = controller.notices
    assert "cannot be written" in notice.text
    assert "this run is not kept" in notice.hint


def test_where_the_runs_of_an_unsaved_project_cannot_be_kept_saving_is_asked_for(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "recovery").write_text("a file where a folder should be")
    document = Document(small())
    controller = TrainingController(document, Checks(document), tmp_path / "recovery")
    controller.toggle()
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    (notice,) = controller.notices
    assert "recovery" in notice.text
    assert notice.hint.endswith("Save the project: its runs are then kept beside it.")
    controller.close()


def test_closing_ends_a_run_that_is_under_way(qtbot: QtBot, document: Document, controller: TrainingController) -> None:
    document.edit("more", lambda project: edits.set_training(project, epochs=100_000))
    controller.toggle()
    qtbot.waitUntil(lambda: controller.progress.epoch > 1, timeout=30_000)
    controller.close()
    (run,) = list_runs(controller.runs_folder).found
    assert run.epochs
