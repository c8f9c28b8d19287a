"""The generated Keras code, run by Keras: the same layers, shapes and parameters, and the same predictions."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.formats import export
from engine.plan import compile
from engine.templates import make, templates
from graph.infer import infer
from graph.layers.attention import AdditiveAttention, Attention, MultiHeadAttention
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Add, Concatenate
from graph.layers.recurrent import GRU, LSTM
from graph.layers.reshape import Flatten
from graph.network import Network, Wire
from graph.project import Project
from tests.engine.test_kernels import network_of
from tests.helpers.strategies import sound_networks
from tests.reference.case import Case
from tests.reference.cases import CASES

pytestmark = pytest.mark.parity

PYTHON = os.environ.get("NETLOOM_KERAS_PYTHON") or (sys.executable if importlib.util.find_spec("keras") else None)
"""The Python that has Keras: that of `make parity`, or another one that the variable names."""

Worker = subprocess.Popen[str]


@pytest.fixture(scope="module")
def keras() -> Iterator[Worker]:
    if PYTHON is None:
        pytest.skip("Keras is not installed; make parity installs it and runs this")
    with TemporaryDirectory() as home:
        environment = {**os.environ, "KERAS_BACKEND": "jax", "KERAS_HOME": home}
        script = Path(__file__).with_name("keras_worker.py")
        with subprocess.Popen(
            [PYTHON, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        ) as worker:
            yield worker
            assert worker.stdin is not None
            worker.stdin.close()


def compare(project: Project, worker: Worker) -> None:
    """Export `project`, let Keras run it, and compare with our own forward pass."""
    batch = 3
    inference = infer(project.network)
    plan = compile(project.network, batch, training=False, seed=1)
    random = np.random.default_rng(0)
    weights = {}
    for name, array in plan.parameters.named().items():
        array[...] = random.uniform(0.1, 0.9, array.shape)
        weights[name] = array
    embeds = [layer for layer in project.network.layers.values() if isinstance(layer, Embedding)]
    for array in plan.inputs.values():
        words = min((layer.input_dim for layer in embeds), default=0)
        array[...] = random.integers(0, words, array.shape) if words else random.normal(size=array.shape)
    plan.forward()
    with TemporaryDirectory() as name:
        folder = Path(name)
        export(project, folder / "model.py")
        export(project, folder / "weights.npz", weights)
        entries = {
            entry if not project.network.layers[entry].inputs else f"{entry}_input": array
            for entry, array in plan.inputs.items()
        }
        np.savez(folder / "inputs.npz", **entries)
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(f"{folder}\n")
        worker.stdin.flush()
        said = json.loads(worker.stdout.readline())
        assert "error" not in said, said["error"]
        ours = {
            layer: list(inferred.outputs[0])
            for layer, inferred in inference.layers.items()
            if inferred.outputs and not inferred.left_out and not isinstance(project.network.layers[layer], Output)
        }
        theirs = {layer: shape for layer, shape in said["layers"].items() if layer in ours or layer not in entries}
        assert theirs == ours
        assert said["parameters"] == inference.parameters
        assert said["optimizer"] == project.training.optimizer.key
        with np.load(folder / "outputs.npz") as outputs:
            got = {key.removeprefix("output_"): outputs[key] for key in outputs.files}
    for result in inference.results:
        expected = plan.outputs[result]
        received = got[result if len(inference.results) > 1 else ""]
        np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [template.name for template in templates()])
def test_every_template_is_the_same_in_keras(name: str, keras: Worker) -> None:
    project, _ = make(name)
    compare(project, keras)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(network=sound_networks())
def test_random_networks_are_the_same_in_keras(network: Network, keras: Worker) -> None:
    """What an Embedding looks up must be words; numbers out of its range are not the same in any two programs."""
    layers = network.layers
    assume(all(layers[w.source].key == "Input" for w in network.wires if layers[w.target].key == "Embedding"))
    compare(Project(network), keras)


@pytest.mark.parametrize("case", [case for case in CASES if case.layer.inputs], ids=lambda case: case.name)
def test_every_layer_is_the_same_in_keras(case: Case, keras: Worker) -> None:
    compare(Project(network_of(case)), keras)


def test_names_that_python_keeps_for_itself_find_their_weights(keras: Worker) -> None:
    layers = {
        "words": Embedding(20, 4, input_length=5),
        "a b": Flatten(),
        "lambda": Dense(3, activation="softmax"),
        "second-head": Dense(2, trainable=False),
        "probability": Output(),
    }
    wires = [Wire("words", "a b"), Wire("a b", "lambda"), Wire("a b", "second-head"), Wire("lambda", "probability")]
    project = Project(Network.of(layers, wires))
    compare(project, keras)


def test_states_that_go_from_one_layer_to_another_are_the_same_in_keras(keras: Worker) -> None:
    layers = {
        "question": Input((5, 3)),
        "answer": Input((4, 2)),
        "read": LSTM(6, return_state=True, return_sequences=True),
        "write": LSTM(6, return_sequences=True),
        "kind": GRU(3, go_backwards=True, reset_after=False),
    }
    wires = [
        Wire("question", "read"),
        Wire("answer", "write"),
        Wire("read", "write", "c", "c"),
        Wire("read", "write", "h", "h"),
        Wire("read", "kind"),
    ]
    compare(Project(Network.of(layers, wires)), keras)


def test_a_transformer_block_is_the_same_in_keras(keras: Worker) -> None:
    layers = {
        "x": Input((6, 8)),
        "heads": MultiHeadAttention(2, 4, use_causal_mask=True, return_attention_scores=True),
        "sum": Add(),
        "context": Attention(use_scale=True),
        "align": AdditiveAttention(return_attention_scores=True),
        "end": Concatenate(),
        "scores": Flatten(),
    }
    wires = [
        Wire("x", "heads", "y", "query"),
        Wire("x", "heads", "y", "value"),
        Wire("x", "sum"),
        Wire("heads", "sum"),
        Wire("heads", "scores", "scores"),
        *(Wire("sum", name, "y", port) for name in ("context", "align") for port in ("query", "value")),
        Wire("x", "align", "y", "key"),
        Wire("context", "end"),
        Wire("align", "end"),
    ]
    compare(Project(Network.of(layers, wires)), keras)
