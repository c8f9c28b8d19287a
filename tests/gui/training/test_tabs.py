"""Runs, confusion and predictions: what they show of runs, and what clicks and keys on them do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine.data import load
from engine.runs import list_runs
from graph import edits
from graph.datasets import CsvFile
from graph.optimizers import SGD
from graph.recipe import DataRecipe
from gui.checks import Checks
from gui.document import Document
from gui.plots.bars import Bars
from gui.plots.curve_plot import figure
from gui.plots.matrix import MatrixView, contrast, readable_on
from gui.theme import theme
from gui.training.confusion import ConfusionPanel
from gui.training.controller import State, TrainingController
from gui.training.predictions import PredictionsPanel
from gui.training.runs_panel import RunsPanel
from gui.training.sample_line import Line
from gui.training.sample_picture import Picture
from gui.training.sample_row import Row
from gui.training.samples_model import THUMBNAIL, SamplesModel
from tests.gui.conftest import Answers
from tests.gui.training.conftest import small

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def runs(qtbot: QtBot, document: Document, checks: Checks, controller: TrainingController) -> Iterator[RunsPanel]:
    made = RunsPanel(document, checks, controller)
    qtbot.addWidget(made)
    made.resize(1200, 300)
    made.show()
    yield made
    made.close_work()


@pytest.fixture
def confusion(qtbot: QtBot, document: Document, checks: Checks, controller: TrainingController) -> ConfusionPanel:
    made = ConfusionPanel(document, checks, controller)
    qtbot.addWidget(made)
    made.resize(1200, 400)
    made.show()
    return made


@pytest.fixture
def predictions(
    qtbot: QtBot, document: Document, checks: Checks, controller: TrainingController
) -> Iterator[PredictionsPanel]:
    made = PredictionsPanel(document, checks, controller)
    qtbot.addWidget(made)
    made.resize(1200, 400)
    made.show()
    yield made
    made.close_work()


def listed(qtbot: QtBot, runs: RunsPanel, count: int) -> None:
    qtbot.waitUntil(lambda: len(runs.model.rows) == count, timeout=10_000)


def shown(qtbot: QtBot, predictions: PredictionsPanel) -> Bars:
    """The bars, once a prediction has come."""
    qtbot.waitUntil(lambda: bool(predictions.answer.text()) and not predictions._background.busy, timeout=10_000)
    return next(iter(predictions.bars.values()))


# Runs


def test_runs_are_listed_compared_and_laid_over_the_curves(
    qtbot: QtBot, document: Document, runs: RunsPanel, train: Callable[[], None]
) -> None:
    counts: list[int] = []
    runs.counted.connect(counts.append)
    train()
    document.edit("other", lambda project: edits.set_training(project, optimizer=SGD(learning_rate=0.05)))
    train()
    listed(qtbot, runs, 2)
    assert counts[-1] == 2
    newest, oldest = (runs.model.texts(row) for row in runs.model.rows)
    assert "SGD" in newest[-1]
    assert "Adam" in oldest[-1]
    assert newest[2] == oldest[2] == "3"
    overlaid: list[object] = []
    runs.overlaid.connect(overlaid.append)
    first = runs.model.index(1, 0)
    place = runs.view.visualRect(first)
    QTest.mouseClick(runs.view.viewport(), LEFT, pos=QPoint(place.left() + 14, place.center().y()))
    assert len(overlaid) == 1
    (curves,) = overlaid[0]  # type: ignore[misc]
    assert curves.by_epoch["loss"].y.tolist() == [e.logs["loss"] for e in runs.model.rows[1].epochs]


def test_two_runs_stand_side_by_side_with_what_differs(
    qtbot: QtBot, document: Document, runs: RunsPanel, train: Callable[[], None]
) -> None:
    train()
    document.edit("other", lambda project: edits.set_training(project, optimizer=SGD(learning_rate=0.05), epochs=4))
    document.edit("wider", lambda project: edits.set_parameters(project, "dense", {"units": 16}))
    document.edit("split", lambda project: edits.set_data(project, test=0.3))
    train()
    listed(qtbot, runs, 2)
    assert not runs.comparison.isVisible()
    runs.view.selectAll()
    table = runs.comparison
    assert table.isVisible()
    texts = [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount())]
    lines = {name: tuple(values) for name, *values in texts}
    first, second = (list(row.epochs) for row in reversed(runs.model.rows))
    assert lines["Epochs"] == ("3", "4")
    assert lines["Best loss"] == tuple(figure(min(e.logs["val_loss"] for e in epochs)) for epochs in (first, second))
    assert lines["dense.units"] == ("64", "16")
    assert lines["data: test"] == ("0.15", "0.3")
    assert lines["epochs"] == ("3", "4")
    assert ("Adam", "SGD") in lines.values()
    assert "seed" not in lines
    assert "dense_1.units" not in lines
    runs.view.selectRow(0)
    assert not table.isVisible()


def test_thumbnails_have_the_pixels_of_the_screen(qtbot: QtBot) -> None:
    samples = load(small("digits").data)
    shown = SamplesModel()
    shown.show_rows(samples, [0])
    for ratio in (1.0, 2.0, 1.5):
        shown.device_pixel_ratio = ratio
        picture = shown.index(0).data(Qt.ItemDataRole.DecorationRole).pixmap(QSize(THUMBNAIL, THUMBNAIL), ratio)
        assert picture.width() == round(THUMBNAIL * ratio)
        assert picture.devicePixelRatio() == ratio


def test_a_run_is_opened_with_its_curves_weights_and_confusion(
    qtbot: QtBot, runs: RunsPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    assert controller.tested is not None
    expected = next(iter(controller.tested.outcomes.values())).chosen
    assert controller.ready is not None
    weights = controller.ready.session.plan.parameters.values.copy()
    train()
    listed(qtbot, runs, 2)
    runs.view.setFocus()
    runs.view.selectRow(1)
    QTest.mouseClick(runs.open_button, LEFT)
    assert controller.state is State.PREPARING
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)
    assert controller.failure == ""
    assert controller.tested is not None
    assert next(iter(controller.tested.outcomes.values())).chosen.tolist() == expected.tolist()
    assert controller.ready is not None
    assert np.array_equal(controller.ready.session.plan.parameters.values, weights)
    assert controller.curves is not None
    assert len(controller.curves.by_epoch["loss"]) == 3


def test_runs_are_deleted(
    qtbot: QtBot, runs: RunsPanel, controller: TrainingController, train: Callable[[], None], answers: Answers
) -> None:
    train()
    listed(qtbot, runs, 1)
    assert not runs.delete_button.isEnabled()
    runs.view.selectRow(0)
    assert runs.delete_button.isEnabled()
    answers.will_press("Cancel", "Delete")
    runs.delete_button.click()
    assert len(list_runs(controller.runs_folder).found) == 1
    runs.delete_button.click()
    assert "with its weights?" in answers.said[1]
    listed(qtbot, runs, 0)
    assert list_runs(controller.runs_folder).found == ()


def test_a_damaged_run_is_said_and_hides_no_other(
    qtbot: QtBot, runs: RunsPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    broken = controller.runs_folder / "20200101-000000-000000"
    broken.mkdir()
    (broken / "run.json").write_text("{")
    runs.reload()
    qtbot.waitUntil(lambda: bool(runs.message.text()), timeout=10_000)
    listed(qtbot, runs, 1)


# Confusion


def test_the_matrix_counts_the_test_samples_and_a_cell_shows_its_own(
    qtbot: QtBot, confusion: ConfusionPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    matrix = confusion.matrix
    assert matrix.names == ("setosa", "versicolor", "virginica")
    assert controller.tested is not None
    session = controller.tested.session
    true = session.samples.targets["species"][session.prepared.test.rows]
    assert matrix.counts.sum(1).tolist() == np.bincount(true).tolist()
    cell = np.unravel_index(int(matrix.counts.argmax()), matrix.counts.shape)
    centre = matrix.rect_of(int(cell[0]), int(cell[1])).center().toPoint()
    qtbot.mouseClick(matrix, LEFT, pos=centre)
    assert confusion.list.rows_model.rowCount() == matrix.counts[cell]
    rows = np.array(confusion.list.rows_model.rows)
    assert set(session.samples.targets["species"][rows].tolist()) == {int(cell[0])}
    chosen: list[int] = []
    confusion.sample_chosen.connect(chosen.append)
    index = confusion.list.rows_model.index(0)
    qtbot.mouseClick(confusion.list.viewport(), LEFT, pos=confusion.list.visualRect(index).center())
    assert chosen == [int(rows[0])]


def test_the_matrix_fills_its_room_and_keeps_its_cells_readable(qtbot: QtBot) -> None:
    view = MatrixView()
    qtbot.addWidget(view)
    view.resize(700, 220)
    view.show_counts(np.eye(10, dtype=int) * 27, [str(n) for n in range(10)])
    first, last = view.rect_of(0, 0), view.rect_of(9, 9)
    assert 200 < last.bottom() <= 220
    assert 650 < last.right() <= 700
    digits = view.fontMetrics().boundingRect("27")
    assert first.width() > digits.width()
    assert view.cell_at(last.center().toPoint()) == (9, 9)
    view.resize(60, 60)
    assert view.rect_of(0, 0).height() == view.rect_of(0, 0).width() == 14


def test_arrow_keys_go_through_the_matrix(qtbot: QtBot) -> None:
    view = MatrixView()
    qtbot.addWidget(view)
    view.show_counts(np.array([[5, 1], [2, 7]]), ("a", "b"))
    heard: list[tuple[int, int]] = []
    view.chosen.connect(lambda true, predicted: heard.append((true, predicted)))
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(view, key)
    assert heard == [(0, 0), (1, 0), (1, 1), (1, 1)]
    assert view.said(1, 0) == "2 of 9 samples of b were taken for a"


@pytest.mark.parametrize("dark", [False, True])
def test_figures_in_the_matrix_can_be_read(dark: bool) -> None:
    colors = theme(dark)
    for token in ("accent", "error", "field"):
        back = colors.color(token)
        assert contrast(readable_on(back), back) >= 4.5


def test_numbers_are_shown_predicted_against_true(
    qtbot: QtBot,
    document: Document,
    confusion: ConfusionPanel,
    controller: TrainingController,
    train: Callable[[], None],
) -> None:
    document.open(small("regression"), document.path)
    train()
    assert controller.tested is not None
    session = controller.tested.session
    x, y = confusion.scatter.points.getData()
    true = next(iter(session.samples.targets.values()))[session.prepared.test.rows].ravel()
    assert x == pytest.approx(true, rel=1e-5)
    assert len(y) == len(x)
    confusion.scatter.chosen.emit(3)
    assert confusion.list.rows_model.rowCount() == 1


# Predictions


def test_the_tab_of_numbers_is_not_called_a_confusion(
    qtbot: QtBot, document: Document, confusion: ConfusionPanel, train: Callable[[], None]
) -> None:
    assert confusion.title == "Confusion"
    with qtbot.waitSignal(confusion.titled, check_params_cb="Predicted against true".__eq__):
        document.open(small("regression"), document.path)
    train()
    qtbot.waitUntil(confusion.scatter.isVisible, timeout=10_000)
    assert confusion.title == "Predicted against true"


def test_a_sample_is_chosen_and_what_the_network_says_adds_up(
    qtbot: QtBot, predictions: PredictionsPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    bars = shown(qtbot, predictions)
    assert [bar.name for bar in bars.bars] == ["setosa", "versicolor", "virginica"]
    assert sum(bar.pieces[0][0] for bar in bars.bars) == pytest.approx(1.0, abs=1e-5)
    assert controller.tested is not None
    outcome = next(iter(controller.tested.outcomes.values()))
    predictions.list.setFocus()
    for place in range(1, 4):
        QTest.keyClick(predictions.list, Qt.Key.Key_Down)
        bars = shown(qtbot, predictions)
        strong = next(bar.name for bar in bars.bars if bar.strong)
        marked = next(bar.name for bar in bars.bars if bar.mark)
        assert strong == outcome.classes[outcome.chosen[place]]
        assert marked == outcome.classes[outcome.true[place]]


def test_a_typed_row_is_predicted(qtbot: QtBot, predictions: PredictionsPanel, train: Callable[[], None]) -> None:
    train()
    before = [bar.pieces for bar in shown(qtbot, predictions).bars]
    (editor,) = predictions._editors.values()
    assert isinstance(editor, Row)
    line = next(iter(editor.form.editors.values())).findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "9")
    qtbot.waitUntil(lambda: [b.pieces for b in next(iter(predictions.bars.values())).bars] != before, timeout=10_000)
    assert not any(bar.mark for bar in next(iter(predictions.bars.values())).bars)


def test_predictions_follow_a_run_under_way(
    qtbot: QtBot, document: Document, predictions: PredictionsPanel, controller: TrainingController
) -> None:
    document.edit("more", lambda project: edits.set_training(project, epochs=100_000, early_stopping=None))
    controller.toggle()
    qtbot.waitUntil(lambda: bool(predictions.answer.text()), timeout=30_000)
    said = predictions.answer.text()
    qtbot.waitUntil(lambda: predictions.answer.text() != said, timeout=30_000)
    assert controller.state is State.TRAINING
    controller.stop()
    qtbot.waitUntil(lambda: not controller.state.busy, timeout=30_000)


def test_a_picture_is_painted_with_mouse_and_keys(qtbot: QtBot) -> None:
    picture = Picture()
    qtbot.addWidget(picture)
    picture.resize(160, 160)
    picture.show_sample(np.zeros((8, 8, 1)))
    heard: list[np.ndarray] = []
    picture.edited.connect(heard.append)
    qtbot.mouseClick(picture, LEFT, pos=QPoint(50, 70))
    assert heard[-1][3, 2, 0] == 1.0
    assert heard[-1].sum() == 1.0
    qtbot.mouseClick(picture, RIGHT, pos=QPoint(50, 70))
    assert heard[-1].sum() == 0.0
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
        QTest.keyClick(picture, key)
    assert heard[-1][1, 1, 0] == 1.0


def test_words_become_numbers_and_unknown_ones_are_named(qtbot: QtBot) -> None:
    line = Line((4,), ("", "good", "bad", "film"))
    qtbot.addWidget(line)
    heard: list[np.ndarray] = []
    line.edited.connect(heard.append)
    line.show_sample(np.array([1, 3, 0, 0]))
    field = line.form.editors["text"].findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.text() == "good film"
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "bad movie")
    assert heard[-1].tolist() == [2, 0, 0, 0]
    assert line.note.text() == "Not known to the network: movie"


def test_too_few_numbers_are_said(qtbot: QtBot) -> None:
    line = Line((2,), ())
    qtbot.addWidget(line)
    heard: list[np.ndarray] = []
    line.edited.connect(heard.append)
    line.show_sample(np.array([0.5, -1.0]))
    field = line.form.editors["values"].findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    assert field.text() == "0.5, -1"
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.25")
    assert heard == []
    assert line.note.text() == "2 numbers are needed; there are 1."
    QTest.keyClicks(field, ", 3")
    assert heard[-1].tolist() == [0.25, 3.0]


@pytest.mark.parametrize("name", ["digits", "spirals", "sentiment"])
def test_every_kind_of_sample_can_be_looked_at(
    qtbot: QtBot,
    tmp_path: Path,
    document: Document,
    predictions: PredictionsPanel,
    confusion: ConfusionPanel,
    train: Callable[[], None],
    name: str,
) -> None:
    document.open(small(name, epochs=1), document.path)
    train()
    bars = shown(qtbot, predictions)
    assert sum(bar.pieces[0][0] for bar in bars.bars) == pytest.approx(1.0, abs=1e-5)
    assert confusion.matrix.counts.sum() > 0
    assert predictions.grab().save(str(tmp_path / "predictions.png"))
    assert confusion.grab().save(str(tmp_path / "confusion.png"))


def test_a_table_says_the_names_of_its_categories(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "size,colour,kind\n" + "".join(f"{i % 7},{('red', 'green')[i % 3 == 0]},{'ab'[i % 2]}\n" for i in range(30))
    )
    samples = load(DataRecipe(source=CsvFile(path=str(path))))
    model = SamplesModel()
    model.show_rows(samples, [3, 4])
    assert [model.index(place).data() for place in range(2)] == ["b ← 3, green", "a ← 4, red"]
