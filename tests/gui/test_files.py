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

from graph import edits
from graph.datasets import CsvFile
from graph.layers import layers
from graph.project import Project
from graph.serialize import load, save
from gui.main_window import MainWindow
from gui.recovery import Recovery, left_behind, runs
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
        return next(n for n in range(4_000_000, 4_100_000) if not runs(n))

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
