"""What may be chosen of an ONNX file: preparing samples inside of the graph."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.data.preparation import InputPreparation, Preparation, TargetPreparation
from engine.formats import Work, exporters, make, work_on
from engine.formats.importer import read_import
from engine.formats.onnx.options import OnnxOptions
from engine.formats.verify import verify
from engine.plan import compile
from graph.datasets import DataFacts, TargetFacts
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from tests.engine.formats.onnx.running import onnx, ran

MEAN, DEVIATION, FILL = (30.0, -2.0, 0.5), (10.0, 0.5, 2.0), (31.0, 0.0, 0.25)
NETWORK = Network.of({"x": Input((3,)), "y": Dense(2, activation="tanh")}, [Wire("x", "y")])
WEIGHTS = {
    "y/kernel": np.array([[0.5, -1.0], [0.25, 0.75], [-0.5, 0.1]], np.float32),
    "y/bias": np.array([0.1, -0.2], np.float32),
}


def work(standardize: bool, **changes: object) -> Work:
    one = InputPreparation("x", (3,), fill=FILL, mean=MEAN, deviation=DEVIATION)
    made = work_on(Project(NETWORK), weights=WEIGHTS, facts=DataFacts(10, {"x": (None, 3)}, {}))
    preparation = Preparation((replace(one, **changes),), (TargetPreparation("t", "values"),))  # type: ignore[arg-type]
    return replace(made, preparation=preparation, options=OnnxOptions(standardize=standardize))


def by_hand(x: np.ndarray) -> np.ndarray:
    """The network in NumPy, on prepared samples."""
    return np.tanh(x @ WEIGHTS["y/kernel"] + WEIGHTS["y/bias"])


def test_raw_samples_are_prepared_inside_of_the_graph(tmp_path: Path) -> None:
    x = np.array([[35.0, -1.5, 2.0], [np.nan, np.nan, np.nan], [12.0, -4.0, 0.0]], np.float32)
    full = np.where(np.isnan(x), FILL, x)
    made = make(exporters["onnx"], work(True))
    (y,) = ran(made.content, [x])
    np.testing.assert_allclose(y, by_hand((full - MEAN) / DEVIATION), rtol=1e-5, atol=1e-6)
    made.write(tmp_path / "m.onnx")
    verdict = verify("onnx", tmp_path / "m.onnx", work(True))
    assert verdict is not None
    assert verdict.same, verdict.text


def test_images_are_divided_by_their_scale() -> None:
    x = np.array([[0.0, 255.0, 51.0]], np.float32)
    (y,) = ran(make(exporters["onnx"], work(True, scale=255.0, fill=(), mean=(), deviation=())).content, [x])
    np.testing.assert_allclose(y, by_hand(x / 255), rtol=1e-5, atol=1e-6)


def test_the_names_of_classes_do_not_keep_a_file_from_being_tried(tmp_path: Path) -> None:
    facts = DataFacts(10, {"x": (None, 3)}, {"t": TargetFacts("classes", (None,), ("no", "yes"))})
    named = replace(work_on(Project(NETWORK), weights=WEIGHTS, facts=facts), options=OnnxOptions(class_names=True))
    made = make(exporters["onnx"], named)
    made.write(tmp_path / "m.onnx")
    assert len(ran(made.content, [np.zeros((1, 3), np.float32)])) == 2
    verdict = verify("onnx", tmp_path / "m.onnx", named)
    assert verdict is not None
    assert verdict.same, verdict.text


@pytest.mark.parametrize("inside", [False, True])
def test_the_metadata_says_how_samples_are_prepared(inside: bool) -> None:
    content = make(exporters["onnx"], work(inside)).content
    said = {one.key: one.value for one in onnx.load_from_string(content).metadata_props}
    numbers = {"scale": None, "fill": list(FILL), "mean": list(MEAN), "deviation": list(DEVIATION)}
    assert json.loads(said["preparation"]) == {"x": {**numbers, "inside": inside}}


def test_what_is_not_known_cannot_be_inside() -> None:
    with pytest.raises(FileProblem, match="How the samples are prepared is not known"):
        make(exporters["onnx"], replace(work(True), preparation=None))


def test_samples_that_are_prepared_in_the_graph_are_so_when_the_file_is_read(tmp_path: Path) -> None:
    make(exporters["onnx"], work(True, fill=())).write(tmp_path / "m.onnx")
    read = read_import(tmp_path / "m.onnx")
    plan = compile(read.project.network, 2, training=False)
    plan.parameters.load(read.weights)
    x = np.array([[35.0, -1.5, 2.0], [12.0, -4.0, 0.0]], np.float32)
    next(iter(plan.inputs.values()))[...] = x
    plan.forward()
    (y,) = plan.outputs.values()
    np.testing.assert_allclose(y, by_hand((x - MEAN) / DEVIATION), rtol=1e-5, atol=1e-5)
