"""The data panel: choosing sets, columns and the split, by mouse and keyboard."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from engine import templates
from graph.datasets import Iris, Spirals
from gui.checks import Checks
from gui.data.columns_model import Field
from gui.data.dialog import DataDialog
from gui.data.panel import DataPanel, open_data_file
from gui.data.source import DataSource, SourceState
from gui.document import Document

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document(tmp_path: Path, qtbot: QtBot) -> Document:
    return Document(path=tmp_path / "own.netloom")


@pytest.fixture
def checks(document: Document) -> Checks:
    return Checks(document)


@pytest.fixture
def source(document: Document, checks: Checks) -> Iterator[DataSource]:
    made = DataSource(document, checks)
    yield made
    made.close()


@pytest.fixture
def panel(qtbot: QtBot, document: Document, checks: Checks, source: DataSource) -> Iterator[DataPanel]:
    dialog = DataDialog(document, checks, source)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    yield dialog.panel
    dialog.close_work()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """40 rows of two numbers, a colour and a class."""
    path = tmp_path / "own.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["size", "weight", "colour", "species"])
        for place in range(40):
            writer.writerow(
                [place * 0.5, "" if place == 3 else place % 7, "red" if place % 3 else "blue", "ab"[place % 2]]
            )
    return path


def click(qtbot: QtBot, panel: DataPanel, title: str) -> None:
    (item,) = panel.list.findItems(title, Qt.MatchFlag.MatchExactly)
    panel.list.scrollToItem(item)
    qtbot.mouseClick(panel.list.viewport(), LEFT, pos=panel.list.visualItemRect(item).center())


def ready(qtbot: QtBot, source: DataSource, panel: DataPanel) -> None:
    qtbot.waitUntil(lambda: source.state in (SourceState.READY, SourceState.FAILED), timeout=20_000)
    qtbot.waitUntil(lambda: not panel.split._background.busy and not panel.table._background.busy, timeout=20_000)


def test_a_set_is_chosen_with_the_mouse_and_undone(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel
) -> None:
    click(qtbot, panel, "Iris flowers")
    assert document.project.data.source == Iris()
    assert document.history.undo_text == "Use Iris flowers"
    ready(qtbot, source, panel)
    assert "150 samples" in panel.summary.text.text()
    bars = panel.split.bars.bars
    assert [(bar.name, bar.text) for bar in bars] == [("setosa", "50"), ("versicolor", "50"), ("virginica", "50")]
    assert sum(length for length, _ in bars[0].pieces) == 50
    document.undo()
    assert document.project.data.source is None


def test_a_generated_set_has_a_form_of_its_parameters(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel
) -> None:
    click(qtbot, panel, "Two spirals")
    assert panel.form is not None
    assert set(panel.form.editors) == set(Spirals.parameters)
    line = panel.form.editors["samples"].findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "240")
    assert document.project.data.source == Spirals(samples=240)
    ready(qtbot, source, panel)
    qtbot.waitUntil(lambda: source.samples is not None and len(source.samples) == 240, timeout=10_000)


def test_the_split_is_edited_and_counted(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel
) -> None:
    click(qtbot, panel, "Iris flowers")
    ready(qtbot, source, panel)
    line = panel.split.form.editors["test"].findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "0.5")
    assert document.project.data.test == 0.5
    ready(qtbot, source, panel)
    qtbot.waitUntil(lambda: "test&nbsp;75" in panel.split.sizes.text(), timeout=10_000)
    line.selectAll()
    QTest.keyClicks(line, "0.95")
    qtbot.waitUntil(lambda: "leave nothing to train on" in panel.split.error.text(), timeout=10_000)


def test_a_table_is_previewed_with_its_columns_as_detected(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel, table: Path
) -> None:
    open_data_file(document, table)
    ready(qtbot, source, panel)
    model = panel.table.model
    texts = [[model.index(row, field).data() for field in (Field.NAME, Field.ROLE, Field.KIND)] for row in range(4)]
    assert texts == [
        ["size", "feature", "number"],
        ["weight", "feature", "number"],
        ["colour", "feature", "category"],
        ["species", "target", "category"],
    ]
    assert model.index(1, Field.MISSING).data() == "fill with the mean"
    assert panel.table.rows_view.rowCount() == 40
    assert panel.table.rows_view.item(1, 2).text() == "red"
    assert "species" in panel.table.notes.text()


def test_a_columns_role_is_chosen_with_the_keyboard(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel, table: Path
) -> None:
    open_data_file(document, table)
    ready(qtbot, source, panel)
    view = panel.table.columns_view
    view.setFocus()
    view.setCurrentIndex(panel.table.model.index(0, Field.ROLE))
    qtbot.waitUntil(lambda: view.findChild(QComboBox) is not None, timeout=5000)
    box = view.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    assert {box.itemText(place) for place in range(box.count())} == {
        "feature",
        "target",
        "one more target",
        "weight of the sample",
        "ignore",
    }
    box.setFocus()
    QTest.keyClicks(box, "i")
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(document.project.data.columns), timeout=5000)
    assert [column.role for column in document.project.data.columns] == ["ignore", "feature", "feature", "target"]
    ready(qtbot, source, panel)
    assert source.samples is not None
    assert source.samples.facts.inputs["x"] == (None, 3)
    QTest.mouseClick(panel.table.detect_again, LEFT)
    assert document.project.data.columns == ()


def choose_role(qtbot: QtBot, panel: DataPanel, row: int, text: str) -> None:
    """Choose the role of a column from its list."""
    view = panel.table.columns_view
    cell = view.visualRect(panel.table.model.index(row, Field.ROLE)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=cell)
    qtbot.waitUntil(lambda: view.findChild(QComboBox) is not None, timeout=5000)
    box = view.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    box.setFocus()
    before = panel.table.model.columns
    QTest.keyClicks(box, text[0])
    qtbot.waitUntil(lambda: panel.table.model.columns != before, timeout=5000)


def test_a_new_target_takes_the_place_of_the_old_one_unless_it_is_one_more(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel, table: Path
) -> None:
    open_data_file(document, table)
    ready(qtbot, source, panel)
    choose_role(qtbot, panel, 0, "target")
    assert [column.role for column in document.project.data.columns] == ["target", "feature", "feature", "feature"]
    ready(qtbot, source, panel)
    choose_role(qtbot, panel, 2, "one more target")
    assert [column.role for column in document.project.data.columns] == ["target", "feature", "target", "feature"]
    ready(qtbot, source, panel)
    assert source.samples is not None
    assert set(source.samples.facts.targets) == {"size", "colour"}


def test_a_network_is_fitted_to_a_table_and_that_is_undone(
    qtbot: QtBot, document: Document, checks: Checks, source: DataSource, panel: DataPanel, table: Path
) -> None:
    document.open(templates.make("digits")[0], document.path)
    ready(qtbot, source, panel)
    assert not panel.fit.isVisible()
    open_data_file(document, table)
    ready(qtbot, source, panel)
    before = document.project
    assert panel.fit.isVisible()
    assert panel.fit.text.text() == "The network does not fit. input: It states 8×8×1, but the data has 4."
    QTest.mouseClick(panel.fit.button, LEFT)
    qtbot.waitUntil(lambda: document.project is not before, timeout=10_000)
    assert checks.current.problems == ()
    assert document.project.network.layers["input"].config()["shape"] == (4,)
    assert document.project.training.loss.key == "binary_crossentropy"
    assert document.project.data is before.data
    assert not panel.fit.isVisible()
    assert document.history.undo_text == "Fit the network to the data"
    document.undo()
    assert document.project is before


def test_a_network_is_made_for_a_table_where_there_is_none_yet(
    qtbot: QtBot, document: Document, checks: Checks, source: DataSource, panel: DataPanel, table: Path
) -> None:
    open_data_file(document, table)
    ready(qtbot, source, panel)
    assert panel.fit.text.text() == "There is no network yet."
    QTest.mouseClick(panel.fit.button, LEFT)
    qtbot.waitUntil(lambda: bool(document.project.network.layers), timeout=10_000)
    assert checks.current.problems == ()
    assert not panel.fit.isVisible()


def test_what_does_not_fit_the_data_is_mended_click_by_click(
    qtbot: QtBot, document: Document, checks: Checks, source: DataSource, panel: DataPanel, tmp_path: Path
) -> None:
    path = tmp_path / "wide.csv"
    rows = [f"{i},{i % 5},{i % 7},{i % 3},{'abcde'[i % 5]}" for i in range(60)]
    path.write_text("\n".join(["p,q,r,s,species", *rows]) + "\n")
    document.open(templates.make("regression")[0], document.path)
    ready(qtbot, source, panel)
    open_data_file(document, path)
    ready(qtbot, source, panel)
    applied = []
    while checks.current.problems:
        fix = checks.current.problems[0].fixes[0]
        applied.append(fix.text)
        assert len(applied) < 6
        document.edit(fix.text, fix.edit)
    layers = document.project.network.layers
    assert layers["input"].config()["shape"] in ((4,), None)
    assert (layers["output"].config()["units"], layers["output"].config()["activation"]) == (5, "softmax")
    assert document.project.training.loss.key == "sparse_categorical_crossentropy"


def test_a_wrong_cell_is_pointed_at(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel, table: Path
) -> None:
    text = table.read_text().splitlines()
    text[9] = text[9].replace("4.0,", "abc,")
    table.write_text("\n".join(text) + "\n")
    open_data_file(document, table)
    ready(qtbot, source, panel)
    assert source.state is SourceState.FAILED
    assert panel.loading.error.text() == "row 10, column 'size': expected a number, received 'abc'."
    assert panel.loading.hint.text().startswith("Correct the cell")
    assert panel.table.rows_view.currentItem().text() == "abc"


@pytest.mark.parametrize(("content", "said"), [("", "is empty"), ("a,b\n", "has a header, but no rows")])
def test_a_file_without_rows_is_said(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "bare.csv"
    path.write_text(content)
    open_data_file(document, path)
    ready(qtbot, source, panel)
    assert said in panel.loading.error.text()
    assert panel.loading.hint.text()


def test_nothing_is_cut_off_in_a_narrow_window(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel
) -> None:
    panel.window().resize(780, 600)
    click(qtbot, panel, "Handwritten digits")
    ready(qtbot, source, panel)
    scroll = panel.split.parentWidget().parentWidget().parentWidget()
    assert isinstance(scroll, QScrollArea)
    qtbot.waitUntil(panel.summary.isVisible)
    assert scroll.widget().width() <= scroll.viewport().width()


def test_a_path_is_typed(
    qtbot: QtBot, document: Document, source: DataSource, panel: DataPanel, table: Path, tmp_path: Path
) -> None:
    open_data_file(document, tmp_path / "gone.csv")
    ready(qtbot, source, panel)
    assert "There is no data file" in panel.loading.error.text()
    panel.path.setFocus()
    panel.path.selectAll()
    QTest.keyClicks(panel.path, str(table))
    QTest.keyClick(panel.path, Qt.Key.Key_Return)
    ready(qtbot, source, panel)
    assert source.state is SourceState.READY
    assert document.project.data.source is not None
    assert document.project.data.source.config() == {"path": "own.csv"}
