"""The generated PyTorch code as text, and its state; `make parity` runs it."""

from __future__ import annotations

import ast
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from safetensors.numpy import load

from engine.formats import exporters, make, work_on
from engine.formats.exporter import Files
from engine.formats.pytorch.builder import ACTIVATIONS, emitters
from engine.templates import make as template
from graph.activations import activations
from graph.layers import layers
from graph.layers.core import Dense
from graph.layers.endpoints import Input, Output
from graph.layers.normalization import BatchNormalization
from graph.layers.recurrent import GRU
from graph.network import Network, Wire
from graph.optimizers import Lion
from graph.problem import FileProblem
from graph.project import Project
from graph.recipe import EarlyStopping, TrainingRecipe
from tests.engine.test_kernels import network_of
from tests.helpers.plans import filled
from tests.helpers.strategies import sound_networks
from tests.reference.case import Case
from tests.reference.cases import CASES


def written(project: Project) -> Files:
    return make(exporters["pytorch"], work_on(project, "my", filled(project.network).parameters.named()))


def chain(*members: object, training: TrainingRecipe | None = None) -> Project:
    names = [f"n{i}" for i in range(len(members))]
    wires = [Wire(a, b) for a, b in pairwise(names)]
    network = Network.of(dict(zip(names, members, strict=True)), wires)  # type: ignore[arg-type]
    return Project(network, training=training or TrainingRecipe())


def test_every_layer_has_an_emitter() -> None:
    assert {cls for cls in layers if cls not in (Input, Output)} == set(emitters)


def test_every_activation_has_a_function() -> None:
    assert set(ACTIVATIONS) == set(activations.names()) - {"linear"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_layer_gives_python_whose_modules_have_all_the_weights(case: Case) -> None:
    project = Project(network_of(case))
    files = written(project)
    (network,) = [
        node for node in ast.parse(files.content).body if isinstance(node, ast.ClassDef) and node.name == "Network"
    ]
    made = {
        node.attr for node in ast.walk(network) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    state = load(files.beside[".safetensors"])
    assert {name.split(".")[0] for name in state} <= made
    have = sum(one.size for name, one in state.items() if not name.endswith("num_batches_tracked"))
    assert have >= work_on(project).inference.parameters


@settings(max_examples=40, deadline=None)
@given(network=sound_networks())
def test_every_network_gives_python(network: Network) -> None:
    with np.errstate(all="ignore"):
        ast.parse(written(Project(network)).content)


def test_it_reads_as_a_person_would_write_it() -> None:
    text = written(template("digits")[0]).content.decode()
    assert 'self.conv2d = nn.Conv2d(1, 32, (3, 3), padding="same")' in text
    assert "conv2d = F.relu(self.conv2d(input_.movedim(-1, 1)))" in text
    assert "batch_normalization = self.batch_normalization(conv2d)" in text
    assert "flatten = dropout.movedim(1, -1).flatten(1)" in text


def test_the_gates_of_a_gru_are_in_the_order_of_pytorch() -> None:
    project = chain(Input((4, 2)), GRU(3))
    weights = filled(project.network).parameters.named()
    state = load(written(project).beside[".safetensors"])
    z, r, g = np.split(weights["n1/kernel"], 3, axis=1)
    np.testing.assert_array_equal(state["n1.weight_ih_l0"], np.concatenate([r, z, g], 1).T)


def test_what_is_frozen_stays_as_it_is() -> None:
    text = written(chain(Input((4,)), Dense(3, trainable=False), BatchNormalization(trainable=False))).content.decode()
    assert "self.n1.requires_grad_(False)" in text
    assert "        super().train(mode)\n        self.n2.eval()\n        return self" in text


def test_early_stopping_is_written_where_the_recipe_has_it() -> None:
    plain = written(chain(Input((4,)), Dense(3))).content.decode()
    assert "best" not in plain
    training = TrainingRecipe(early_stopping=EarlyStopping(patience=3, restore_best_weights=False))
    stopping = written(chain(Input((4,)), Dense(3), training=training)).content.decode()
    assert "elif waited >= 3:\n            break" in stopping


def test_names_that_modules_keep_for_themselves_are_left_to_them() -> None:
    layers = {"x": Input((3,)), "forward": Dense(2), "train": Dense(2), "F": Dense(2)}
    wires = [Wire("x", "forward"), Wire("forward", "train"), Wire("train", "F")]
    text = written(Project(Network.of(layers, wires))).content.decode()
    assert "self.forward_ = nn.Linear(3, 2)" in text
    assert "self.train_ = nn.Linear(2, 2)" in text


def test_what_is_done_otherwise_is_told() -> None:
    project = chain(
        Input((4,)), Dense(3, kernel_regularizer="l2"), BatchNormalization(), training=TrainingRecipe(optimizer=Lion())
    )
    assert [(note.node, str(note.text)) for note in written(project).notes] == [
        (None, "PyTorch has no Lion, so the program trains with Adam."),
        ("n1", "The program trains without its regularizers and constraints."),
        ("n2", "PyTorch's moving variance is that of a sample, n / (n - 1) times Keras's of a batch."),
    ]


def test_without_weights_it_is_the_code_alone() -> None:
    files = make(exporters["pytorch"], work_on(chain(Input((4,)), Dense(3))))
    assert not files.beside
    assert str(files.notes[0].text) == "No weights are given, so PyTorch begins with its own random ones."


def test_a_network_with_errors_is_refused() -> None:
    with pytest.raises(FileProblem, match="The network has errors"):
        make(exporters["pytorch"], work_on(Project(Network.of({"y": Dense(3)}))))
