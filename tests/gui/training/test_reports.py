"""Reports from the window: of a run that is chosen, of the newest one, as a page and as PDF."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.report import report_of_run
from engine.report.charts import WIDTH
from engine.report.writers import write
from engine.runs import list_runs
from engine.session import Session
from graph import edits
from gui.main_window import MainWindow
from gui.report_pdf import PIXEL, TEXT_WIDTH
from tests.engine.training.projects import spirals
from tests.gui.conftest import Answers
from tests.helpers.pdf import pdf

ChosenPath = Callable[[Path | None], None]


@pytest.fixture
def trained(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window with a project that was trained twice."""
    window.files.new(spirals())
    window.document.path = tmp_path / "twins.netloom"
    for _ in range(2):
        list(Session.prepare(spirals(2)).run(tmp_path / "twins.runs"))
        time.sleep(0.01)
    window.training.runs.reload()
    qtbot.waitUntil(lambda: window.training.runs.model.rowCount() == 2, timeout=10_000)
    window.show_tab("runs")
    return window


def test_the_chosen_run_is_told(trained: MainWindow, qtbot: QtBot, tmp_path: Path, chosen_path: ChosenPath) -> None:
    runs = trained.training.runs
    assert not runs.report_button.isEnabled()
    runs.view.selectRow(1)
    chosen = runs.selected[0].run
    chosen_path(tmp_path / "page.html")
    QTest.mouseClick(runs.report_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: trained.status.currentMessage() == "Saved page.html", timeout=20_000)
    assert f"twins.runs/{chosen.id}" in (tmp_path / "page.html").read_text()


def test_the_menu_of_a_run_does_what_the_buttons_do(
    trained: MainWindow, qtbot: QtBot, tmp_path: Path, chosen_path: ChosenPath
) -> None:
    runs = trained.training.runs
    runs.view.selectRow(0)
    point = runs.view.visualRect(runs.model.index(0, 1)).center()
    where = runs.view.viewport().mapToGlobal(point)
    QApplication.sendEvent(runs.view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, where))
    (menu,) = [one for one in runs.findChildren(QMenu) if one.isVisible()]
    assert [(one.text(), one.isEnabled()) for one in menu.actions()] == [
        ("Open", True),
        ("Continue…", True),
        ("Report…", True),
        ("Delete…", True),
    ]
    chosen_path(tmp_path / "page.html")
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[2]).center())
    qtbot.waitUntil((tmp_path / "page.html").exists, timeout=20_000)
    assert runs.selected[0].run.id in (tmp_path / "page.html").read_text()


def test_the_action_tells_the_newest_run_with_what_is_not_saved(
    trained: MainWindow, qtbot: QtBot, tmp_path: Path, chosen_path: ChosenPath
) -> None:
    trained.document.edit("wider", lambda p: edits.set_parameters(p, "hidden", {"units": 9}))
    chosen_path(tmp_path / "page.pdf")
    trained.actions_by_name["report"].trigger()
    qtbot.waitUntil(lambda: trained.status.currentMessage() == "Saved page.pdf", timeout=20_000)
    found = pdf(tmp_path / "page.pdf")
    assert {(round(wide), round(high)) for wide, high in found.sizes} == {(595, 842)}
    assert found.images == 0
    assert found.texts > 60


def test_a_project_without_a_run_is_a_model_card(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, chosen_path: ChosenPath
) -> None:
    assert not window.actions_by_name["report"].isEnabled()
    window.files.new(spirals())
    assert window.actions_by_name["report"].isEnabled()
    chosen_path(tmp_path / "page.html")
    window.actions_by_name["report"].trigger()
    qtbot.waitUntil((tmp_path / "page.html").exists, timeout=20_000)
    assert "has not been trained" in (tmp_path / "page.html").read_text()


def test_no_file_chosen_is_nothing_done(window: MainWindow, chosen_path: ChosenPath) -> None:
    window.files.new(spirals())
    chosen_path(None)
    window.actions_by_name["report"].trigger()
    assert window.status.currentMessage() == ""


@pytest.mark.parametrize(("name", "said"), [("no/page.html", "cannot be written"), ("page.doc", "no kind of report")])
def test_what_cannot_be_written_is_said(
    trained: MainWindow, qtbot: QtBot, tmp_path: Path, chosen_path: ChosenPath, answers: Answers, name: str, said: str
) -> None:
    chosen_path(tmp_path / name)
    answers.will_press("OK")
    trained.actions_by_name["report"].trigger()
    qtbot.waitUntil(lambda: bool(answers.said), timeout=20_000)
    assert said in answers.said[0]
    assert not (tmp_path / name).exists()


def test_charts_stand_beside_each_other_on_paper_and_a_hostile_name_is_text(tmp_path: Path, qapp: QApplication) -> None:
    assert 2 * WIDTH * PIXEL < TEXT_WIDTH
    list(Session.prepare(spirals(2)).run(tmp_path / "runs"))
    (run,) = list_runs(tmp_path / "runs").found
    write(report_of_run(run, "</td><script>", tmp_path), tmp_path / "page.pdf")
    assert len(pdf(tmp_path / "page.pdf").sizes) <= 3
