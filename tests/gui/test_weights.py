"""Weights of PyTorch's modules onto the open network, through the dialog."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from engine.formats.foreign.matching import Why
from engine.plan import compile
from engine.templates import make
from graph import edits
from graph.layers.core import Dense
from graph.project import Project
from gui.main_window import MainWindow
from gui.weights.dialog import WeightsDialog
from gui.weights.matches_model import Field
from tests.engine.formats.test_foreign import FOLDER, MODULES


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> Iterator[WeightsDialog]:
    """The dialog on the network of the module `block`."""
    window.document.open(Project(MODULES["block"]), None)
    made = window.training.take_weights()
    qtbot.waitExposed(made)
    yield made
    made.close_work()


def read(qtbot: QtBot, dialog: WeightsDialog, path: Path) -> None:
    """Choose a file, and wait for what is made of it."""
    dialog.read(path)
    qtbot.waitUntil(lambda: not dialog._reader.busy, timeout=20_000)


def cell(dialog: WeightsDialog, weight: str, field: Field) -> str:
    """What a row shows."""
    assert dialog.model.matching is not None
    row = [slot.name for slot in dialog.model.matching.slots].index(weight)
    return str(dialog.model.index(row, field).data())


def test_all_weights_are_found_and_used(qtbot: QtBot, window: MainWindow, dialog: WeightsDialog) -> None:
    assert not dialog.use.isEnabled()
    read(qtbot, dialog, FOLDER / "block.safetensors")
    assert dialog.message.text() == "All 16 weights have an array."
    assert cell(dialog, "wide/kernel", Field.SOURCE) == "mlp.0.weight"
    assert cell(dialog, "wide/kernel", Field.WAY) == "outputs last"
    assert cell(dialog, "norm_1/gamma", Field.WHY) == "by its name"
    QTest.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    kept = window.training.controller.imported
    assert kept is not None
    with np.load(FOLDER / "block.npz", allow_pickle=False) as stored:
        plan = compile(kept.project.network, len(stored["x"]), training=False)
        plan.parameters.load(kept.weights())
        next(iter(plan.inputs.values()))[...] = stored["x"]
        plan.forward()
        np.testing.assert_allclose(next(iter(plan.outputs.values())), stored["y"], rtol=1e-5, atol=1e-5)


def test_a_match_is_corrected_with_the_keys(qtbot: QtBot, dialog: WeightsDialog) -> None:
    read(qtbot, dialog, FOLDER / "block.safetensors")
    assert dialog.table.hasFocus()
    assert dialog.model.matching is not None
    row = [slot.name for slot in dialog.model.matching.slots].index("wide/kernel")
    for _ in range(row):
        QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    assert dialog.table.currentIndex().row() == row
    QTest.keyClick(dialog.table, Qt.Key.Key_F2)
    (box,) = dialog.table.findChildren(QComboBox)
    assert box.currentText() == "mlp.0.weight – outputs last"
    while box.currentText() != "mlp.2.weight – outputs last":
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: cell(dialog, "wide/kernel", Field.SOURCE) == "mlp.2.weight")
    assert dialog.model.matching.matches["wide/kernel"].why is Why.CHOSEN
    assert cell(dialog, "wide/kernel", Field.WHY) == "chosen"
    assert "Not used: mlp.0.weight" in dialog.message.text()
    assert dialog.isVisible()


def test_a_file_of_another_network_says_so(qtbot: QtBot, dialog: WeightsDialog, tmp_path: Path) -> None:
    save_file({"a": np.zeros((9, 9), np.float32)}, tmp_path / "w.safetensors")
    read(qtbot, dialog, tmp_path / "w.safetensors")
    assert dialog.message.text().startswith("Nothing in the file fits this network.")
    assert not dialog.use.isEnabled()
    (tmp_path / "w.safetensors").write_bytes(b"\x80\x04\x95 a pickle")
    read(qtbot, dialog, tmp_path / "w.safetensors")
    assert "is no Safetensors file, or is damaged" in dialog.message.text()
    assert dialog.title.text() == "No file is chosen."


def test_what_is_missing_begins_anew(qtbot: QtBot, window: MainWindow, dialog: WeightsDialog) -> None:
    window.document.open(Project(MODULES["images"].with_layer("classes", Dense(4))), None)
    qtbot.waitUntil(lambda: window.checks.current.inference.network is window.document.project.network)
    read(qtbot, dialog, FOLDER / "images.safetensors")
    assert dialog.message.text().startswith("2 of 12 weights have no array. They begin as training begins.")
    dialog.take()
    kept = window.training.controller.imported
    assert kept is not None
    assert kept.weights()["classes/kernel"].shape == (7, 4)


def test_an_edit_of_the_network_outdates_the_table(qtbot: QtBot, window: MainWindow, dialog: WeightsDialog) -> None:
    read(qtbot, dialog, FOLDER / "block.safetensors")
    window.document.edit("", lambda p: edits.set_parameters(p, "wide", {"units": 7}), "test")
    assert dialog.message.text() == "The network has changed. Choose the file again."
    assert dialog.model.rowCount() == 0
    assert not dialog.use.isEnabled()


def test_with_data_the_run_is_shown_at_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    project = make("spirals")[0]
    window.document.open(project, None)
    plan = compile(project.network, 1)
    plan.parameters.initialize(3)
    save_file({key: array.copy() for key, array in plan.parameters.named().items()}, tmp_path / "w.safetensors")
    assert window.files.drop(tmp_path / "w.safetensors")
    (dialog,) = window.findChildren(WeightsDialog)
    qtbot.waitUntil(lambda: dialog.use.isEnabled(), timeout=20_000)
    QTest.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    controller = window.training.controller
    qtbot.waitUntil(lambda: controller.ready is not None and not controller.state.busy, timeout=30_000)
    assert controller.ready is not None
    for key, array in controller.ready.session.plan.parameters.named().items():
        np.testing.assert_array_equal(array, plan.parameters.named()[key])
