"""What the reference cases do not say of layers with memory: how they begin, and that dropout holds for a sequence."""

from __future__ import annotations

import numpy as np
import pytest

from engine.kernels.sequence import RecurrentKernel
from engine.plan import compile
from graph.infer import infer
from graph.layers.base import Layer
from graph.layers.endpoints import Input
from graph.layers.recurrent import GRU, LSTM, Recurrent, SimpleRNN
from graph.network import Network, Wire
from tests.reference.dropped import BATCH, FEATURES, LAYERS, STEPS
from tests.reference.stored import kept


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


@pytest.mark.parametrize("name", LAYERS)
def test_what_is_dropped_is_as_in_keras(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One mask for all gates, or one for each where the state is dropped."""
    arrays = kept("dropped")[name]

    def drop(kernel: RecurrentKernel[Recurrent]) -> None:
        for mask, kind in ((kernel.kept_x, "x"), (kernel.kept_h, "h")):
            if mask is not None:
                mask[:, :, 0] = arrays[f"kept {kind}"].transpose(0, 2, 1)

    monkeypatch.setattr(RecurrentKernel, "drop", drop)
    plan = compile(network(LAYERS[name], STEPS, FEATURES), BATCH)
    plan.parameters.load({f"layer/{key[7:]}": w for key, w in arrays.items() if key.startswith("weight ")})
    plan.inputs["x"][...] = arrays["x"]
    plan.forward()
    np.testing.assert_allclose(plan.outputs["layer"], arrays["y"], rtol=1e-5, atol=1e-5)


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


def test_a_state_that_nobody_reads_changes_nothing() -> None:
    gradients = []
    for layer in (LSTM(4), LSTM(4, return_state=True)):
        plan = compile(network(layer, 5, 3), 2)
        plan.inputs["x"][...] = np.random.default_rng(0).standard_normal((2, 5, 3))
        for _ in range(2):
            plan.forward()
            plan.output_gradients["layer"][...] = 1.0
            plan.backward()
        gradients.append(plan.parameters.gradient.copy())
    np.testing.assert_array_equal(*gradients)


def test_first_states_come_together_and_in_the_right_size() -> None:
    inputs = {"x": Input((5, 3)), "h": Input((4,)), "c": Input((4,))}
    wires = [Wire("x", "layer"), Wire("h", "layer", "y", "h"), Wire("c", "layer", "y", "c")]
    (problem,) = infer(Network.of({**inputs, "layer": LSTM(4)}, wires[:2])).layers["layer"].problems
    assert str(problem.text) == "LSTM takes 2 first states together, but has 1."
    (problem,) = infer(Network.of({**inputs, "layer": LSTM(7)}, wires)).layers["layer"].problems
    assert str(problem.text) == "The first state has 4 values, but units is 7."
    assert problem.fixes
