"""Two layers computed as one step are those two layers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine import fast
from engine.crew import at_work
from engine.plan import Plan, compile
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Concatenate
from graph.layers.pooling import GlobalAveragePooling1D
from graph.network import Network, Wire

pytestmark = pytest.mark.skipif(not fast.wanted(), reason="numba is not installed, or NETLOOM_FAST is 0")

WORDS, MEAN = Embedding(50, 6), GlobalAveragePooling1D()
PORT = Concatenate.inputs[0].name


def behind(*layers: Layer) -> Network:
    """Words, and layers behind each other."""
    names = ["x", *(f"layer {i}" for i in range(len(layers)))]
    made = dict(zip(names, (Input(shape=(9,)), *layers), strict=True))
    return Network.of(made, [Wire(a, b) for a, b in pairwise(names)])


def step(network: Network, dtype: Any, batch: int = 4) -> Plan:
    """A plan that has run forwards and backwards."""
    plan = compile(network, batch, dtype=dtype, seed=3)
    generator = np.random.default_rng(4)
    for x in plan.inputs.values():
        x[...] = generator.integers(-2, 55, x.shape)
    plan.forward()
    for dy in plan.output_gradients.values():
        dy[...] = generator.standard_normal(dy.shape)
    plan.backward()
    return plan


def tells_of(plan: Plan) -> list[str]:
    """The kernels of its steps."""
    return [type(run.__self__).__name__ for run, _ in plan._forward]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("batch", [1, 700])
@pytest.mark.parametrize(
    "network",
    [behind(WORDS, MEAN), behind(WORDS, MEAN, Dense(3)), behind(Embedding(50, 6, trainable=False), MEAN, Dense(3))],
)
def test_mean_of_words(network: Network, batch: int, dtype: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.crew.CORES", 3)
    monkeypatch.setattr("engine.crew.LEAST_VALUES", 100)
    with at_work():
        joint = step(network, dtype, batch)
    monkeypatch.setattr("engine.joint._rules", {})
    apart = step(network, dtype, batch)
    assert "MeanOfWordsKernel" in tells_of(joint)
    assert "MeanOfWordsKernel" not in tells_of(apart)
    assert joint.memory().total < apart.memory().total or batch == 1
    exact = 1e-5 if dtype is np.float32 else 1e-12
    for name, y in apart.outputs.items():
        np.testing.assert_allclose(joint.outputs[name], y, rtol=exact, atol=exact)
    expected = apart.parameters.gradient
    scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
    np.testing.assert_allclose(joint.parameters.gradient, expected, rtol=exact, atol=exact * scale)


def test_where_somebody_else_reads_between_them_they_stay_apart() -> None:
    both = Network.of(
        {"x": Input(shape=(9,)), "w": WORDS, "m": MEAN, "n": MEAN, "y": Concatenate()},
        [Wire("x", "w"), Wire("w", "m"), Wire("w", "n"), Wire("m", "y", "y", PORT), Wire("n", "y", "y", PORT)],
    )
    shown = Network.of(
        {"x": Input(shape=(9,)), "w": WORDS, "m": MEAN, "y": Output()}, [Wire("x", "w"), Wire("w", "m"), Wire("w", "y")]
    )
    hidden = behind(Embedding(50, 6, mask_zero=True), MEAN)
    kept = behind(WORDS, GlobalAveragePooling1D(keepdims=True))
    for network in (both, shown, hidden, kept):
        assert "MeanOfWordsKernel" not in tells_of(step(network, np.float32))
