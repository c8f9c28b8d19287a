"""What the window says of classes: their curves, their weights, and the parameters of metrics."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine.class_curves import class_curves
from graph import edits
from graph.metrics import metrics
from gui.checks import Checks
from gui.document import Document
from gui.plots.class_curves import MOST, ClassCurvesView
from gui.training.confusion import ConfusionPanel
from gui.training.controller import TrainingController
from gui.training.recipe_form import RecipeForm
from tests.gui.training.conftest import small

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def confusion(qtbot: QtBot, document: Document, checks: Checks, controller: TrainingController) -> ConfusionPanel:
    made = ConfusionPanel(document, checks, controller)
    qtbot.addWidget(made)
    made.resize(1000, 420)
    made.show()
    return made


@pytest.fixture
def form(qtbot: QtBot, document: Document, checks: Checks) -> RecipeForm:
    made = RecipeForm(document, checks)
    qtbot.addWidget(made)
    made.resize(344, 700)
    made.show()
    return made


def typed(line: QLineEdit | None, text: str) -> None:
    assert line is not None
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    QTest.keyClicks(line, text)


def test_curves_of_every_class_stand_beside_the_matrix(
    qtbot: QtBot, confusion: ConfusionPanel, controller: TrainingController, train: Callable[[], None]
) -> None:
    train()
    assert confusion.matrix.isVisible()
    qtbot.mouseClick(confusion.ways["roc"], LEFT)
    assert confusion.curves.isVisible()
    assert not confusion.matrix.isVisible()
    assert [curve.name for curve in confusion.curves.drawn] == ["setosa", "versicolor", "virginica"]
    assert controller.tested is not None
    (found,) = controller.tested.session.curves().values()
    areas = [f"{curve.name}  {curve.area:.3f}" for curve in found if curve.kind == "roc"]
    assert [entry.name for entry in confusion.curves.legend.entries] == areas
    qtbot.mouseClick(confusion.ways["pr"], LEFT)
    assert {curve.kind for curve in confusion.curves.drawn} == {"pr"}
    qtbot.mouseClick(confusion.ways["matrix"], LEFT)
    assert confusion.matrix.isVisible()


def test_numbers_have_no_curves_of_classes(
    qtbot: QtBot, document: Document, confusion: ConfusionPanel, train: Callable[[], None]
) -> None:
    qtbot.mouseClick(confusion.ways["roc"], LEFT)
    document.open(small("regression"), document.path)
    train()
    qtbot.waitUntil(confusion.scatter.isVisible, timeout=10_000)
    assert not confusion.ways["roc"].isVisible()


def shown(qtbot: QtBot, classes: int, kind: str) -> ClassCurvesView:
    view = ClassCurvesView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.show()
    rng = np.random.default_rng(0)
    t = np.arange(60) % classes
    y = rng.random((60, classes)) + 0.02 * np.arange(classes) * np.eye(classes)[t]
    view.show_curves(class_curves(y, t, [f"class {n}" for n in range(classes)]), kind)  # type: ignore[arg-type]
    return view


def test_the_area_under_what_is_drawn_is_the_figure_in_the_legend(qtbot: QtBot) -> None:
    for kind in ("roc", "pr"):
        view = shown(qtbot, 3, kind)
        for curve, item in zip(view.drawn, view._items, strict=True):
            x, y = item.getData()
            assert np.trapezoid(y, x) == pytest.approx(curve.area)


def test_of_many_classes_those_with_the_smallest_areas_are_drawn(qtbot: QtBot) -> None:
    view = shown(qtbot, MOST + 4, "roc")
    left = [curve.area for curve in view.curves if curve.kind == "roc" and curve not in view.drawn]
    assert len(view.drawn) == MOST
    assert max(curve.area for curve in view.drawn) <= min(left)
    assert view.legend.entries[-1].name == "and 4 classes with larger areas"


@pytest.mark.parametrize("ending", [".png", ".svg", ".csv"])
def test_curves_of_classes_are_saved(qtbot: QtBot, tmp_path: Path, ending: str) -> None:
    view = shown(qtbot, 3, "roc")
    qtbot.waitUntil(lambda: view.legend.y() > 0 and view.legend.geometry().bottom() < view.height())
    view.save.save(tmp_path / f"classes{ending}")
    content = (tmp_path / f"classes{ending}").read_bytes()
    if ending == ".csv":
        rows = list(csv.DictReader(content.decode().splitlines()))
        assert {(row["class"], row["curve"]) for row in rows} == {(c.name, c.kind) for c in view.curves}
        own = [row for row in rows if row["class"] == "class 1" and row["curve"] == "roc"]
        (curve,) = [c for c in view.curves if (c.name, c.kind) == ("class 1", "roc")]
        np.testing.assert_array_equal([float(row["y"]) for row in own], curve.y)
    elif ending == ".svg":
        assert "class 2" in "".join(ElementTree.fromstring(content).itertext())
    else:
        assert content.startswith(b"\x89PNG")
    view.save.save(tmp_path / "no" / "folder.csv")
    assert "cannot be written" in view.save.said.text()


def test_the_weights_of_classes_are_typed(document: Document, form: RecipeForm) -> None:
    line = form.weights.editors["class_weight"].findChild(QLineEdit)
    typed(line, "setosa: 2, virginica: 3")
    assert document.project.training.class_weight == "setosa: 2, virginica: 3"
    typed(line, "balanced")
    assert document.project.training.class_weight == "balanced"
    typed(line, "")
    assert document.project.training.class_weight is None


def test_all_samples_in_one_step(document: Document, form: RecipeForm) -> None:
    line = form.length.editors["batch_size"].findChild(QLineEdit)
    typed(line, "")
    assert document.project.training.batch_size is None
    assert line is not None
    assert line.placeholderText() == "all"


def test_a_metric_shows_its_parameters(document: Document, form: RecipeForm) -> None:
    form.metrics.boxes["precision"].click()
    assert document.project.training.metrics == ("accuracy", "precision")
    (own,) = form.metric_forms.forms.values()
    assert list(own.editors) == list(metrics["precision"].parameters)
    typed(own.editors["thresholds"].findChild(QLineEdit), "0.75")
    assert document.project.training.metrics == ("accuracy", "precision(thresholds=0.75)")
    assert form.metric_forms.forms[1] is own
    document.undo()
    assert document.project.training.metrics == ("accuracy", "precision")
    form.metrics.boxes["precision"].click()
    assert form.metric_forms.forms == {}


def test_a_metric_of_a_class_that_is_not_there_is_told_and_mended(document: Document, checks: Checks) -> None:
    document.edit("", lambda project: edits.set_training(project, metrics=("recall(class_id=7)",)), "test")
    (problem,) = checks.current.errors
    assert str(problem.text) == "recall measures class 7, but output gives 3 values."
    document.edit("", problem.fixes[0].edit, "test")
    assert document.project.training.metrics == ("recall",)
