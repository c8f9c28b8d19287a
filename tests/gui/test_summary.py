"""The summary table adds up, and leaves as text and as CSV."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.figures import memory
from graph import edits
from gui.checks import Checks
from gui.document import Document
from gui.figures import short
from gui.summary import SummaryTable
from tests.gui.helpers import convolutional

CONV = 3 * 3 * 1 * 32 + 32
CLASSES = 6 * 6 * 32 * 10 + 10


@pytest.fixture
def document(qtbot: QtBot) -> Document:
    return Document(convolutional())


@pytest.fixture
def table(document: Document, qtbot: QtBot) -> SummaryTable:
    made = SummaryTable(Checks(document, document))
    qtbot.addWidget(made)
    made.resize(1000, 240)
    made.show()
    qtbot.waitExposed(made)
    return made


def cell(table: SummaryTable, row: int, column: int) -> str:
    return str(table.model.index(row, column).data())


def test_every_layer_and_the_sums_are_listed(table: SummaryTable) -> None:
    assert [cell(table, row, 0) for row in range(5)] == ["digits", "conv", "flat", "classes", "Total"]
    assert (cell(table, 1, 2), cell(table, 1, 3)) == ("6×6×32", f"{CONV:,}")
    assert (cell(table, 3, 3), cell(table, 4, 3)) == (f"{CLASSES:,}", f"{CONV + CLASSES:,}")


def test_it_follows_the_document(table: SummaryTable, document: Document) -> None:
    document.edit("x", lambda p: edits.set_parameters(p, "classes", {"units": 2}))
    assert cell(table, 3, 3) == f"{6 * 6 * 32 * 2 + 2:,}"


def test_copied_csv_reads_back_with_figures_in_full(table: SummaryTable) -> None:
    table.copy_csv()
    rows = list(csv.DictReader(io.StringIO(QGuiApplication.clipboard().text())))
    assert [row["Layer"] for row in rows] == ["digits", "conv", "flat", "classes"]
    assert int(rows[1]["Multiply-adds"]) == 6 * 6 * 3 * 3 * 32
    assert int(rows[3]["Parameters"]) == CLASSES


def test_copied_text_has_aligned_columns(table: SummaryTable) -> None:
    table.table.setFocus()
    QTest.keyClick(table.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 6
    assert (
        len(
            {
                line.index(word)
                for line, word in zip(lines, ("Type", "Input", "Conv2D", "Flatten", "Dense"), strict=False)
            }
        )
        == 1
    )


def test_enter_goes_to_the_layer(table: SummaryTable, qtbot: QtBot) -> None:
    table.table.setFocus()
    table.table.setCurrentIndex(table.model.index(1, 0))
    with qtbot.waitSignal(table.jump) as jumped:
        QTest.keyClick(table.table, Qt.Key.Key_Return)
    assert jumped.args == ["conv"]


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (999, "999"), (1000, "1k"), (18_432, "18.4k"), (999_499, "999k"), (999_500, "1M")]
)
def test_counts_have_three_digits(count: int, text: str) -> None:
    assert short(count) == text


@pytest.mark.parametrize(("count", "text"), [(512, "512 B"), (6_200_000, "6.2 MB"), (999_600, "1 MB")])
def test_bytes_have_a_unit(count: int, text: str) -> None:
    assert memory(count) == text
