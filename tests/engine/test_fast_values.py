"""The compiled functions of every value, and the compiled losses, against those of NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import engine.kernel
from engine import fast
from engine.fast.losses import CompiledMeanSquaredError, CompiledSigmoidCrossentropy
from engine.kernels.activation import Sigmoid, Tanh
from engine.loss import Ends
from engine.losses.crossentropy import SigmoidCrossentropy
from engine.losses.numbers import MeanSquaredErrorFunction
from engine.plan import compile
from graph.layers.activation import Activation
from graph.layers.endpoints import Input
from graph.losses import BinaryCrossentropy, MeanSquaredError
from graph.network import Network, Wire

pytestmark = pytest.mark.skipif(not fast.wanted(), reason="numba is not installed, or NETLOOM_FAST is 0")


def step(name: str, x: np.ndarray, dtype: Any) -> tuple[np.ndarray, np.ndarray]:
    """The output and the gradient of an activation for these inputs, the slope of every output being 2.

    The compiled tanh may be off by 3e-7, and so its slope, 2 (1 - y²), by four times as much.
    """
    network = Network.of({"x": Input(shape=x.shape[1:]), "y": Activation(name)}, [Wire("x", "y")])
    plan = compile(network, len(x), input_gradients=True, dtype=dtype)
    plan.inputs["x"][...] = x
    with np.errstate(over="ignore"):
        plan.forward()
        plan.output_gradients["y"].fill(2.0)
        plan.backward()
    return plan.outputs["y"], plan.input_gradients["x"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "plain"), [("sigmoid", Sigmoid), ("tanh", Tanh)])
def test_activations_are_as_numpy(name: str, plain: Any, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).standard_normal((700, 301)) * 4.0
    x[0, :6] = 0.0, 1e-20, -30.0, 30.0, -80.0, 80.0
    compiled = step(name, x, dtype)
    monkeypatch.setitem(engine.kernel._activations, name, plain)
    expected = step(name, x, dtype)
    off = 3e-7 if dtype is np.float32 else 1e-15
    for found, true, times in zip(compiled, expected, (1.0, 4.0), strict=True):
        np.testing.assert_allclose(found, true, rtol=off, atol=times * off)


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_ends_of_the_line(name: str) -> None:
    x = np.array([[-np.inf, -1e30, 1e30, np.inf, np.nan]])
    y, dx = step(name, x, np.float32)
    low = 0.0 if name == "sigmoid" else -1.0
    np.testing.assert_allclose(y, [[low, low, 1.0, 1.0, np.nan]], atol=1e-6)
    np.testing.assert_allclose(dx, [[0.0, 0.0, 0.0, 0.0, np.nan]], atol=1e-5)


LOSSES: list[tuple[Any, Any, Any]] = [
    (MeanSquaredError(), CompiledMeanSquaredError, MeanSquaredErrorFunction),
    (BinaryCrossentropy(), CompiledSigmoidCrossentropy, SigmoidCrossentropy),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("declared", "compiled", "plain"), LOSSES)
def test_losses_are_as_numpy(declared: Any, compiled: Any, plain: Any, weighted: bool, dtype: Any) -> None:
    generator = np.random.default_rng(1)
    x = (generator.standard_normal((70, 3, 100)) * 10.0).astype(dtype)
    y, t = (1.0 / (1.0 + np.exp(-x))).astype(dtype), generator.random(x.shape).astype(dtype)
    weights = np.linspace(0.0, 2.0, 70).astype(dtype) if weighted else None
    values, slopes = [], []
    for cls in (compiled, plain):
        ends = Ends(y, t, x, np.empty_like(y), 0.5, weights)
        function = cls(declared, ends)
        values.append(function.value())
        function.slope()
        slopes.append(ends.dy)
    exact = 1e-5 if dtype is np.float32 else 1e-12
    assert values[0] == pytest.approx(values[1], rel=exact)
    np.testing.assert_allclose(slopes[0], slopes[1], rtol=exact, atol=1e-12)
