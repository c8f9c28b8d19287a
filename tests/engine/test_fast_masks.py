"""The compiled kernels behind masks against those of NumPy: for each layer that reads masks, on padded sequences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine import fast
from engine.plan import Plan, compile
from graph.layers.attention import AdditiveAttention, Attention, MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input
from graph.layers.masking import Masking
from graph.layers.pooling import GlobalAveragePooling1D
from graph.layers.rectifiers import Softmax
from graph.layers.recurrent import GRU, LSTM, SimpleRNN
from graph.layers.wrappers import Bidirectional, TimeDistributed
from graph.network import Network, Wire
from tests.engine.test_fast import numpy_only

__all__ = ["numpy_only"]
pytestmark = pytest.mark.skipif(not fast.wanted(), reason="numba is not installed, or NETLOOM_FAST is 0")

BATCH, STEPS, FEATURES = 16, 12, 8
READERS: list[Layer] = [
    AdditiveAttention(),
    Attention(),
    Bidirectional(GRU(8, return_sequences=True)),
    Bidirectional(LSTM(8)),
    GRU(24),
    GRU(8, return_sequences=True, go_backwards=True),
    GRU(8, reset_after=False),
    GlobalAveragePooling1D(),
    LSTM(24),
    LSTM(8, return_sequences=True),
    LSTM(8, go_backwards=True, use_bias=False),
    MultiHeadAttention(2, 4),
    SimpleRNN(8, return_sequences=True),
    Softmax(),
    TimeDistributed(Dense(200)),
]
PADDED: list[Layer] = [Masking(), Embedding(30, FEATURES, mask_zero=True)]


def results(padded: Layer, layer: Layer, dtype: Any, training: bool) -> dict[str, np.ndarray]:
    """All that a step writes for sequences of many lengths, one of them empty and one of them with holes."""
    words = isinstance(padded, Embedding)
    ports = [port.name for port in layer.inputs if not port.optional]
    network = Network.of(
        {"x": Input(shape=(STEPS,) if words else (STEPS, FEATURES)), "padded": padded, "y": layer},
        [Wire("x", "padded"), *(Wire("padded", "y", "y", port) for port in ports)],
    )
    plan = compile(network, BATCH, training=training, input_gradients=training and not words, dtype=dtype, seed=1)
    generator = np.random.default_rng(2)
    there = np.arange(STEPS) < generator.integers(0, STEPS + 1, (BATCH, 1))
    there[0], there[1], there[2] = False, True, np.arange(STEPS) % 3 > 0
    drawn = generator.integers(1, 30, there.shape) if words else generator.standard_normal((*there.shape, FEATURES))
    plan.inputs["x"][...] = drawn * (there if words else there[..., None])
    return written(plan, generator)


def written(plan: Plan, generator: np.random.Generator) -> dict[str, np.ndarray]:
    """What a step writes."""
    plan.forward()
    found = {"y": plan.outputs["y"].copy(), **{f"mask {name}": mask.copy() for name, mask in plan.masks.items()}}
    if plan.training:
        for dy in plan.output_gradients.values():
            dy[...] = generator.standard_normal(dy.shape)
        plan.backward()
        found |= {"dw": plan.parameters.gradient, **{f"d{name}": dx for name, dx in plan.input_gradients.items()}}
    return found


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("padded", PADDED, ids=lambda layer: layer.key)
@pytest.mark.parametrize("layer", READERS, ids=lambda layer: str(layer))
def test_compiled_is_as_numpy(padded: Layer, layer: Layer, dtype: Any, training: bool, request: Any) -> None:
    compiled = results(padded, layer, dtype, training)
    request.getfixturevalue("numpy_only")
    plain = results(padded, layer, dtype, training)
    assert set(compiled) == set(plain)
    exact = 1e-4 if dtype is np.float32 else 1e-11
    for name, expected in plain.items():
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        np.testing.assert_allclose(compiled[name], expected, rtol=exact, atol=exact * scale, err_msg=name)
