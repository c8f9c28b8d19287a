"""The gradient check finds what is wrong, on single layers and on whole networks of any shape."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.gradcheck import gradient_errors
from engine.kernel import Array
from engine.plan import Plan, compile
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input
from graph.network import Network, Wire
from tests.helpers.strategies import sound_networks

CHAIN = Network.of(
    {"x": Input(shape=(3,)), "dense": Dense(4, activation="tanh"), "y": Dense(2)},
    [Wire("x", "dense"), Wire("dense", "y")],
)
LARGE = 1e3
X = {"x": np.random.default_rng(1).standard_normal((5, 3))}


def test_finds_no_error_where_there_is_none() -> None:
    errors = gradient_errors(compile(CHAIN, 5, dtype=np.float64, input_gradients=True), X)
    assert set(errors) == {"dense/kernel", "dense/bias", "y/kernel", "y/bias", "x"}
    assert max(errors.values()) < 1e-8


def test_finds_a_wrong_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = compile(CHAIN, 5, dtype=np.float64, input_gradients=True)
    right = Plan.backward

    def wrong(self: Plan) -> None:
        right(self)
        for name in ("dense", "y"):
            self.parameters.gradients_of(name)["kernel"] *= 1.001

    monkeypatch.setattr(Plan, "backward", wrong)
    errors = gradient_errors(plan, X)
    assert errors["dense/kernel"] > 1e-4
    assert errors["y/kernel"] > 1e-4
    assert errors["y/bias"] < 1e-8


def is_moderate(plan: Plan, inputs: Mapping[str, Array]) -> bool:
    """Whether no result is so large that a central difference loses its digits, as behind exponentials in a row."""
    for name, x in inputs.items():
        plan.inputs[name][...] = x
    with np.errstate(all="ignore"):
        plan.forward()
    return all(np.abs(y).max(initial=0.0) < LARGE for y in plan.outputs.values())


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(network=sound_networks(), seed=st.integers(0, 2**16))
def test_gradient_of_any_network_is_its_slope(network: Network, seed: int) -> None:
    """Branches, merges, shared outputs, several inputs and results: whatever can be wired."""
    vocabularies = [layer.input_dim for layer in network.layers.values() if isinstance(layer, Embedding)]
    plan = compile(network, 3, dtype=np.float64, input_gradients=not vocabularies, seed=seed)
    generator = np.random.default_rng(seed)
    plan.parameters.values += generator.uniform(0.0, 0.3, plan.parameters.size)
    inputs = {
        name: generator.integers(0, min(4, *vocabularies), x.shape)
        if vocabularies
        else generator.standard_normal(x.shape)
        for name, x in plan.inputs.items()
    }
    assume(is_moderate(plan, inputs))
    errors = gradient_errors(plan, inputs, seed, values_each=4)
    assert {name: error for name, error in errors.items() if error > 1e-5} == {}
