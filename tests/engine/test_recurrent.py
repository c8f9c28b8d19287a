"""What the reference cases do not say of layers with memory: how they begin, and that dropout holds for a sequence."""

from __future__ import annotations

import numpy as np
import pytest

from engine.plan import compile
from graph.layers.base import Layer
from graph.layers.endpoints import Input
from graph.layers.recurrent import GRU, LSTM, SimpleRNN
from graph.network import Network, Wire


def network(layer: Layer, *shape: int | None) -> Network:
    return Network.of({"x": Input(shape), "layer": layer}, [Wire("x", "layer")])


def test_the_forget_gate_begins_open() -> None:
    bias = compile(network(LSTM(3), 4, 2)).parameters.of("layer")["bias"]
    np.testing.assert_array_equal(bias, [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    closed = compile(network(LSTM(3, unit_forget_bias=False), 4, 2)).parameters.of("layer")["bias"]
    np.testing.assert_array_equal(closed, np.zeros(12))


def test_one_mask_drops_the_same_features_at_every_step() -> None:
    """With the input's weights 1 and none for the state, each unit is the sum of the features that were kept."""
    plan = compile(network(SimpleRNN(1, activation="linear", return_sequences=True, dropout=0.5), 6, 8), 16)
    weights = plan.parameters.of("layer")
    weights["kernel"][...] = 1.0
    weights["recurrent_kernel"][...] = 0.0
    plan.inputs["x"][...] = 1.0
    plan.forward()
    sums = plan.outputs["layer"][..., 0]
    assert (sums == sums[:, :1]).all()
    assert len(np.unique(sums)) > 1
    assert set(np.unique(sums)) <= {2.0 * n for n in range(9)}


@pytest.mark.parametrize("layer", [SimpleRNN(4), LSTM(4), GRU(4), GRU(4, reset_after=False)], ids=lambda one: one.key)
def test_a_long_sequence_keeps_its_numbers(layer: Layer) -> None:
    """Large inputs saturate the gates; nothing overflows."""
    plan = compile(network(layer, 200, 3), 2)
    plan.inputs["x"][...] = 1e4 * np.random.default_rng(0).standard_normal((2, 200, 3))
    plan.forward()
    plan.output_gradients["layer"][...] = 1.0
    plan.backward()
    assert np.isfinite(plan.outputs["layer"]).all()
    assert np.isfinite(plan.parameters.gradient).all()
