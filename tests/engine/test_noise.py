"""What is drawn while training: how much, where it is the same, and what it leaves as it was."""

from __future__ import annotations

import numpy as np
import pytest

from engine.plan import compile
from graph.layers.base import Layer
from graph.layers.endpoints import Input
from graph.layers.regularization import (
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)
from graph.network import Network, Wire


def trained(layer: Layer, x: np.ndarray, seed: int = 0) -> np.ndarray:
    """What the layer makes of `x` in training."""
    network = Network.of({"x": Input(shape=x.shape[1:]), "y": layer}, [Wire("x", "y")])
    plan = compile(network, len(x), dtype=np.float64, seed=seed)
    plan.inputs["x"][...] = x
    plan.forward()
    return plan.outputs["y"].copy()


@pytest.mark.parametrize(
    ("layer", "shape", "together"),
    [
        (SpatialDropout1D(0.3), (500, 4, 8), (1,)),
        (SpatialDropout2D(0.3), (300, 3, 2, 8), (1, 2)),
        (SpatialDropout2D(0.3, data_format="channels_first"), (300, 8, 3, 2), (2, 3)),
        (Dropout(0.3, noise_shape=(None, 1, None)), (500, 4, 8), (1,)),
        (Dropout(0.3, noise_shape=(1, None, None)), (2, 60, 60), (0,)),
        (Dropout(0.3), (4, 1000), ()),
    ],
)
def test_what_is_dropped_is_dropped_together(layer: Layer, shape: tuple[int, ...], together: tuple[int, ...]) -> None:
    y = trained(layer, np.ones(shape))
    assert set(np.unique(y)) == {0.0, 1.0 / 0.7}
    np.testing.assert_array_equal(y.min(axis=together, keepdims=True), y.max(axis=together, keepdims=True))
    assert abs((y == 0.0).mean() - 0.3) < 0.04


def test_gaussian_noise_is_added_and_gaussian_dropout_multiplied() -> None:
    x = np.full((10, 10_000), 2.0)
    added, multiplied = trained(GaussianNoise(0.25), x), trained(GaussianDropout(0.2), x)
    assert abs(added.mean() - 2.0) < 0.01
    assert abs(added.std() - 0.25) < 0.01
    assert abs(multiplied.mean() - 2.0) < 0.02
    assert abs(multiplied.std() - 2.0 * np.sqrt(0.2 / 0.8)) < 0.02


def test_alpha_dropout_keeps_mean_and_variance() -> None:
    x = np.random.default_rng(0).standard_normal((10, 20_000))
    y = trained(AlphaDropout(0.3), x)
    assert abs(y.mean()) < 0.02
    assert abs(y.var() - 1.0) < 0.03
    values, counts = np.unique(y, return_counts=True)
    assert abs(counts.max() / y.size - 0.3) < 0.01
    assert values[counts.argmax()] < -1.0


def test_a_seed_of_its_own_does_not_follow_the_run() -> None:
    x = np.ones((2, 200))
    np.testing.assert_array_equal(trained(Dropout(0.5, seed=7), x, seed=0), trained(Dropout(0.5, seed=7), x, seed=1))
    assert (trained(Dropout(0.5), x, seed=0) != trained(Dropout(0.5), x, seed=1)).any()
    assert (trained(Dropout(0.5, seed=7), x) != trained(Dropout(0.5, seed=8), x)).any()
