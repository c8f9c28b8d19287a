"""What the reference cases do not say of layers that hold a layer: seeds, penalties, the cross-entropy behind."""

from __future__ import annotations

import numpy as np
import pytest

from engine.plan import compile
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.rectifiers import Softmax
from graph.layers.recurrent import LSTM
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten
from graph.layers.wrappers import Bidirectional, TimeDistributed
from graph.network import Network, Wire


def network(layer: Layer, *shape: int) -> Network:
    return Network.of({"x": Input(shape), "layer": layer}, [Wire("x", "layer")])


def test_the_seed_inside_is_that_of_the_layer() -> None:
    seen = []
    for seed in (1, 2):
        plan = compile(network(TimeDistributed(Dropout(0.5, seed=7)), 4, 5), 2, seed=seed)
        plan.inputs["x"][...] = 1.0
        plan.forward()
        seen.append(plan.outputs["layer"].copy())
    np.testing.assert_array_equal(*seen)


def test_every_step_drops_its_own() -> None:
    plan = compile(network(TimeDistributed(Dropout(0.5)), 4, 50), 2)
    plan.inputs["x"][...] = 1.0
    plan.forward()
    y = plan.outputs["layer"]
    assert (y[:, 0] != y[:, 1]).any()
    assert (y[0] != y[1]).any()


def test_both_directions_drop_their_own() -> None:
    """With the same weights and a sequence of equal steps, only what is dropped can tell the directions apart."""
    plan = compile(network(Bidirectional(LSTM(3, dropout=0.5)), 4, 6), 2)
    weights = plan.parameters.of("layer")
    for name in ("kernel", "recurrent_kernel", "bias"):
        weights[f"backward_{name}"][...] = weights[f"forward_{name}"]
    plan.inputs["x"][...] = 1.0
    plan.forward()
    y = plan.outputs["layer"]
    assert (y[:, :3] != y[:, 3:]).any()
    same = plan.at(2, training=False)
    same.inputs["x"][...] = 1.0
    same.forward()
    np.testing.assert_array_equal(same.outputs["layer"][:, :3], same.outputs["layer"][:, 3:])


def test_a_penalty_inside_is_that_of_both_directions() -> None:
    """As in Keras: the squares of all that both give on, divided by the batch."""
    plan = compile(network(Bidirectional(LSTM(2, activity_regularizer="l2(0.1)")), 5, 3), 2)
    plan.inputs["x"][...] = 1.0
    plan.forward()
    expected = 0.1 * np.square(plan.outputs["layer"]).sum() / 2
    np.testing.assert_allclose(plan.penalty(), expected, rtol=1e-6)


def test_an_activation_at_every_step_is_seen_by_its_loss() -> None:
    plan = compile(network(TimeDistributed(Dense(3, activation="softmax")), 4, 5), 2, logits=("layer",))
    plan.inputs["x"][...] = np.random.default_rng(0).standard_normal((2, 4, 5))
    plan.forward()
    e = np.exp(plan.logits["layer"])
    np.testing.assert_allclose(plan.outputs["layer"], e / e.sum(-1, keepdims=True), rtol=1e-5)


def test_layers_that_only_reshape_cost_nothing_at_every_step() -> None:
    plan = compile(network(TimeDistributed(Flatten()), 4, 5, 2), 2)
    assert np.shares_memory(plan.outputs["layer"], plan.inputs["x"])


@pytest.mark.parametrize("inner", [Softmax(), Activation("softmax"), TimeDistributed(Softmax())])
def test_an_activation_at_every_step_is_computed_once(inner: Layer) -> None:
    plan = compile(network(TimeDistributed(inner), 3, 2, 4), 2, training=False)
    x = np.random.default_rng(0).normal(size=(2, 3, 2, 4)).astype(np.float32)
    plan.inputs["x"][...] = x
    plan.forward()
    e = np.exp(x)
    np.testing.assert_allclose(plan.outputs["layer"], e / e.sum(axis=-1, keepdims=True), rtol=1e-5)
