"""Samples follow the document: loaded in the background, with facts for the checks and errors in words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from graph import edits
from graph.datasets import CsvFile, Digits, Moons, NpzFile
from gui.checks import Checks
from gui.data.panel import open_data_file
from gui.data.source import DataSource, SourceState
from gui.document import Document


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
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("netloom")]


def loaded(qtbot: QtBot, source: DataSource) -> None:
    qtbot.waitUntil(lambda: source.state is not SourceState.LOADING, timeout=20_000)


def test_a_project_without_data_has_none(source: DataSource, checks: Checks) -> None:
    assert source.state is SourceState.NONE
    assert source.text == "no data"
    assert checks.facts is None


def test_samples_are_loaded_and_their_facts_checked_against(
    qtbot: QtBot, document: Document, source: DataSource, checks: Checks
) -> None:
    document.edit("digits", lambda project: edits.set_data(project, source=Digits()))
    assert source.state is SourceState.LOADING
    loaded(qtbot, source)
    assert source.state is SourceState.READY
    assert source.text == "digits · 1,797 samples"
    assert checks.facts is not None
    assert checks.facts.samples == 1797


def test_the_split_loads_nothing_again_and_another_parameter_does(
    qtbot: QtBot, document: Document, source: DataSource
) -> None:
    document.edit("moons", lambda project: edits.set_data(project, source=Moons(samples=50)))
    loaded(qtbot, source)
    samples = source.samples
    document.edit("split", lambda project: edits.set_data(project, validation=0.3, seed=4))
    assert source.state is SourceState.READY
    assert source.samples is samples
    document.edit("more", lambda project: edits.set_data(project, source=Moons(samples=60)))
    loaded(qtbot, source)
    assert source.samples is not None
    assert len(source.samples) == 60
    document.undo()
    loaded(qtbot, source)
    assert source.samples is not None
    assert len(source.samples) == 50


def test_of_many_changes_in_a_row_the_last_is_loaded(qtbot: QtBot, document: Document, source: DataSource) -> None:
    for count in range(20, 30):
        document.edit("n", lambda project, count=count: edits.set_data(project, source=Moons(samples=count)))
    loaded(qtbot, source)
    assert source.samples is not None
    assert len(source.samples) == 29


def test_what_is_wrong_with_a_file_is_said_and_mended_by_loading_again(
    qtbot: QtBot, document: Document, source: DataSource, checks: Checks, tmp_path: Path
) -> None:
    path = tmp_path / "own.csv"
    rows = [f"{place}.5,{'abc' if place == 7 else place * 2},{'x' if place % 2 else 'y'}\n" for place in range(40)]
    path.write_text("a,b,species\n" + "".join(rows))
    open_data_file(document, path)
    assert document.project.data.source == CsvFile(path="own.csv")
    loaded(qtbot, source)
    assert source.state is SourceState.FAILED
    assert source.problem is not None
    assert (source.problem.row, source.problem.column) == (9, "b")
    assert checks.facts is None
    path.write_text("a,b,species\n" + "".join(rows).replace("abc", "1"))
    source.reload()
    loaded(qtbot, source)
    assert source.state is SourceState.READY
    assert source.text == "own.csv · 40 samples"


def test_arrays_of_several_inputs_go_by_the_networks_names(
    qtbot: QtBot, document: Document, source: DataSource, tmp_path: Path
) -> None:
    np.savez(tmp_path / "own.npz", x=np.zeros((30, 4)), y=np.arange(30) % 3)
    open_data_file(document, tmp_path / "own.npz")
    assert document.project.data.source == NpzFile(path="own.npz")
    loaded(qtbot, source)
    assert source.problem is None
    assert source.samples is not None
    assert source.samples.inputs["x"].shape == (30, 4)


def test_loading_is_cancelled(qtbot: QtBot, document: Document, source: DataSource, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.write_text("a,b,target\n" + "1,2,3\n4,5,6\n7,9,8\n" * 100_000)
    open_data_file(document, path)
    source.cancel()
    assert source.state is SourceState.FAILED
    assert source.problem is not None
    assert source.problem.text == "Loading was cancelled."
    qtbot.wait(100)
    assert source.samples is None
