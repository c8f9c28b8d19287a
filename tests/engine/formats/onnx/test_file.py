"""The file around the graph: what is said in it, what it needs, and its verdict."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from engine.formats import export, work_on
from engine.formats.onnx.own import NETWORK
from engine.formats.onnx.write import write_onnx
from engine.formats.verify import verify
from engine.plan import compile
from engine.templates import make
from graph.datasets import DataFacts, TargetFacts
from graph.layers.core import Dense
from graph.layers.endpoints import Input, Output
from graph.layers.recurrent import LSTM
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from graph.serialize import load, loads
from tests.cli import CommandLine
from tests.engine.formats.onnx.running import onnx, ran


def a_network() -> Network:
    """One that has a name which is both an input and an output, and one that is no identifier."""
    layers = {"in": Input((4,)), "a b": Dense(3, activation="softmax"), "out": Output(), "seen": Output()}
    return Network.of(layers, [Wire("in", "a b"), Wire("a b", "out"), Wire("in", "seen")])


def test_what_is_known_of_network_and_data_stands_in_the_file() -> None:
    facts = DataFacts(9, {"in": (None, 4)}, {"y": TargetFacts("classes", (None,), ("cat", "dög", "emu"))})
    plan = compile(a_network())
    work = work_on(Project(a_network(), {"in": (1.0, 2.0)}, notes="secret"), "pets", plan.parameters.named(), facts)
    model = onnx.load_from_string(write_onnx(work).content)
    said = {one.key: one.value for one in model.metadata_props}
    assert json.loads(said["classes"]) == {"y": ["cat", "dög", "emu"]}
    kept = loads(said[NETWORK]).project
    assert (kept.network, kept.positions["in"], kept.notes) == (a_network(), (1.0, 2.0), "")
    assert (model.graph.name, model.producer_name, model.ir_version) == ("pets", "Netloom", 8)
    assert [(one.domain, one.version) for one in model.opset_import] == [("", 17)]
    assert [one.name for one in model.graph.input] == ["in"]
    assert [one.name for one in model.graph.output] == ["out", "seen"]
    assert model.graph.input[0].type.tensor_type.shape.dim[0].dim_param == "N"
    assert {one.name for one in model.graph.initializer} == {"a b/kernel", "a b/bias"}


def test_a_batch_may_have_any_size() -> None:
    plan = compile(a_network(), 7, training=False)
    plan.inputs["in"][...] = np.random.default_rng(0).normal(size=(7, 4))
    plan.forward()
    content = write_onnx(work_on(Project(a_network()), "m", plan.parameters.named())).content
    np.testing.assert_allclose(ran(content, plan.inputs.values())[0], plan.outputs["out"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("template", ["digits", "spirals", "regression", "sentiment"])
def test_a_template_is_verified_by_onnx_runtime(template: str, tmp_path: Path) -> None:
    project, _ = make(template)
    plan = compile(project.network)
    export(project, tmp_path / "model.onnx", plan.parameters.named())
    verdict = verify("onnx", tmp_path / "model.onnx", work_on(project, "model", plan.parameters.named()))
    assert verdict is not None
    assert str(verdict.text).startswith("ONNX Runtime gives the same predictions")


def test_states_that_are_carried_are_told_to_begin_at_zero() -> None:
    network = Network.of({"in": Input((4, 2), batch_size=2), "rnn": LSTM(3, stateful=True)}, [Wire("in", "rnn")])
    plan = compile(network, 2)
    (note,) = write_onnx(work_on(Project(network), "m", plan.parameters.named())).notes
    assert (note.node, "begin at zero" in note.text) == ("rnn", True)


def test_without_the_package_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    plan = compile(a_network())
    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(FileProblem) as caught:
        write_onnx(work_on(Project(a_network()), "m", plan.parameters.named()))
    assert str(caught.value.hint) == "Install it with: pip install 'netloom[onnx]'"


def test_the_guides_commands_run_as_they_are_written(netloom: CommandLine, tmp_path: Path) -> None:
    project, _ = make("digits")
    export(project, tmp_path / "weights.safetensors", compile(project.network).parameters.named())
    model, weights = str(tmp_path / "model.onnx"), str(tmp_path / "weights.safetensors")
    said = netloom("export", "digits", model, "--weights", weights)
    assert "ONNX Runtime gives the same predictions" in said.out
    netloom("import", model, str(tmp_path / "model.netloom"))
    assert load(tmp_path / "model.netloom").project.network == project.network
    assert (tmp_path / "model.safetensors").is_file()
