"""The Training tab: its form edits the document, and follows it; its curves and figures follow the run."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from engine.events import BatchEnded, Notice, Started
from engine.figures import figure
from engine.runs import list_runs
from graph import edits
from graph.datasets import CsvFile
from graph.losses import Huber, MeanAbsoluteError
from graph.message import Message
from graph.metrics import metrics
from graph.optimizers import RMSprop
from graph.problem import FileProblem
from gui.checks import Checks
from gui.data.source import DataSource, SourceState
from gui.document import Document
from gui.inspector.editors import Editor
from gui.plots.curve_plot import CurvePlot
from gui.plots.export import legend, png
from gui.theme import theme_switch
from gui.training.controller import State, TrainingController
from gui.training.curves import curves_of
from gui.training.panel import TrainingPanel


@pytest.fixture
def panel(qtbot: QtBot, document: Document, checks: Checks, controller: TrainingController) -> TrainingPanel:
    made = TrainingPanel(document, checks, controller)
    qtbot.addWidget(made)
    made.resize(1500, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def line_of(editor: Editor) -> QLineEdit:
    found = editor.findChild(QLineEdit)
    assert isinstance(found, QLineEdit)
    return found


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    """Choose an entry with the keyboard."""
    box.setFocus()
    index = box.findText(text)
    while box.currentIndex() != index:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < index else Qt.Key.Key_Up)
    box.activated.emit(index)


def test_the_form_edits_the_recipe_as_one_step_each_and_follows_undo(
    qtbot: QtBot, document: Document, panel: TrainingPanel
) -> None:
    before = document.project
    line = line_of(panel.form.length.editors["epochs"])
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "77")
    assert document.project.training.epochs == 77
    document.undo()
    assert document.project is before
    panel.form.setFocus()
    assert line.text() == "3"


def test_a_wrong_number_is_said_and_changes_nothing(document: Document, panel: TrainingPanel) -> None:
    before = document.project
    line = line_of(panel.form.length.editors["batch_size"])
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "0")
    assert document.project is before
    assert line.property("invalid")


def test_a_loss_with_parameters_shows_them(qtbot: QtBot, document: Document, panel: TrainingPanel) -> None:
    choose(qtbot, panel.form.loss, "huber")
    assert panel.form.loss_form is not None
    line = line_of(panel.form.loss_form.editors["delta"])
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "2.5")
    assert document.project.training.loss == Huber(delta=2.5)
    choose(qtbot, panel.form.loss, "mean_squared_error")
    assert panel.form.loss_form is None


def test_another_optimizer_brings_its_own_parameters(qtbot: QtBot, document: Document, panel: TrainingPanel) -> None:
    choose(qtbot, panel.form.optimizer, "RMSprop")
    assert document.project.training.optimizer == RMSprop()
    shown = [*panel.form.optimizer_form.editors, *panel.form.optimizer_more.editors]
    assert sorted(shown) == sorted(RMSprop.parameters)
    assert "clipnorm" in panel.form.optimizer_more.editors
    assert "learning_rate" in panel.form.optimizer_form.editors
    line = line_of(panel.form.optimizer_form.editors["rho"])
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "0.5")
    assert document.project.training.optimizer == RMSprop(rho=0.5)


def test_loss_metrics_split_and_early_stopping_reach_the_document(
    qtbot: QtBot, document: Document, panel: TrainingPanel
) -> None:
    choose(qtbot, panel.form.loss, "mean_absolute_error")
    assert document.project.training.loss == MeanAbsoluteError()
    panel.form.metrics.boxes["mean_absolute_error"].click()
    assert document.project.training.metrics == ("accuracy", "mean_absolute_error")
    line = line_of(panel.form.split.editors["test"])
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "0.3")
    assert document.project.data.test == 0.3
    was = document.project.training.early_stopping is not None
    panel.form.stops.click()
    assert (document.project.training.early_stopping is not None) is not was
    if was:
        panel.form.stops.click()
    form = panel.form.stopping_form
    assert form is not None
    line = line_of(form.editors["patience"])
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "4")
    stopping = document.project.training.early_stopping
    assert stopping is not None
    assert stopping.patience == 4


def test_many_metrics_leave_the_optimizer_in_sight(qtbot: QtBot, document: Document, panel: TrainingPanel) -> None:
    panel.resize(1280, 720)
    chosen = tuple(metric.key for metric in metrics if not metric.common)
    document.edit("many", lambda project: edits.set_training(project, metrics=chosen))
    qtbot.waitUntil(lambda: all(panel.form.metrics.boxes[name].isChecked() for name in chosen))
    assert not panel.form.optimizer.visibleRegion().isEmpty()
    assert not panel.form.length.editors["epochs"].visibleRegion().isEmpty()


def test_a_ticked_metric_stands_above_the_fold_once_it_closes(qtbot: QtBot, panel: TrainingPanel) -> None:
    form = panel.form.metrics
    rare = next(metric.key for metric in metrics if not metric.common)
    assert not form.boxes[rare].isVisible()
    qtbot.mouseClick(form.more.head, Qt.MouseButton.LeftButton)
    before = form.boxes[rare].parentWidget()
    form.boxes[rare].click()
    assert form.boxes[rare].parentWidget() is before
    qtbot.mouseClick(form.more.head, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(form.boxes[rare].isVisible)


def test_a_metric_with_parameters_keeps_them(document: Document, panel: TrainingPanel) -> None:
    document.edit("ranked", lambda project: edits.set_training(project, metrics=("accuracy", "ndcg(k=5)")))
    box = panel.form.metrics.boxes["ndcg"]
    assert (box.isChecked(), box.text()) == (True, "ndcg(k=5)")
    panel.form.metrics.boxes["accuracy"].click()
    assert document.project.training.metrics == ("ndcg(k=5)",)
    box.click()
    assert document.project.training.metrics == ()


def test_a_long_note_leaves_the_view_bar_where_it_is(
    qtbot: QtBot, panel: TrainingPanel, controller: TrainingController
) -> None:
    panel.resize(1280, 260)
    qtbot.waitUntil(lambda: panel.width() == 1280)
    before = panel.view_bar.mapTo(panel, QPoint(0, 0))
    controller.notices.append(Notice(Message("word " * 80), Message("word " * 80)))
    controller.changed.emit()
    qtbot.waitUntil(panel.readout.notice.isVisible)
    assert panel.view_bar.mapTo(panel, QPoint(0, 0)) == before
    shown = panel.view_bar.visibleRegion().boundingRect()
    assert shown == panel.view_bar.rect()
    assert panel.rect().contains(panel.view_bar.geometry())


def test_the_form_folds_away_for_a_run_and_can_be_brought_back(
    qtbot: QtBot, panel: TrainingPanel, controller: TrainingController
) -> None:
    assert panel.form.isVisible()
    controller.toggle()
    assert not panel.form.isVisible()
    panel.fold.click()
    assert panel.form.isVisible()
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)


def test_curves_and_figures_show_the_run(
    panel: TrainingPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    assert list(panel.plots.plots) == ["loss", "accuracy"]
    assert panel.readout.figure.text() == "–"
    train()
    plot = panel.plots.plots["loss"]
    training, validation = plot.lines
    assert controller.curves is not None
    x, y = training.item.getData()
    assert x.tolist() == [1, 2, 3]
    assert y.tolist() == controller.curves.by_epoch["loss"].y.tolist()
    assert validation.item.getData()[1].tolist() == controller.curves.by_epoch["val_loss"].y.tolist()
    assert panel.readout.figure.text() == figure(controller.curves.logs["val_accuracy"])
    assert "3 of 3 epochs" in panel.readout.status.text()
    assert "On the test samples" in panel.readout.note.text()
    assert panel.readout.bar.value() == panel.readout.bar.maximum()


def test_the_wait_before_the_first_step_is_told(
    panel: TrainingPanel, controller: TrainingController, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controller, "state", State.TRAINING)
    controller.progress.feed([Started(3, 1, 4, 16, 0, ("loss",))])
    controller.changed.emit()
    assert panel.readout.status.text() == "Epoch 1 of 3 · getting ready, which can take a minute the first time"
    controller.progress.feed([BatchEnded(1, 1, 4, {"loss": 1.0})])
    controller.changed.emit()
    assert panel.readout.status.text().startswith("Epoch 1 of 3")
    assert "getting ready" not in panel.readout.status.text()


def test_data_that_cannot_be_read_are_told_of_until_they_are_given_up(
    qtbot: QtBot, document: Document, checks: Checks, panel: TrainingPanel, tmp_path: Path
) -> None:
    source = DataSource(document, checks)
    panel.readout.follow(source)
    path = tmp_path / "none.csv"
    path.write_text("")
    document.edit("Use it", lambda project: edits.set_data(project, source=CsvFile(path=str(path)), columns=()))
    qtbot.waitUntil(lambda: source.state is SourceState.FAILED, timeout=10_000)
    assert source.problem is not None
    assert panel.readout.note.isVisible()
    assert panel.readout.note.text() == f"none.csv: {source.problem.text} {source.problem.hint}"
    assert panel.readout.link.text() in ("Choose data", "Show the problems")
    document.undo()
    qtbot.waitUntil(lambda: source.state is SourceState.READY, timeout=10_000)
    assert not panel.readout.note.isVisible()
    assert panel.readout.link.isHidden()
    source.close()


def test_by_batch_there_is_a_point_for_every_step(panel: TrainingPanel, train: Callable[[], None]) -> None:
    train()
    QTest.mouseClick(panel.view_bar.batches, Qt.MouseButton.LeftButton)
    training = panel.plots.plots["loss"].lines[0]
    steps = -(-105 // 32)
    assert len(training.line.series) == 3 * steps
    assert training.line.series.x[-1] == 3.0


def test_runs_behind_the_curves_are_named_in_a_legend(
    qtbot: QtBot, panel: TrainingPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    for _ in range(2):
        train()
    behind = list_runs(controller.runs_folder).found[:1] * 6
    assert not panel.legend.isVisible()
    panel.set_overlaid([curves_of(run, f"run {place}") for place, run in enumerate(behind)])
    assert panel.legend.isVisible()
    names = [entry.name for entry in panel.legend.entries]
    behind_names = [f"run {place}" for place in range(6)]
    assert names == ["this run, training", "validation", *behind_names, "dashed: validation"]
    strokes = [stroke for entry in panel.legend.entries for stroke in entry.lines]
    assert len(set(strokes)) == len(strokes) == 2 + 2 * 6
    drawn = panel.plots.plots["loss"].lines
    assert len(drawn) == 2 + 2 * 6
    for item in drawn:
        assert item.line.dashed == (bool(item.line.run) and item.line.name == "validation")
    written = legend(list(panel.plots.plots.items()))
    assert [line.run for line in written[:3]] == ["", "", "run 0"]
    narrow, room = panel.plots.plots["loss"], 28
    narrow.resize(300, 200)
    plain, named = QImage.fromData(png(narrow)), QImage.fromData(png(narrow, written))
    assert plain.size().toTuple() == (600, 400)
    assert named.width() == 600
    assert (named.height() - 400) // 2 >= 5 * room
    wide = panel.legend.height()
    panel.legend.resize(300, wide)
    assert panel.legend.height() > wide
    panel.set_overlaid([])
    assert not panel.legend.isVisible()


def test_the_first_epoch_is_seen_before_there_is_a_second(
    document: Document, panel: TrainingPanel, train: Callable[[], None]
) -> None:
    document.edit("once", lambda project: edits.set_training(project, epochs=1))
    train()
    plot = panel.plots.plots["loss"]
    image = plot.grab().toImage()
    for place in (0, 1):
        color = plot.lines[place].line.pen_color()
        columns = [
            x for x in range(image.width()) if any(image.pixelColor(x, y) == color for y in range(image.height()))
        ]
        assert 1 <= len(columns) <= 8


def test_log_and_smoothing_change_what_is_drawn(panel: TrainingPanel, train: Callable[[], None]) -> None:
    train()
    plot = panel.plots.plots["loss"]
    plain = plot.lines[0].item.getData()[1].copy()
    QTest.mouseClick(panel.view_bar.log, Qt.MouseButton.LeftButton)
    assert 10 ** plot.lines[0].item.getData()[1] == pytest.approx(plain)
    QTest.mouseClick(panel.view_bar.log, Qt.MouseButton.LeftButton)
    panel.view_bar.smoothing.setFocus()
    for _ in range(10):
        QTest.keyClick(panel.view_bar.smoothing, Qt.Key.Key_Right)
    smooth = plot.lines[0].item.getData()[1]
    assert smooth[1] == pytest.approx((plain[0] + plain[1]) / 2)


def test_the_cursor_reads_the_curves_off(
    panel: TrainingPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    plot: CurvePlot = panel.plots.plots["accuracy"]
    viewport = plot.surface.viewport()
    place = plot.surface.mapFromScene(plot.plot.vb.mapViewToScene(QPointF(2.1, plot.plot.vb.viewRect().center().y())))
    QTest.mouseMove(viewport, place)
    where = QPointF(viewport.mapToGlobal(place))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        viewport, QMouseEvent(QEvent.Type.MouseMove, QPointF(place), where, none, none, Qt.KeyboardModifier.NoModifier)
    )
    assert controller.curves is not None
    assert "epoch 2" in plot.readout.text()
    assert figure(controller.curves.by_epoch["val_accuracy"].y[1]) in plot.readout.text()


@pytest.mark.parametrize("ending", [".png", ".svg", ".csv"])
def test_curves_are_saved(panel: TrainingPanel, train: Callable[[], None], tmp_path: Path, ending: str) -> None:
    train()
    path = tmp_path / f"curves{ending}"
    panel.view_bar.save(path)
    content = path.read_bytes()
    if ending == ".csv":
        rows = list(csv.DictReader(content.decode().splitlines()))
        assert len(rows) == 12
        assert {row["part"] for row in rows} == {"training", "validation"}
    else:
        assert content.startswith(b"\x89PNG" if ending == ".png" else b"<?xml")
        assert len(content) > 5000
    if ending == ".svg":
        said = "".join(ElementTree.fromstring(content).itertext())
        assert "training" in said
        assert "validation" in said


def test_curves_that_cannot_be_saved_say_why(panel: TrainingPanel, train: Callable[[], None], tmp_path: Path) -> None:
    train()
    with pytest.raises(FileProblem):
        panel.plots.write(tmp_path / "no" / "folder.csv")
    panel.view_bar.save(tmp_path / "no" / "folder.csv")
    assert "cannot be written" in panel.view_bar.said.text()


def test_a_run_that_cannot_be_kept_is_said_beside_its_figures(
    panel: TrainingPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    notice = panel.readout.notice
    assert not notice.isVisible()
    controller.runs_folder.write_text("a file where the folder should be")
    train()
    assert notice.isVisible()
    assert "iris.runs cannot be written" in notice.text.text()
    assert "3 of 3 epochs" in panel.readout.status.text()
    controller.runs_folder.unlink()
    train()
    assert not notice.isVisible()


def test_errors_are_pointed_at_before_training(qtbot: QtBot, document: Document, panel: TrainingPanel) -> None:
    document.edit("no data", lambda project: edits.set_data(project, source=None))
    assert panel.readout.status.text() == "Choose data to train on."
    with qtbot.waitSignal(panel.data_wanted):
        panel.readout.link.click()


def test_several_outputs_have_forms_of_their_own(qtbot: QtBot, document: Document, panel: TrainingPanel) -> None:
    names = tuple(document.project.network.layers)
    last = document.project.network.wiring.into[names[-1]][0]
    wire = replace(last, target="other")
    layer = document.project.network.layers[names[-1]]
    document.edit("branch", lambda project: edits.add_layers(project, {"other": layer}, {}, wires=[wire]))
    assert set(panel.form.outputs.forms) == {names[-1], "other"}
    form = panel.form.outputs.forms["other"]
    choose(qtbot, form.loss, "mean_absolute_error")
    assert document.project.training.loss_of("other") == MeanAbsoluteError()
    choose(qtbot, form.loss, "as above")
    assert not document.project.training.outputs


def test_both_themes_colour_the_curves(panel: TrainingPanel, train: Callable[[], None]) -> None:
    train()
    theme_switch().set_mode("dark")
    dark = panel.plots.plots["loss"].lines[0].item.opts["pen"].color().name()
    theme_switch().set_mode("light")
    light = panel.plots.plots["loss"].lines[0].item.opts["pen"].color().name()
    assert (dark, light) == ("#6c9bff", "#2558d8")


@pytest.fixture(autouse=True)
def theme_as_it_was(qapp: QApplication) -> Iterator[None]:
    mode = theme_switch().mode
    yield
    theme_switch().set_mode(mode)


def test_a_click_beside_the_plot_is_harmless(qtbot: QtBot, panel: TrainingPanel) -> None:
    qtbot.mouseDClick(panel.plots.plots["loss"].surface.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert panel.plots.plots["loss"].lines == []


def test_a_plot_stays_while_others_come_and_go(panel: TrainingPanel, document: Document) -> None:
    loss = panel.plots.plots["loss"]
    document.edit("metrics", lambda project: edits.set_training(project, metrics=("mean_absolute_error",)))
    assert list(panel.plots.plots) == ["loss", "mean_absolute_error"]
    assert panel.plots.plots["loss"] is loss
    shown = [panel.plots._row.itemAt(i).widget() for i in range(panel.plots._row.count())]
    assert shown == list(panel.plots.plots.values())
