"""The flat vector of all weights: its order, its views, and what it takes in."""

from __future__ import annotations

import numpy as np
import pytest

from engine.parameters import Parameters, WrongWeights
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.normalization import BatchNormalization
from graph.network import Network, Wire

NETWORK = Network.of(
    {"x": Input(shape=(3,)), "norm": BatchNormalization(), "frozen": Dense(4, trainable=False), "y": Dense(2)},
    [Wire("x", "norm"), Wire("norm", "frozen"), Wire("frozen", "y")],
)


@pytest.fixture
def parameters() -> Parameters:
    made = Parameters(infer(NETWORK))
    made.initialize(7)
    return made


def test_what_trains_comes_first_in_the_order_of_the_layers(parameters: Parameters) -> None:
    assert [slot.name for slot in parameters.slots] == [
        "norm/gamma",
        "norm/beta",
        "y/kernel",
        "y/bias",
        "norm/moving_mean",
        "norm/moving_variance",
        "frozen/kernel",
        "frozen/bias",
    ]
    assert parameters.trainable.size == parameters.gradient.size == 3 + 3 + 8 + 2
    assert parameters.size == infer(NETWORK).parameters


def test_every_number_belongs_to_one_weight(parameters: Parameters) -> None:
    for i, w in enumerate(parameters.named().values()):
        w.fill(i + 1.0)
    assert (parameters.values > 0.0).all()
    assert sum(w.size for w in parameters.named().values()) == parameters.size


def test_views_are_the_vector(parameters: Parameters) -> None:
    parameters.trainable.fill(5.0)
    assert (parameters.of("y")["kernel"] == 5.0).all()
    parameters.gradients_of("y")["bias"].fill(2.0)
    assert (parameters.gradient == 2.0).sum() == 2
    assert parameters.gradients_of("frozen") == {}


def test_load_takes_what_named_gives(parameters: Parameters) -> None:
    kept = {name: w.copy() for name, w in parameters.named().items()}
    other = Parameters(infer(NETWORK))
    other.load(kept)
    np.testing.assert_array_equal(other.values, parameters.values)


def test_load_refuses_and_changes_nothing(parameters: Parameters) -> None:
    kept = {name: w + 1.0 for name, w in parameters.named().items()}
    before = parameters.values.copy()
    with pytest.raises(WrongWeights, match=r"nothing for y/bias; they have norm/gamma"):
        parameters.load({name: w for name, w in kept.items() if name != "y/bias"})
    with pytest.raises(WrongWeights, match=r"y/kernel has the shape \(3, 2\), but the network needs \(4, 2\)"):
        parameters.load({**kept, "y/kernel": np.zeros((3, 2))})
    np.testing.assert_array_equal(parameters.values, before)
