"""The generated Keras code, run by Keras: the same layers, shapes and parameters, and the same predictions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from engine.formats import export
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
from tests.helpers.plans import filled
from tests.parity.conftest import Keras
from tests.reference.case import Case
from tests.reference.cases import CASES
from tests.reference.masks import NETWORKS, PADDED, inputs_of

pytestmark = pytest.mark.parity


def compare(project: Project, keras: Keras, given: Mapping[str, np.ndarray] | None = None) -> None:
    """Export `project`, let Keras run it, and compare with our own forward pass; on the inputs given, if there are."""
    inference, plan = infer(project.network), filled(project.network)
    if given is not None:
        for entry, x in given.items():
            plan.inputs[entry][...] = x
        plan.forward()
    with TemporaryDirectory() as name:
        folder = Path(name)
        export(project, folder / "model.py")
        export(project, folder / "weights.npz", plan.parameters.named())
        entries = {
            entry if not project.network.layers[entry].inputs else f"{entry}_input": array
            for entry, array in plan.inputs.items()
        }
        np.savez(folder / "inputs.npz", **entries)
        said = keras.ask(folder)
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
def test_every_template_is_the_same_in_keras(name: str, keras: Keras) -> None:
    project, _ = make(name)
    compare(project, keras)


@pytest.mark.parametrize("case", [case for case in CASES if case.layer.inputs], ids=lambda case: case.name)
def test_every_layer_is_the_same_in_keras(case: Case, keras: Keras) -> None:
    compare(Project(network_of(case)), keras)


def test_names_that_python_keeps_for_itself_find_their_weights(keras: Keras) -> None:
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


def test_states_that_go_from_one_layer_to_another_are_the_same_in_keras(keras: Keras) -> None:
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


@pytest.mark.parametrize("name", NETWORKS)
def test_padded_sequences_are_the_same_in_keras(name: str, keras: Keras) -> None:
    compare(Project(NETWORKS[name]), keras, inputs_of(NETWORKS[name], PADDED))


def test_a_stateful_layer_is_the_same_in_keras(keras: Keras) -> None:
    layers = {"x": Input((4, 2), batch_size=3), "read": LSTM(5, stateful=True), "y": Dense(2)}
    compare(Project(Network.of(layers, [Wire("x", "read"), Wire("read", "y")])), keras)


def test_a_transformer_block_is_the_same_in_keras(keras: Keras) -> None:
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
