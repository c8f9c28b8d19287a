"""A project's network decides what its data becomes."""

import numpy as np
import pytest

from engine.data.fit import ends
from engine.session import Session
from engine.templates import make, templates
from graph.datasets import Column, CsvFile, NpzFile, Reviews
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Concatenate
from graph.layers.reshape import Flatten
from graph.losses import BinaryCrossentropy, CategoricalCrossentropy, MeanSquaredError
from graph.network import Network, Wire
from graph.project import Project
from graph.recipe import DataRecipe, OutputRecipe, TrainingRecipe


def prepared(project, base=None):
    return Session.prepare(project, base).prepared


@pytest.mark.parametrize("name", [template.name for template in templates()])
def test_a_template_is_prepared_for_its_network(name):
    project, _ = make(name)
    session = Session.prepare(project)
    training = session.prepared.training
    (x,), (y,) = training.inputs.values(), training.targets.values()
    assert x.dtype == (np.int32 if name == "sentiment" else np.float32)
    (shape,) = [y.shape for y in session.plan.outputs.values()]
    assert y.shape[1:] == (() if project.training.loss.target == "classes" else shape[1:])


def test_words_without_an_embedding_are_numbers():
    network = Network.of({"dense": Dense(1, activation="sigmoid", input_shape=(12,))})
    project = Project(network, {}, DataRecipe(source=Reviews()), TrainingRecipe(loss=BinaryCrossentropy()))
    assert prepared(project).training.inputs["x"].dtype == np.float32


def test_an_embedding_behind_an_input_gets_whole_numbers():
    layers = {"words": Input(), "embedding": Embedding(50, 4), "flatten": Flatten(), "out": Dense(1)}
    network = Network.of(layers, [Wire("words", "embedding"), Wire("embedding", "flatten"), Wire("flatten", "out")])
    project = Project(network, {}, DataRecipe(source=Reviews()), TrainingRecipe())
    done = prepared(project)
    assert done.training.inputs["x"].dtype == np.int32
    assert done.training.targets["y"].shape == (len(done.training), 1)


def test_several_inputs_and_outputs_of_an_archive(tmp_path):
    rng = np.random.default_rng(0)
    arrays = {"left": rng.normal(size=(40, 3)), "right": rng.normal(size=(40, 2)), "price": rng.normal(size=40)}
    np.savez(tmp_path / "d.npz", **arrays, kind=np.arange(40) % 3)
    layers = {
        "left": Input(),
        "right": Input(),
        "concatenate": Concatenate(),
        "price": Dense(1),
        "kind": Dense(3, activation="softmax"),
    }
    wires = [
        Wire("left", "concatenate"),
        Wire("right", "concatenate"),
        Wire("concatenate", "price"),
        Wire("concatenate", "kind"),
    ]
    training = TrainingRecipe(loss=MeanSquaredError(), outputs={"kind": OutputRecipe(loss=CategoricalCrossentropy())})
    project = Project(Network.of(layers, wires), {}, DataRecipe(source=NpzFile(path="d.npz")), training)
    done = prepared(project, tmp_path)
    rows = done.training.rows
    np.testing.assert_array_equal(done.training.targets["kind"], np.eye(3)[rows % 3])
    np.testing.assert_allclose(done.training.targets["price"], arrays["price"][rows, None], rtol=1e-6)
    assert set(done.training.inputs) == {"left", "right"}


def test_several_targets_of_a_table(tmp_path):
    (tmp_path / "t.csv").write_text("a,size,kind\n" + "".join(f"{i % 7},{i / 3},{'pq'[i % 2]}\n" for i in range(40)))
    columns = (Column("a"), Column("size", "target"), Column("kind", "target", "category"))
    network = Network.of(
        {"dense": Dense(8, input_shape=(1,)), "size": Dense(1), "kind": Dense(1, activation="sigmoid")},
        [Wire("dense", "size"), Wire("dense", "kind")],
    )
    training = TrainingRecipe(outputs={"kind": OutputRecipe(loss=BinaryCrossentropy())})
    project = Project(network, {}, DataRecipe(source=CsvFile(path="t.csv"), columns=columns), training)
    done = prepared(project, tmp_path)
    np.testing.assert_array_equal(done.test.targets["kind"][:, 0], done.test.rows % 2)
    assert done.class_counts["kind"]["test"] == (3, 3)


def test_the_ends_of_a_network():
    layers = {"input": Input(), "dense": Dense(2), "result": Output(), "more": Dense(1)}
    network = Network.of(layers, [Wire("input", "dense"), Wire("dense", "result"), Wire("result", "more")])
    assert ends(network) == (["input"], ["result", "more"])
