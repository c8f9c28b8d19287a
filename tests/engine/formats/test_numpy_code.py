"""The generated NumPy code, run: the same predictions as the network, for every layer and for random networks."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, given, settings

from engine.formats import export, exporters, make, work_on
from engine.formats.numpy_code import emitters
from engine.formats.verify import verify
from engine.formats.verify_child import results
from engine.templates import make as template
from graph.layers import Layer, layers
from graph.layers.core import Dense
from graph.layers.endpoints import Input, Output
from graph.layers.normalization import RMSNormalization
from graph.layers.rectifiers import ReLU
from graph.layers.recurrent import LSTM
from graph.layers.wrappers import simple
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from tests.engine.test_kernels import network_of
from tests.helpers.plans import filled, is_steady
from tests.helpers.strategies import sound_networks
from tests.reference.case import Case
from tests.reference.cases import CASES
from tests.reference.masks import NETWORKS, PADDED, inputs_of


def compare(project: Project, inputs: Mapping[str, np.ndarray] | None = None) -> None:
    """Write the code, run it, and compare with our own forward pass."""
    plan = filled(project.network)
    for entry, x in (inputs or {}).items():
        plan.inputs[entry][...] = x
    plan.forward()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "model.numpy.py"
        export(project, path, plan.parameters.named())
        given = results("numpy", path, plan.inputs)
    received = list(given.values())
    for i, (name, expected) in enumerate(plan.outputs.items()):
        y = given[name] if len(plan.outputs) > 1 else received[i]
        assert y.dtype == expected.dtype
        np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


def test_every_layer_has_an_emitter() -> None:
    assert {cls for cls in layers if cls not in (Input, Output)} == set(emitters)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_layer_predicts_the_same(case: Case) -> None:
    compare(Project(network_of(case)))


@pytest.mark.parametrize("name", NETWORKS)
def test_padded_sequences_predict_the_same(name: str) -> None:
    compare(Project(NETWORKS[name]), inputs_of(NETWORKS[name], PADDED))


@pytest.mark.parametrize(
    "layer", [ReLU(max_value=1.0, trainable=False), RMSNormalization(axis=(1, -1, -2))], ids=["frozen", "axes"]
)
def test_networks_that_were_wrong_once_predict_the_same(layer: Layer) -> None:
    compare(Project(Network.of({"x": Input((2, 3, 4)), "y": layer}, [Wire("x", "y")])))


@settings(max_examples=60, deadline=None)
@given(network=sound_networks())
def test_random_networks_predict_the_same(network: Network) -> None:
    embedded = {wire.source for wire in network.wires if network.layers[wire.target].key == "Embedding"}
    assume(all(network.layers[name].key == "Input" for name in embedded))
    assume(is_steady(network))
    with np.errstate(all="ignore"):
        compare(Project(network))


def test_it_reads_as_a_person_would_write_it() -> None:
    project, _ = template("digits")
    plan = filled(project.network)
    text = make(exporters["numpy"], work_on(project, "digits", plan.parameters.named())).content.decode()
    assert text.startswith('"""digits: ')
    assert "def convolve(" in text
    assert "def run_lstm(" not in text
    body = text.split("def predict(")[1]
    assert "relu(convolve(" in body
    assert "softmax(affine(" in body


def test_it_needs_nothing_but_numpy_and_the_file_beside_it(tmp_path: Path) -> None:
    network = Network.of({"x": Input((3,)), "relu": Dense(2, activation="relu")}, [Wire("x", "relu")])
    plan = filled(network)
    export(Project(network), tmp_path / "my.numpy.py", plan.parameters.named())
    imports = [
        node for node in ast.walk(ast.parse((tmp_path / "my.numpy.py").read_text())) if isinstance(node, ast.Import)
    ]
    assert {name.name for node in imports for name in node.names} == {"numpy", "sys"}
    np.save(tmp_path / "x.npy", plan.inputs["x"])
    done = subprocess.run(
        [sys.executable, "-I", tmp_path / "my.numpy.py", tmp_path / "x.npy"], capture_output=True, text=True, check=True
    )
    printed = [float(number) for number in done.stdout.replace("[", " ").replace("]", " ").split()]
    np.testing.assert_allclose(printed, plan.outputs["relu"].reshape(-1), rtol=1e-5)


def test_what_was_written_is_held_against_the_network(tmp_path: Path) -> None:
    network = Network.of({"x": Input((3,)), "y": Dense(2)}, [Wire("x", "y")])
    work = work_on(Project(network), "my", filled(network).parameters.named())
    paths = make(exporters["numpy"], work).write(tmp_path / "my.numpy.py")
    assert [path.name for path in paths] == ["my.numpy.py", "my.numpy.npz"]
    verdict = verify("numpy", paths[0], work)
    assert verdict is not None
    assert verdict.same
    paths[0].write_text(paths[0].read_text().replace("x @ kernel", "x @ (kernel * 2)"))
    other = verify("numpy", paths[0], work)
    assert other is not None
    assert not other.same


def test_what_it_cannot_keep_is_told() -> None:
    network = Network.of({"x": Input((4, 2), batch_size=3), "read": LSTM(5, stateful=True)}, [Wire("x", "read")])
    work = work_on(Project(network), "my", filled(network).parameters.named())
    (note,) = make(exporters["numpy"], work).notes
    assert note.node == "read"
    assert str(note.text) == "Its states begin at 0 in every call: a file of functions keeps none."


def test_without_weights_there_is_nothing_to_predict_with() -> None:
    with pytest.raises(FileProblem, match="needs trained weights"):
        make(exporters["numpy"], work_on(template("digits")[0]))


def test_every_layer_that_may_stand_inside_of_another_is_written_there() -> None:
    assert set(simple()) <= {cls.key for cls in emitters}
