"""Projects are opened and saved, and no work is lost unasked."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import templates
from engine.formats import export
from engine.runs import list_runs
from graph import edits
from graph.datasets import CsvFile
from graph.layers import layers
from graph.project import Project
from graph.serialize import load, save
from gui.data.source import SourceState
from gui.main_window import MainWindow
from gui.processes import alive
from gui.recovery import Recovery, left_behind
from tests.gui.conftest import Answers
from tests.gui.helpers import convolutional

Choose = Callable[[Path | None], None]


def edit(window: MainWindow) -> None:
    """An edit that would be lost."""
    window.document.edit("Add Dense", lambda p: edits.add_layer(p, layers.make("Dense")))


def drop(window: MainWindow, path: Path) -> None:
    """Drop a file from outside on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    move, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(window.rect().center(), move, data, left, none)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(window.rect().center()), move, data, left, none))


def test_a_project_is_saved_and_opened_again(window: MainWindow, tmp_path: Path, chosen_path: Choose) -> None:
    path = tmp_path / "mine.netloom"
    chosen_path(path)
    window.files.new(convolutional())
    edit(window)
    assert window.windowTitle().startswith("Untitled.netloom")
    assert window.isWindowModified()
    window.actions_by_name["save"].trigger()
    assert not window.isWindowModified()
    saved = window.document.project
    window.actions_by_name["new"].trigger()
    assert window.document.project == Project()
    assert window.files.open(path)
    assert window.document.project == saved
    assert window.windowTitle().startswith("mine.netloom")
    assert window.settings.recent == [path]


def test_leaving_unsaved_work_asks_and_cancel_keeps_it(window: MainWindow, answers: Answers) -> None:
    edit(window)
    kept = window.document.project
    answers.will_press("Cancel")
    assert not window.files.new()
    assert window.document.project is kept
    assert "Save the changes to Untitled.netloom?" in answers.said[0]
    answers.will_press("Cancel")
    assert not window.close()
    assert window.isVisible()


def test_leaving_may_throw_the_work_away(window: MainWindow, answers: Answers) -> None:
    edit(window)
    answers.will_press("Don't save")
    assert window.files.new()
    assert window.document.project == Project()


def test_leaving_may_save_it(window: MainWindow, answers: Answers, tmp_path: Path, chosen_path: Choose) -> None:
    chosen_path(tmp_path / "kept.netloom")
    edit(window)
    kept = window.document.project
    answers.will_press("Save")
    assert window.files.new()
    assert load(tmp_path / "kept.netloom").project == kept


def test_saving_that_fails_while_leaving_keeps_the_work(
    window: MainWindow, answers: Answers, tmp_path: Path, chosen_path: Choose
) -> None:
    chosen_path(tmp_path / "nowhere" / "x.netloom")
    edit(window)
    kept = window.document.project
    answers.will_press("Save", "OK")
    assert not window.files.new()
    assert window.document.project is kept
    assert "The folder is not there." in answers.said[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "mine.netloom cannot be opened."),
        ('{"format": "netloom",', "line 1"),
        ('{"a": 1}', "not a Netloom project"),
    ],
)
def test_a_broken_file_says_what_and_where_and_leaves_the_window_as_it_was(
    window: MainWindow, answers: Answers, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "mine.netloom"
    path.write_text(text)
    before = window.document.project
    answers.will_press("OK")
    assert not window.files.open(path)
    assert said in answers.said[0]
    assert "Traceback" not in answers.said[0]
    assert window.document.project is before


def test_a_file_that_is_gone_leaves_the_recent_ones(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / "gone.netloom"
    window.settings.add_recent(path)
    answers.will_press("OK")
    assert not window.files.open(path)
    assert window.settings.recent == []


def test_what_was_not_understood_is_said(window: MainWindow, answers: Answers, tmp_path: Path) -> None:
    path = tmp_path / "old.netloom"
    path.write_text('{"format": "netloom", "version": 1, "layers": [], "wires": [{"from": "a", "to": "b"}]}')
    answers.will_press("OK")
    assert window.files.open(path)
    assert "The wire from 'a' to 'b' is left out" in answers.said[0]


def test_a_folder_that_is_read_only_is_said(
    window: MainWindow, answers: Answers, tmp_path: Path, chosen_path: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The administrator may write everywhere, so permissions would not do in every test.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    chosen_path(tmp_path / "x.netloom")
    edit(window)
    answers.will_press("OK")
    assert not window.files.save()
    assert "x.netloom cannot be saved." in answers.said[0]
    assert "Permission denied" in answers.said[0]
    assert "Choose a folder that you may write to." in answers.said[0]
    assert window.unsaved
    assert window.document.path is None


def test_a_project_dropped_on_the_window_opens(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "dropped.netloom"
    save(convolutional(), path)
    drop(window, path)
    assert set(window.document.project.network.layers) == {"digits", "conv", "flat", "classes"}


def test_a_model_of_keras_dropped_on_the_window_opens_as_a_project_of_its_own(
    window: MainWindow, tmp_path: Path
) -> None:
    export(convolutional(), tmp_path / "model.keras.json")
    drop(window, tmp_path / "model.keras.json")
    assert {"digits", "conv", "flat", "classes"} <= set(window.document.project.network.layers)
    assert window.document.path is None
    assert window.document.history.dirty


def test_a_table_dropped_on_the_window_becomes_its_data_and_can_be_undone(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b,kind\n" + "".join(f"{i},{i * 2},{'xy'[i % 2]}\n" for i in range(40)))
    drop(window, path)
    assert window.document.project.data.source == CsvFile(path=str(path))
    window.document.undo()
    assert window.document.project.data.source is None


def test_another_file_is_refused_with_the_kinds_that_are_taken(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"")
    drop(window, path)
    assert "song.mp3 is neither a project nor data" in window.status.currentMessage()


def test_a_project_saved_elsewhere_finds_its_data_and_its_runs_do_too(
    window: MainWindow, tmp_path: Path, chosen_path: Choose, qtbot: QtBot
) -> None:
    rows = [f"{i % 7},{i % 3},{'yes' if i % 3 else 'no'}" for i in range(60)]
    (tmp_path / "one").mkdir()
    (tmp_path / "two" / "deep").mkdir(parents=True)
    (tmp_path / "one" / "table.csv").write_text("a,b,answer\n" + "\n".join(rows))
    project, _ = templates.make("tabular", tmp_path / "one" / "table.csv")
    project = edits.set_training(edits.set_data(project, source=CsvFile(path="table.csv")), epochs=1)
    save(project, tmp_path / "one" / "mine.netloom")
    window.files.open(tmp_path / "one" / "mine.netloom")
    qtbot.waitUntil(lambda: window.data.state is SourceState.READY, timeout=10_000)
    window.document.edit("more", lambda p: edits.set_notes(p, "noted"))
    window.training.toggle()
    qtbot.waitUntil(lambda: not window.training.controller.state.busy, timeout=30_000)
    chosen_path(tmp_path / "two" / "deep" / "mine.netloom")
    window.actions_by_name["save_as"].trigger()
    assert not window.unsaved
    assert load(tmp_path / "two" / "deep" / "mine.netloom").project.data.source == CsvFile(path="../../one/table.csv")
    qtbot.waitUntil(lambda: window.data.state is SourceState.READY, timeout=10_000)
    window.actions_by_name["undo"].trigger()
    assert window.document.project.notes == project.notes
    qtbot.waitUntil(lambda: window.data.state is SourceState.READY, timeout=10_000)
    qtbot.waitUntil(lambda: len(list_runs(tmp_path / "two" / "deep" / "mine.runs").found) == 1, timeout=10_000)
    (copied,) = list_runs(tmp_path / "two" / "deep" / "mine.runs").found
    (kept,) = list_runs(tmp_path / "one" / "mine.runs").found
    assert kept.project.data.source == CsvFile(path="table.csv")
    window.training.controller.train(copied, 2)
    qtbot.waitUntil(lambda: not window.training.controller.state.busy, timeout=30_000)
    assert window.training.controller.failure == ""
    assert len(list_runs(tmp_path / "two" / "deep" / "mine.runs").found[0].epochs) == 2


class TestRecovery:
    """What a crash leaves is found, offered, and taken up."""

    def crash(self, window: MainWindow, process: int) -> Project:
        """Edit, keep, and leave the file as a process that is gone would."""
        edit(window)
        recovery = window.files.recovery
        recovery.keep()
        left = recovery.file.with_name(f"{process}-1.netloom")
        recovery.file.rename(left)
        recovery.file.with_suffix(".json").rename(left.with_suffix(".json"))
        lost = window.document.project
        window.document.open(Project(), None)
        return lost

    def gone(self) -> int:
        """The number of a process that does not run."""
        return next(n for n in range(4_000_000, 4_100_000) if not alive(n))

    def test_edits_are_kept_after_a_moment_and_forgotten_once_saved(
        self, window: MainWindow, tmp_path: Path, chosen_path: Choose, qtbot: object
    ) -> None:
        recovery: Recovery = window.files.recovery
        edit(window)
        recovery.keep()
        assert load(recovery.file).project == window.document.project
        chosen_path(tmp_path / "saved.netloom")
        window.files.save()
        assert not recovery.file.exists()

    def test_what_was_left_is_offered_and_restored_as_unsaved(self, window: MainWindow, answers: Answers) -> None:
        lost = self.crash(window, self.gone())
        answers.will_press("Restore")
        window.files.offer_recovery()
        assert window.document.project == lost
        assert window.unsaved
        assert "did not close properly" in answers.said[0]

    def test_runs_of_a_project_without_a_file_come_back_with_it(
        self, window: MainWindow, answers: Answers, tmp_path: Path, qtbot: QtBot
    ) -> None:
        window.files.new(edits.set_training(templates.make("spirals")[0], epochs=2))
        controller = window.training.controller
        qtbot.waitUntil(lambda: controller.can_toggle, timeout=10_000)
        controller.toggle()
        qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
        trained = window.document.project
        home, gone = tmp_path / "recovery", self.gone()
        (was,) = home.glob("*.runs")
        for file in list(home.iterdir()):
            file.rename(home / f"{gone}-{file.name.split('-')[1]}")
        (note,) = home.glob("*.json")
        note.write_text(note.read_text().replace(was.name, f"{gone}-{was.name.split('-')[1]}"))
        window.document.open(Project(), None)
        window.training.controller.folders.settle()
        answers.will_press("Restore")
        window.files.offer_recovery()
        assert "training runs of this project are kept" in answers.said[0]
        assert window.document.project == trained
        (run,) = list_runs(controller.runs_folder).found
        assert len(run.epochs) == 2
        qtbot.waitUntil(lambda: len(window.training.runs.model.rows) == 1, timeout=10_000)
        assert left_behind(home) == []
        assert [folder.name.split("-")[0] for folder in home.glob("*.runs")] == [str(os.getpid())]

    def test_it_may_be_discarded(self, window: MainWindow, answers: Answers, tmp_path: Path) -> None:
        self.crash(window, self.gone())
        answers.will_press("Discard them")
        window.files.offer_recovery()
        assert window.document.project == Project()
        assert left_behind(tmp_path / "recovery") == []

    def test_the_file_of_a_window_that_runs_is_left_alone(self, window: MainWindow, tmp_path: Path) -> None:
        edit(window)
        window.files.recovery.keep()
        assert left_behind(tmp_path / "recovery") == []
        assert window.files.recovery.file.exists()

    def test_a_folder_that_cannot_be_written_to_costs_only_the_recovery(
        self, window: MainWindow, tmp_path: Path
    ) -> None:
        (tmp_path / "recovery").write_text("a file where the folder should be")
        edit(window)
        window.files.recovery.keep()
        assert window.unsaved
