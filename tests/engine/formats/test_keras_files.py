"""The files of Keras as files: what is in the archive, and where each weight is. `make parity` lets Keras open them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest

from engine.formats import Files, exporters, make, work_on
from engine.formats.keras.operations import emitters
from engine.parameters import Parameters
from engine.templates import make as template
from graph.infer import infer
from graph.layers.attention import MultiHeadAttention
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Add, Concatenate
from graph.layers.recurrent import GRU, LSTM
from graph.layers.sum_pooling import SumPooling2D
from graph.layers.wrappers import TimeDistributed
from graph.losses import Exponential
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import TrainingRecipe
from tests.engine.test_kernels import network_of
from tests.reference.case import Case
from tests.reference.cases import CASES

h5py = pytest.importorskip("h5py")


def files(project: Project, format: str = "keras") -> Files:
    parameters = Parameters(infer(project.network))
    parameters.initialize(0)
    return make(exporters[format], work_on(project, "model", parameters.named()))


def opened(content: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The config and the arrays by path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert json.loads(archive.read("metadata.json"))["keras_version"]
        arrays: dict[str, np.ndarray] = {}
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            file.visititems(lambda path, one: arrays.update({path: one[()]}) if hasattr(one, "shape") else None)
        return json.loads(archive.read("config.json")), arrays


@pytest.mark.parametrize("case", [case for case in CASES if case.layer.inputs], ids=lambda case: case.name)
def test_every_layer_is_written_or_refused_by_its_name(case: Case) -> None:
    project = Project(network_of(case))
    inside = case.layer
    while "layer" in inside.parameters:
        inside = inside.config()["layer"]
    if inside is not case.layer and type(inside) in emitters:
        with pytest.raises(FileProblem, match=f"layer: Keras has no {inside.key}, and holds no operations inside"):
            files(project)
        return
    config, arrays = opened(files(project).content)
    written = [one["name"] for one in config["config"]["layers"]]
    assert ("layer" in written) is (not isinstance(case.layer, Output))
    held = infer(project.network).layers["layer"].weights.values()
    assert sorted(a.shape for a in arrays.values()) == sorted(w.shape for w in held)


def test_weights_are_counted_by_class_in_the_order_of_depth() -> None:
    """`late` is behind `first`, and `deep` before it, whatever the order on the canvas."""
    layers = {"late": Dense(2), "x": Input((3,)), "deep": Dense(2), "first": Dense(3), "sum": Add()}
    wires = [Wire("x", "late"), Wire("x", "first"), Wire("first", "deep"), Wire("late", "sum"), Wire("deep", "sum")]
    project = Project(Network.of(layers, wires))
    _, arrays = opened(files(project).content)
    assert arrays["layers/dense/vars/0"].shape == (3, 3)
    parameters = Parameters(infer(project.network))
    parameters.initialize(0)
    np.testing.assert_array_equal(arrays["layers/dense_1/vars/0"], parameters.named()["late/kernel"])


def test_masks_are_operations_that_the_layers_behind_take() -> None:
    layers = {
        "words": Input((5,)),
        "look": Embedding(7, 4, mask_zero=True),
        "read": LSTM(3, return_sequences=True),
        "join": Concatenate(),
        "end": GRU(2),
    }
    wires = [
        Wire("words", "look"),
        Wire("look", "read"),
        Wire("look", "join"),
        Wire("read", "join"),
        Wire("join", "end"),
    ]
    config, arrays = opened(files(Project(Network.of(layers, wires))).content)
    by_name = {one["name"]: one for one in config["config"]["layers"]}
    mask = by_name["read"]["inbound_nodes"][0]["kwargs"]["mask"]["config"]["keras_history"]
    assert by_name[mask[0]]["class_name"] == "NotEqual"
    assert by_name["end"]["inbound_nodes"][0]["kwargs"]["mask"]["config"]["keras_history"][0] == "join_any"
    assert "layers/lstm/cell/vars/2" in arrays
    assert arrays["layers/gru/cell/vars/2"].shape == (2, 6)


def test_the_parts_of_an_attention_have_groups_of_their_own() -> None:
    network = Network.of(
        {"x": Input((4, 6)), "heads": MultiHeadAttention(2, 3)},
        [Wire("x", "heads", "y", "query"), Wire("x", "heads", "y", "value")],
    )
    _, arrays = opened(files(Project(network)).content)
    assert arrays["layers/multi_head_attention/output_dense/vars/0"].shape == (2, 3, 6)


def test_the_same_project_gives_the_same_file() -> None:
    project, _ = template("digits")
    assert files(project).content == files(project).content


def test_a_frozen_attention_is_told_of() -> None:
    network = Network.of(
        {"x": Input((4, 6)), "heads": MultiHeadAttention(2, 3, trainable=False)},
        [Wire("x", "heads", "y", "query"), Wire("x", "heads", "y", "value")],
    )
    (note,) = files(Project(network)).notes
    assert note.node == "heads"
    assert note.text.startswith("Keras does not keep that MultiHeadAttention is frozen")


def test_a_loss_that_keras_has_not_leaves_the_model_uncompiled() -> None:
    network = Network.of({"x": Input((4,)), "y": Dense(1)}, [Wire("x", "y")])
    made = files(Project(network, training=TrainingRecipe(loss=Exponential())))
    config, _ = opened(made.content)
    assert "compile_config" not in config
    assert "Keras has no loss exponential" in made.notes[0].text


def test_what_keras_cannot_hold_inside_of_a_layer_is_refused() -> None:
    network = Network.of({"x": Input((3, 4, 4, 2)), "y": TimeDistributed(SumPooling2D())}, [Wire("x", "y")])
    with pytest.raises(FileProblem, match="y: Keras has no SumPooling2D, and holds no operations inside of a layer"):
        files(Project(network), "keras-json")


def test_sums_over_an_edge_that_is_not_known_are_refused() -> None:
    network = Network.of({"x": Input((None, None, 2)), "y": SumPooling2D(2, padding="same")}, [Wire("x", "y")])
    with pytest.raises(FileProblem, match="y: the zeros around an image of unknown size cannot be said in Keras"):
        files(Project(network), "keras-json")
