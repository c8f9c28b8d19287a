"""The file around the graph: what is said in it, what it needs, and its verdict."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.formats import export, work_on
from engine.formats.onnx.options import OnnxOptions
from engine.formats.onnx.own import NETWORK
from engine.formats.onnx.read import read_onnx
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
from tests.engine.test_kernels import network_of
from tests.reference.cases import CASES
from tests.reference.stored import stored


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


@pytest.mark.parametrize(
    ("units", "classes", "expected"),
    [(3, ("cat", "dög", "emu"), ["emu", "cat", "dög"]), (1, ("no", "yes"), ["yes", "no", "no"])],
)
def test_the_file_names_the_class_of_each_sample(
    units: int, classes: tuple[str, ...], expected: list[str], tmp_path: Path
) -> None:
    network = Network.of({"in": Input((units,)), "out": Dense(units)}, [Wire("in", "out")])
    facts = DataFacts(9, {"in": (None, units)}, {"y": TargetFacts("classes", (None,), classes)})
    weights = {"out/kernel": np.eye(units, dtype=np.float32), "out/bias": np.zeros(units, np.float32)}
    work = replace(work_on(Project(network), "m", weights, facts), options=OnnxOptions(class_names=True))
    content = write_onnx(work).content
    x = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]] if units == 3 else [[0.9], [0.1], [0.3]], np.float32)
    y, named = ran(content, [x])
    np.testing.assert_allclose(y, x)
    assert named.tolist() == expected
    (tmp_path / "m.onnx").write_bytes(content)
    assert read_onnx(tmp_path / "m.onnx").project.network == network


@pytest.mark.parametrize("opset", [18, 21, 26])
def test_newer_operators_give_the_same(opset: int) -> None:
    for case in CASES:
        arrays, network = stored(case), network_of(case)
        weights = {f"layer/{name[7:]}": w for name, w in arrays.items() if name.startswith("weight ")}
        work = replace(work_on(Project(network), "m", weights), options=OnnxOptions(opset=opset))
        y, *_ = ran(write_onnx(work).content, [arrays[name] for name in work.inference.entries])
        np.testing.assert_allclose(y, arrays["inference"], rtol=1e-5, atol=1e-5, err_msg=case.name)


def test_options_are_read_and_refused_on_the_command_line(netloom: CommandLine, tmp_path: Path) -> None:
    project, _ = make("digits")
    export(project, tmp_path / "w.npz", compile(project.network).parameters.named())
    words = ("export", "digits", "m.onnx", "--weights", "w.npz", "--option")
    netloom(*words, "opset=21")
    assert onnx.load(tmp_path / "m.onnx").opset_import[0].version == 21
    for option, expected in (("opset=99", "from 17 to 26"), ("opsets=20", "ONNX has no option opsets")):
        said = netloom(*words, option)
        assert (said.code, expected in said.error) == (1, True), said.error


def test_a_result_keeps_its_name_where_it_is_an_input_too(tmp_path: Path) -> None:
    network = Network.of({"in": Input((2,)), "in_input": Dense(3, input_dim=2)})
    plan = compile(network)
    work = work_on(Project(network), "m", plan.parameters.named())
    content = write_onnx(work).content
    (tmp_path / "m.onnx").write_bytes(content)
    assert [one.name for one in onnx.load_from_string(content).graph.output] == ["in", "in_input"]
    verdict = verify("onnx", tmp_path / "m.onnx", work)
    assert verdict is not None
    assert verdict.same


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
