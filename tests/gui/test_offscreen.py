"""The digits example without a display, and the pictures among the formats of export."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

import gui.pictures  # noqa: F401 - makes the picture formats known
from engine.cli.console import Console
from engine.formats import export
from engine.formats.weights import read_weights
from engine.templates import make
from graph.serialize import load
from gui.offscreen import run
from tests.helpers.pdf import pdf


def test_the_digits_example_leaves_everything(
    tmp_path: Path, qapp: QApplication, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, Console(as_json=True), epochs=2) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [event["event"] for event in events] == ["epoch", "epoch", "finished", "demo"]
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert [epoch["logs"]["loss"] for epoch in metrics["epochs"]] == [event["logs"]["loss"] for event in events[:2]]
    assert metrics["test"] == events[2]["test"]
    for name in ("window.png", "window-training.png", "curves.png"):
        image = QImage(str(tmp_path / name))
        assert image.width() > 300
        colors = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
        assert len(colors) > 3, f"{name} is empty"
    with (tmp_path / "curves.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["figure"] for row in rows} == {"loss", "accuracy"}
    assert nx.read_graphml(tmp_path / "graph.graphml").number_of_nodes() == 10
    project = load(tmp_path / "digits.netloom").project
    assert len(nx.node_link_graph(json.loads((tmp_path / "graph.json").read_text()), edges="edges")) == 10
    weights = read_weights(tmp_path / "weights.npz")
    assert sum(array.size for array in weights.values()) == 43178
    for name, array in read_weights(tmp_path / "weights.safetensors").items():
        np.testing.assert_array_equal(weights[name], array)
    assert project.training.epochs == 2
    assert "build_model" in (tmp_path / "model.py").read_text()


def test_the_canvas_is_exported_as_pictures(tmp_path: Path, qapp: QApplication) -> None:
    project, _ = make("spirals")
    export(project, tmp_path / "canvas.svg")
    export(project, tmp_path / "canvas.png")
    drawing, image = QSvgRenderer(str(tmp_path / "canvas.svg")), QImage(str(tmp_path / "canvas.png"))
    assert drawing.isValid()
    wide = drawing.defaultSize()
    assert wide.width() / wide.height() == pytest.approx(image.width() / image.height(), rel=0.05)
    assert "Dense" in (tmp_path / "canvas.svg").read_text()


def test_a_diagram_becomes_a_page_of_its_size(tmp_path: Path, qapp: QApplication) -> None:
    project, _ = make("digits")
    export(project, tmp_path / "digits.diagram.svg")
    export(project, tmp_path / "digits.diagram.pdf")
    size = QSvgRenderer(str(tmp_path / "digits.diagram.svg")).viewBoxF()
    page = pdf(tmp_path / "digits.diagram.pdf")
    assert page.sizes == [pytest.approx((size.width() * 0.75, size.height() * 0.75), abs=1)]
    assert page.images == 0
    assert page.texts >= 15
