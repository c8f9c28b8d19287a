"""The export dialog: its previews are the files, and what is missing is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot
from safetensors.numpy import load_file

from engine.formats import exporters
from graph import edits
from gui.checks import Checks
from gui.document import Document
from gui.export.dialog import ExportDialog
from gui.training.controller import TrainingController


@pytest.fixture
def dialog(qtbot: QtBot, document: Document, checks: Checks, controller: TrainingController) -> Iterator[ExportDialog]:
    made = ExportDialog(document, checks, controller)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close_work()


def test_all_formats_are_listed_and_reached_by_keys(qtbot: QtBot, dialog: ExportDialog) -> None:
    assert dialog.list.count() == len(exporters)
    seen = []
    dialog.list.setFocus()
    for _ in exporters:
        seen.append(dialog.chosen.name)
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert seen == list(exporters)


def test_the_preview_is_the_file(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path) -> None:
    dialog.choose("keras-code")
    qtbot.waitUntil(lambda: "import keras" in dialog.preview.text.toPlainText(), timeout=10_000)
    shown = dialog.preview.text.toPlainText()
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == shown
    with qtbot.waitSignal(dialog.exported, timeout=10_000):
        dialog.write(tmp_path / "iris.py")
    assert (tmp_path / "iris.py").read_text() == shown


def test_weights_wait_for_training_and_are_those_of_the_run(
    qtbot: QtBot, dialog: ExportDialog, controller: TrainingController, train: Callable[[], None], tmp_path: Path
) -> None:
    dialog.choose("safetensors")
    assert "Train the network" in dialog.message.text()
    assert not dialog.save.isEnabled()
    train()
    dialog.choose("npz")
    dialog.choose("safetensors")
    assert dialog.save.isEnabled()
    with qtbot.waitSignal(dialog.exported, timeout=10_000):
        dialog.write(tmp_path / "iris.safetensors")
    assert controller.ready is not None
    written = load_file(tmp_path / "iris.safetensors")
    for name, array in controller.ready.session.plan.parameters.named().items():
        assert np.array_equal(written[name], array)


def test_weights_of_a_network_that_has_changed_are_refused(
    document: Document, dialog: ExportDialog, train: Callable[[], None]
) -> None:
    train()
    name = next(name for name, layer in document.project.network.layers.items() if layer.key == "Dense")
    document.edit("wider", lambda project: edits.set_parameters(project, name, {"units": 99}))
    dialog.choose("npz")
    assert "has changed since it was trained" in dialog.message.text()


@pytest.mark.parametrize("name", ["svg", "png", "pdf", "diagram", "diagram-pdf"])
def test_pictures_are_shown_and_written(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path, name: str) -> None:
    dialog.choose(name)
    shown = dialog.preview.picture.pixmap().toImage()
    colors = {shown.pixelColor(x, shown.height() // 2).name() for x in range(shown.width())}
    assert len(colors) > 5
    dialog.write(tmp_path / "canvas")
    path = tmp_path / f"canvas{exporters[name].endings[0]}"
    assert path.stat().st_size > 2000
    assert str(path) in dialog.message.text()


@pytest.mark.parametrize("name", ["json", "png"])
def test_a_folder_that_is_not_there_is_said(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path, name: str) -> None:
    dialog.choose(name)
    dialog.write(tmp_path / "no" / f"graph.{name}")
    qtbot.waitUntil(lambda: "cannot be written" in dialog.message.text(), timeout=10_000)


def test_an_empty_network_says_what_to_do(document: Document, dialog: ExportDialog) -> None:
    document.edit("clear", lambda project: edits.remove(project, tuple(project.network.layers)))
    dialog.choose("graphml")
    assert dialog.message.text() == "The network has no layers yet. Add some first."


def test_the_options_of_a_format_are_a_form_that_the_preview_follows(
    qtbot: QtBot, dialog: ExportDialog, train: Callable[[], None], tmp_path: Path
) -> None:
    onnx = pytest.importorskip("onnx")
    train()
    dialog.choose("json")
    assert not dialog.options.isVisible()
    dialog.choose("onnx")
    assert dialog.options.isVisible()
    qtbot.waitUntil(lambda: "opset 17" in dialog.preview.text.toPlainText(), timeout=10_000)
    assert "Sub" not in dialog.preview.text.toPlainText()
    assert dialog.options.form is not None
    opset, standardize = (dialog.options.form.editors[name] for name in ("opset", "standardize"))
    QTest.keyClick(opset.findChild(QLineEdit), Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: "opset 18" in dialog.preview.text.toPlainText(), timeout=10_000)
    standardize.findChild(QCheckBox).click()
    qtbot.waitUntil(lambda: "Sub" in dialog.preview.text.toPlainText(), timeout=10_000)
    with qtbot.waitSignal(dialog.exported, timeout=20_000):
        dialog.write(tmp_path / "iris.onnx")
    written = onnx.load(str(tmp_path / "iris.onnx"))
    assert written.opset_import[0].version == 18
    assert {one.op_type for one in written.graph.node} >= {"Sub", "Div"}
