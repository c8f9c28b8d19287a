"""Runs follow their project to where it is saved, and none is lost unasked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.carry_runs import carry
from engine.runs import list_runs
from graph import edits
from graph.problem import FileProblem
from graph.project import Project
from gui.checks import Checks
from gui.document import Document
from gui.main_window import MainWindow
from gui.processes import alive
from gui.training.controller import TrainingController
from gui.training.left_runs import note_target
from gui.training.runs_panel import RunsPanel
from tests.gui.conftest import Answers
from tests.gui.training.conftest import small

Choose = Callable[[Path | None], None]


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    """The iris table, in no file yet."""
    return Document(small())


@pytest.fixture
def runs(qtbot: QtBot, document: Document, checks: Checks, controller: TrainingController) -> Iterator[RunsPanel]:
    made = RunsPanel(document, checks, controller)
    qtbot.addWidget(made)
    yield made
    made.close_work()


def names(folder: Path) -> list[str]:
    return [run.id for run in list_runs(folder).found]


def test_runs_of_an_unsaved_project_move_beside_its_file(
    qtbot: QtBot,
    document: Document,
    controller: TrainingController,
    runs: RunsPanel,
    train: Callable[[], None],
    tmp_path: Path,
) -> None:
    train()
    train()
    unsaved = controller.runs_folder
    made = names(unsaved)
    weights = [run.weights_path.read_bytes() for run in list_runs(unsaved).found]
    assert len(made) == 2
    assert controller.folders.has_unsaved
    document.mark_saved(tmp_path / "own.netloom")
    qtbot.waitUntil(lambda: not names(unsaved), timeout=10_000)
    assert not controller.folders.has_unsaved
    assert controller.runs_folder == tmp_path / "own.runs"
    moved = list_runs(tmp_path / "own.runs").found
    assert [run.id for run in moved] == made
    assert [run.weights_path.read_bytes() for run in moved] == weights
    qtbot.waitUntil(lambda: [row.run.folder.parent for row in runs.model.rows] == [tmp_path / "own.runs"] * 2)
    controller.train(moved[-1], 5)
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    assert [len(run.epochs) for run in list_runs(tmp_path / "own.runs").found] == [3, 5]
    controller.close()
    assert not unsaved.exists()


def test_a_run_under_way_follows_when_it_is_over(
    qtbot: QtBot, document: Document, controller: TrainingController, tmp_path: Path
) -> None:
    document.edit("more", lambda project: edits.set_training(project, epochs=100_000))
    controller.toggle()
    qtbot.waitUntil(lambda: controller.progress.epoch > 2, timeout=30_000)
    document.mark_saved(tmp_path / "own.netloom")
    assert len(names(controller.runs_folder)) == 1
    controller.stop()
    qtbot.waitUntil(lambda: len(names(tmp_path / "own.runs")) == 1, timeout=30_000)
    (run,) = list_runs(tmp_path / "own.runs").found
    assert (run.status, controller.notices) == ("stopped", [])
    assert run.epochs


def test_a_project_saved_under_another_name_leaves_its_runs_and_takes_copies(
    qtbot: QtBot, document: Document, controller: TrainingController, train: Callable[[], None], tmp_path: Path
) -> None:
    document.mark_saved(tmp_path / "first.netloom")
    train()
    document.mark_saved(tmp_path / "second.netloom")
    document.mark_saved(tmp_path / "third.netloom")
    folders = [tmp_path / f"{name}.runs" for name in ("first", "second", "third")]
    qtbot.waitUntil(lambda: len(names(folders[2])) == 1, timeout=10_000)
    assert names(folders[0]) == names(folders[1]) == names(folders[2])


def test_closing_right_after_saving_loses_no_run(
    document: Document, controller: TrainingController, train: Callable[[], None], tmp_path: Path
) -> None:
    train()
    document.mark_saved(tmp_path / "own.netloom")
    controller.close()
    assert len(names(tmp_path / "own.runs")) == 1


def test_runs_that_cannot_follow_stay_and_are_told(
    qtbot: QtBot, document: Document, controller: TrainingController, train: Callable[[], None], tmp_path: Path
) -> None:
    train()
    unsaved = controller.runs_folder
    (tmp_path / "own.runs").write_text("a file where the folder should be")
    document.mark_saved(tmp_path / "own.netloom")
    qtbot.waitUntil(lambda: bool(controller.notices), timeout=10_000)
    assert "cannot be brought to" in controller.notices[0].text
    assert str(unsaved) in controller.notices[0].hint
    assert controller.runs_folder == unsaved
    controller.close()
    assert len(names(unsaved)) == 1
    (tmp_path / "own.runs").unlink()
    carry(unsaved, tmp_path / "own.runs", keep=False)
    assert len(names(tmp_path / "own.runs")) == 1


def test_a_new_project_has_none_of_the_runs_of_the_last_one(
    document: Document, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    document.open(small("regression"), None)
    assert names(controller.runs_folder) == []
    assert not controller.folders.has_unsaved


def test_a_copy_that_was_cut_off_is_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = tmp_path / "a.runs" / "1"
    run.mkdir(parents=True)
    (run / "run.json").write_text('{"format": "netloom run"}')
    (run / "weights.safetensors").write_bytes(b"weights")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.carry_runs.replace_file", full)
    with pytest.raises(FileProblem, match="No space left on device"):
        carry(tmp_path / "a.runs", tmp_path / "b.runs", keep=False)
    assert names(tmp_path / "b.runs") == []
    assert names(tmp_path / "a.runs") == ["1"]
    monkeypatch.undo()
    carry(tmp_path / "a.runs", tmp_path / "b.runs", keep=False)
    assert (tmp_path / "b.runs" / "1" / "weights.safetensors").read_bytes() == b"weights"
    assert names(tmp_path / "a.runs") == []


def test_leaving_a_project_asks_about_runs_that_no_file_keeps(
    qtbot: QtBot, window: MainWindow, answers: Answers, chosen_path: Choose, tmp_path: Path
) -> None:
    window.files.new(small())
    controller = window.training.controller
    qtbot.waitUntil(lambda: controller.can_toggle, timeout=10_000)
    controller.toggle()
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    answers.will_press("Cancel")
    assert not window.files.new()
    assert answers.said == [
        "Save Untitled.netloom and its training runs?\n"
        "The project has no file yet. Its runs are lost if you do not save it."
    ]
    window.document.edit("more", lambda project: edits.set_training(project, epochs=9))
    chosen_path(tmp_path / "mine.netloom")
    answers.will_press("Save")
    assert window.files.new()
    assert "and the training runs with them" in answers.said[-1]
    assert window.document.project == Project()
    qtbot.waitUntil(lambda: len(names(tmp_path / "mine.runs")) == 1, timeout=10_000)


def test_what_a_crash_kept_from_following_follows_at_the_next_start(
    qtbot: QtBot, document: Document, controller: TrainingController, train: Callable[[], None], tmp_path: Path
) -> None:
    train()
    (run,) = names(controller.runs_folder)
    gone = next(n for n in range(4_000_000, 4_100_000) if not alive(n))
    home = tmp_path / "recovery"
    left, old, new = (home / f"{gone}-{name}.runs" for name in ("left", "old", "new"))
    controller.runs_folder.rename(left)
    note_target(left, tmp_path / "own.runs")
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    controller.folders.settle()
    qtbot.waitUntil(lambda: names(tmp_path / "own.runs") == [run], timeout=10_000)
    assert (old.exists(), new.exists()) == (False, True)
    controller.close()
    assert not left.exists()
