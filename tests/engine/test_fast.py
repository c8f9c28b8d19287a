"""The compiled kernels against those of NumPy, which say what they must compute."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine.kernel
from engine import fast
from engine.crew import at_work
from engine.fast.losses import CompiledSparseSoftmaxCrossentropy
from engine.fast.sequences import SequenceKernel
from engine.kernels.activation import Relu
from engine.kernels.columns import Columns
from engine.kernels.core import DenseKernel, EmbeddingKernel
from engine.kernels.depthwise import DepthwiseKernel, SeparableKernel
from engine.kernels.dot import DotKernel
from engine.kernels.moments import LayerNormalizationKernel
from engine.kernels.normalization import BatchNormalizationKernel
from engine.kernels.pooling import (
    GlobalAveragePooling1DKernel,
    GlobalAveragePoolingKernel,
    GlobalMaxPoolingKernel,
    MaxPoolingKernel,
)
from engine.kernels.product import Product
from engine.kernels.recurrent import GRUKernel, LSTMKernel
from engine.kernels.shards import Shards
from engine.kernels.softmax import LastSoftmax
from engine.loss import Ends
from engine.losses.crossentropy import SparseSoftmaxCrossentropy
from engine.optimizers.adam import AdamStepper
from engine.optimizers.stepper import stepper_of
from engine.plan import Plan, compile
from graph.layers import layers
from graph.layers.activation import Activation
from graph.layers.attention import Attention, MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.convolution import Conv1D, Conv2D
from graph.layers.core import Dense, Embedding
from graph.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from graph.layers.dot import Dot
from graph.layers.endpoints import Input
from graph.layers.masking import Masking
from graph.layers.normalization import BatchNormalization, LayerNormalization
from graph.layers.pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    MaxPooling1D,
    MaxPooling2D,
)
from graph.layers.recurrent import GRU, LSTM
from graph.layers.transposed import Conv2DTranspose
from graph.losses import SparseCategoricalCrossentropy
from graph.network import Network, Wire
from graph.optimizers import Adam, AdamW

pytestmark = pytest.mark.skipif(not fast.wanted(), reason="numba is not installed, or NETLOOM_FAST is 0")

PLAIN: dict[str, Any] = {
    "BatchNormalization": BatchNormalizationKernel,
    "Dense": DenseKernel,
    "DepthwiseConv1D": DepthwiseKernel,
    "DepthwiseConv2D": DepthwiseKernel,
    "Embedding": EmbeddingKernel,
    "GRU": GRUKernel,
    "Dot": DotKernel,
    "GlobalAveragePooling1D": GlobalAveragePooling1DKernel,
    "GlobalAveragePooling2D": GlobalAveragePoolingKernel,
    "GlobalMaxPooling1D": GlobalMaxPoolingKernel,
    "GlobalMaxPooling2D": GlobalMaxPoolingKernel,
    "LSTM": LSTMKernel,
    "LayerNormalization": LayerNormalizationKernel,
    "MaxPooling1D": MaxPoolingKernel,
    "MaxPooling2D": MaxPoolingKernel,
    "SeparableConv1D": SeparableKernel,
    "SeparableConv2D": SeparableKernel,
}
IMAGES, SEQUENCES = (9, 8, 5), (11, 6)
CASES: list[tuple[Layer, tuple[int, ...]]] = [
    (Activation("relu"), (700, 300)),
    (BatchNormalization(), IMAGES),
    (BatchNormalization(center=False, scale=False, epsilon=0.1), (40_000, 7)),
    (BatchNormalization(trainable=False), SEQUENCES),
    (BatchNormalization(axis=1), IMAGES),
    (Conv1D(4, 3, padding="causal", dilation_rate=2), SEQUENCES),
    (Conv2D(4, 3, padding="same", strides=2), IMAGES),
    (Conv2D(3, (2, 4), dilation_rate=2), IMAGES),
    (Conv2D(8, 3, padding="same"), (40, 40, 16)),
    (Conv2D(16, 3), (11, 10, 1)),
    (Conv2D(32, (3, 2), padding="same", strides=2), (17, 18, 3)),
    *(
        WITHOUT_COLUMNS := [
            (Conv1D(16, 5, padding="causal"), (21, 8)),
            (Conv1D(48, 3), (10, 16)),
            (Conv2D(16, 3), (11, 10, 8)),
            (Conv2D(32, 3, padding="same"), (9, 19, 16)),
            (Conv2D(32, 3, padding="same", use_bias=False, trainable=False), (5, 8, 16)),
            (Conv2D(64, (2, 4), padding="same"), (40, 33, 32)),
            (Conv2D(16, (3, 4), strides=2, padding="same"), (17, 18, 4)),
            (Conv2D(16, 3, strides=(3, 1)), (17, 18, 32)),
            (Conv2D(16, 3, padding="same", data_format="channels_first"), (16, 9, 10)),
        ]
    ),
    (Conv2DTranspose(4, 3, strides=2, padding="same"), IMAGES),
    (Activation("softmax"), (30, 10)),
    (Activation("softmax"), (3000, 70)),
    (Dense(5), (7,)),
    (Dense(5, use_bias=False), (4, 6)),
    (Dense(5, trainable=False), (7,)),
    (Dense(300), (500,)),
    (DepthwiseConv1D(4, padding="same", dilation_rate=2), SEQUENCES),
    (DepthwiseConv2D(3, padding="same"), IMAGES),
    (DepthwiseConv2D((2, 3), dilation_rate=3), IMAGES),
    (DepthwiseConv2D(3, padding="same", data_format="channels_first"), IMAGES),
    (DepthwiseConv2D(3, strides=2, depth_multiplier=2), IMAGES),
    (DepthwiseConv2D(3, padding="same"), (60, 60, 32)),
    (DepthwiseConv2D(3, padding="same", dilation_rate=(2, 3), data_format="channels_first"), (16, 9, 11)),
    (DepthwiseConv2D(3, use_bias=False), (5, 4, 48)),
    (Attention(), SEQUENCES),
    (MultiHeadAttention(2, 4, use_causal_mask=True), (20, 6)),
    (Dot(axes=(2, 2)), SEQUENCES),
    (Dot(axes=(2, 1)), (6, 6)),
    (Dot(axes=(2, 2), normalize=True), SEQUENCES),
    (Embedding(50_000, 8), (90,)),
    (GlobalAveragePooling1D(), SEQUENCES),
    (GlobalAveragePooling2D(data_format="channels_first"), IMAGES),
    (GlobalMaxPooling1D(), SEQUENCES),
    (GlobalMaxPooling2D(keepdims=True), (60, 60, 32)),
    (GRU(5, return_sequences=True), SEQUENCES),
    (GRU(5, use_bias=False, go_backwards=True), SEQUENCES),
    (GRU(5, reset_after=False), SEQUENCES),
    (GRU(5, activation="relu", recurrent_activation="hard_sigmoid"), SEQUENCES),
    (LayerNormalization(), SEQUENCES),
    (LayerNormalization(center=False, scale=False), (300, 200)),
    (LayerNormalization(axis=1), IMAGES),
    (LSTM(5, return_sequences=True), SEQUENCES),
    (LSTM(40, use_bias=False), (9, 70)),
    (LSTM(5, activation="softsign"), SEQUENCES),
    (MaxPooling1D(3, strides=2, padding="same"), SEQUENCES),
    (MaxPooling2D(2), (60, 60, 32)),
    (MaxPooling2D((2, 3), strides=(1, 2)), IMAGES),
    (MaxPooling2D(3, padding="same", data_format="channels_first"), IMAGES),
    (SeparableConv1D(4, 3), SEQUENCES),
    (SeparableConv2D(4, 3, padding="same"), IMAGES),
    (SeparableConv2D(4, 3, padding="same"), (9, 8, 32)),
]


@pytest.fixture
def numpy_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels of NumPy in their places."""
    for key, cls in PLAIN.items():
        monkeypatch.setitem(engine.kernel._kernels, layers[key], cls)
    monkeypatch.setitem(engine.kernel._activations, "relu", Relu)
    monkeypatch.setitem(engine.kernel._activations, "softmax", LastSoftmax)
    monkeypatch.setattr("engine.kernels.weighing.wanted", lambda: False)
    monkeypatch.setattr("engine.kernels.product.CompiledColumns", Columns)
    monkeypatch.setattr("engine.kernels.convolution.product_of", Product)


def plan_of(layer: Layer, sizes: tuple[int, ...], dtype: Any, training: bool, batch: int = 3) -> Plan:
    """The layer behind an input, with random weights."""
    ports = [port for port in layer.inputs if not port.optional]
    network = Network.of({"x": Input(shape=sizes), "y": layer}, [Wire("x", "y", "y", port.name) for port in ports])
    words = isinstance(layer, Embedding)
    plan = compile(network, batch, training=training, input_gradients=training and not words, dtype=dtype)
    generator = np.random.default_rng(1)
    for name, w in plan.parameters.named().items():
        w[...] = generator.random(w.shape) + 0.5 if "variance" in name else generator.standard_normal(w.shape)
    return plan


def results(plan: Plan, words: bool) -> dict[str, np.ndarray]:
    """All that a step writes, for random values in which many are equal."""
    generator = np.random.default_rng(2)
    x = plan.inputs["x"]
    x[...] = generator.integers(0, 50_000, x.shape) if words else np.round(generator.standard_normal(x.shape), 1)
    plan.forward()
    found = {"y": plan.outputs["y"].copy()}
    if plan.training:
        for dy in plan.output_gradients.values():
            dy[...] = generator.standard_normal(dy.shape)
        plan.backward()
        found |= {
            "dw": plan.parameters.gradient.copy(),
            **{f"d{n}": dx.copy() for n, dx in plan.input_gradients.items()},
        }
    return found | {name: w.copy() for name, w in plan.parameters.named().items()}


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("layer", "sizes"), CASES, ids=lambda value: str(value))
def test_compiled_is_as_numpy(layer: Layer, sizes: tuple[int, ...], dtype: Any, training: bool, request: Any) -> None:
    words = isinstance(layer, Embedding)
    compiled = results(plan_of(layer, sizes, dtype, training), words)
    request.getfixturevalue("numpy_only")
    plain = results(plan_of(layer, sizes, dtype, training), words)
    assert set(compiled) == set(plain)
    exact = 1e-4 if dtype is np.float32 else 1e-11
    for name, expected in plain.items():
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        np.testing.assert_allclose(compiled[name], expected, rtol=exact, atol=exact * scale, err_msg=name)


AT_ONCE: list[LSTM | GRU] = [
    LSTM(24),
    LSTM(8, return_sequences=True),
    LSTM(50, use_bias=False, go_backwards=True),
    LSTM(33, return_sequences=True, go_backwards=True),
    LSTM(24, trainable=False),
    GRU(24, go_backwards=True),
    GRU(8, return_sequences=True),
    GRU(50, use_bias=False),
    GRU(33, return_sequences=True, go_backwards=True),
    GRU(24, trainable=False),
]


def with_states(layer: LSTM | GRU, training: bool, batch: int) -> Plan:
    """The layer behind first states, with an end for each output."""
    layer = layer.with_(return_state=True)
    firsts, outputs = [port.name for port in layer.states], [port.name for port in layer.outputs]
    entries = {"x": Input((13, 7)), **{name: Input((layer.units,)) for name in firsts}}
    ends = {"y" if name == "y" else f"last {name}": Activation("linear") for name in outputs}
    wires = [Wire("x", "layer"), *(Wire(name, "layer", target_port=name) for name in firsts)]
    wires += [Wire("layer", end, name) for end, name in zip(ends, outputs, strict=True)]
    network = Network.of({**entries, "layer": layer, **ends}, wires)
    plan = compile(network, batch, training=training, input_gradients=training)
    generator = np.random.default_rng(1)
    for values in (plan.parameters.values, *plan.inputs.values()):
        values[...] = generator.standard_normal(values.shape) * 0.3
    return plan


@pytest.mark.skipif(not fast.wide(), reason="the processor has no AVX-512")
@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize(("batch", "cores"), [(3, 1), (32, 1), (41, 3)])
@pytest.mark.parametrize("layer", AT_ONCE, ids=lambda layer: str(layer))
def test_a_sequence_at_once_is_as_numpy(
    layer: LSTM | GRU, batch: int, cores: int, training: bool, request: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one thread and on several."""
    monkeypatch.setattr("engine.crew.CORES", cores)
    monkeypatch.setattr("engine.crew.LEAST_MACS", 1)

    def found() -> dict[str, np.ndarray]:
        alone = plan_of(layer, (13, 7), np.float32, training, batch)
        alone.parameters.values *= 0.3
        chained = with_states(layer, training, batch)
        first = results(chained, False)
        ends = {name: y.copy() for name, y in chained.outputs.items()}
        return results(alone, False) | {f"{name} chained": value for name, value in (first | ends).items()}

    compiled = found()
    request.getfixturevalue("numpy_only")
    for name, expected in found().items():
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        np.testing.assert_allclose(compiled[name], expected, rtol=1e-4, atol=1e-5 * scale, err_msg=name)


@pytest.mark.skipif(not fast.wide(), reason="the processor has no AVX-512")
def test_a_sequence_is_at_once_where_nothing_is_masked_or_dropped() -> None:
    x, wires = Input((5, 3)), [Wire("x", "m"), Wire("m", "y")]
    for front, layer, training, at_once in (
        (Activation("linear"), LSTM(5), True, True),
        (Activation("linear"), GRU(5, dropout=0.5), False, True),
        (Activation("linear"), LSTM(5, dropout=0.5), True, False),
        (Activation("linear"), GRU(5, recurrent_dropout=0.5), True, False),
        (Masking(), LSTM(5), True, False),
    ):
        plan = compile(Network.of({"x": x, "m": front, "y": layer}, wires), 2, training=training)
        made = plan._forward[-1][0].__self__
        made = made.parts[0][1] if isinstance(made, Shards) else made
        assert isinstance(made.kernel, SequenceKernel) == at_once, layer


@pytest.mark.parametrize("layer", [LSTM(5, return_sequences=True), GRU(5, return_sequences=True)], ids=str)
def test_a_stateful_sequence_goes_on_where_it_stopped(layer: Layer) -> None:
    """Two batches are as one of both lengths."""
    x = np.random.default_rng(6).standard_normal((4, 12, 3)).astype(np.float32)
    whole = compile(Network.of({"x": Input((12, 3)), "y": layer}, [Wire("x", "y")]), 4, training=False)
    entries = {"x": Input((6, 3), batch_size=4), "y": layer.with_(stateful=True)}
    halves = compile(Network.of(entries, [Wire("x", "y")]), 4, training=False)
    whole.inputs["x"][...] = x
    whole.forward()
    for steps in (slice(6), slice(6, 12)):
        halves.inputs["x"][...] = x[:, steps]
        halves.forward()
        np.testing.assert_allclose(halves.outputs["y"], whole.outputs["y"][:, steps], rtol=1e-5, atol=1e-6)


@pytest.mark.skipif(not fast.wide(), reason="the processor has no AVX-512")
@pytest.mark.parametrize(("layer", "sizes"), WITHOUT_COLUMNS, ids=lambda value: str(value))
def test_columns_are_not_needed(layer: Layer, sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """And on three threads it is the same."""
    alone = plan_of(layer, sizes, np.float32, training=True)
    expected = results(alone, False)
    monkeypatch.setattr("engine.crew.CORES", 3)
    monkeypatch.setattr("engine.crew.LEAST_MACS", 1)
    monkeypatch.setattr("engine.kernels.product.CompiledColumns.gather", None)
    with at_work():
        shared = results(plan_of(layer, sizes, np.float32, training=True), False)
    for name, values in expected.items():
        scale = float(np.abs(values).max(initial=1.0))
        np.testing.assert_allclose(shared[name], values, rtol=1e-5, atol=1e-5 * scale, err_msg=name)


@pytest.mark.parametrize("declared", [Adam(0.01), AdamW(weight_decay=0.1), Adam(amsgrad=True), Adam(clipnorm=0.1)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_adam_is_as_numpy(declared: Adam, dtype: Any) -> None:
    generator = np.random.default_rng(3)
    start = generator.standard_normal(100_000).astype(dtype)
    slopes = generator.standard_normal((5, 100_000)).astype(dtype)
    ends = []
    for cls in (type(stepper_of(declared, start[:0], start[:0])), AdamStepper):
        w, g = start.copy(), np.empty_like(start)
        stepper = cls(declared, w, g)
        for slope in slopes:
            g[...] = slope
            stepper.step()
        ends.append(w)
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-5, atol=1e-6)
    assert not np.array_equal(ends[0], start)


def test_what_is_no_number_is_not_hidden() -> None:
    layers_of: list[tuple[Layer, tuple[int, ...]]] = [
        (Activation("relu"), (4, 4, 3)),
        (Activation("softmax"), (40,)),
        (GRU(16), (4, 3)),
        (GlobalMaxPooling2D(), (4, 4, 3)),
        (LSTM(16), (4, 3)),
        (LayerNormalization(), (4,)),
        (MaxPooling2D(2), (4, 4, 3)),
    ]
    for layer, sizes in layers_of:
        plan = plan_of(layer, sizes, np.float32, training=True)
        plan.inputs["x"].fill(1.0)
        plan.inputs["x"].reshape(-1)[0] = np.nan
        plan.forward()
        assert np.isnan(plan.outputs["y"]).any(), layer.key


def test_nothing_is_imported_before_it_is_computed() -> None:
    code = (
        "import sys; from engine import fast, templates; from engine.memory import training_memory; "
        "from graph.check import check; project = templates.make('digits')[0]; "
        "training_memory(check(project).inference, project.training); "
        "assert fast.wanted() and 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_it_numpy_computes() -> None:
    code = (
        "import engine.kernels; from engine.kernel import kernel_of; from graph.layers import layers; "
        "assert kernel_of(layers['MaxPooling2D']()).__module__ == 'engine.kernels.pooling'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "NETLOOM_FAST": "0"})


def test_every_loop_has_a_name() -> None:
    package = importlib.import_module("engine.fast.loops")
    for name in package.__all__:
        assert getattr(fast.loops, name).__doc__


@pytest.mark.parametrize("weighted", [False, True])
def test_crossentropy_is_as_numpy(weighted: bool) -> None:
    generator = np.random.default_rng(4)
    x = generator.standard_normal((7, 3, 10)) * 20.0
    y = np.exp(x - x.max(axis=-1, keepdims=True))
    y /= y.sum(axis=-1, keepdims=True)
    t = generator.integers(0, 10, (7, 3))
    found = []
    for cls in (CompiledSparseSoftmaxCrossentropy, SparseSoftmaxCrossentropy):
        ends = Ends(y, t, x, np.zeros_like(y), 0.5, np.linspace(0.0, 2.0, 7) if weighted else None)
        function = cls(SparseCategoricalCrossentropy(), ends)
        found.append(function.value())
        function.slope()
        found.append(ends.dy)
    np.testing.assert_allclose(found[0], found[2], rtol=1e-12)
    np.testing.assert_allclose(found[1], found[3], rtol=1e-12)


def test_functions_of_one_number() -> None:
    ends = np.array([[-np.inf, -1e9, -87.5, -80.0, -1.0, 0.0]], np.float32)
    rows = ends.copy()
    fast.loops.softmax_rows(rows)
    e = np.exp(ends.astype(np.float64))
    np.testing.assert_allclose(rows, e / e.sum(), rtol=1e-6, atol=1e-37)
    assert rows[0, 0] == rows[0, 1] == 0.0


def test_a_change_of_any_loop_is_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("engine.fast.loops.compiled")
    monkeypatch.setattr(module, "__file__", str(tmp_path / "compiled.py"))
    (tmp_path / "scalars.py").write_text("a = 1")
    first = module.kept_in()
    (tmp_path / "scalars.py").write_text("a = 2")
    assert module.kept_in() != first
    (tmp_path / "scalars.py").write_text("a = 1")
    assert module.kept_in() == first


def test_what_cannot_be_kept_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("engine.fast.loops.compiled")
    monkeypatch.setattr("numba.core.caching.CacheImpl._locator_classes", [])

    @module.compiled
    def twice(x: float) -> float:
        return 2.0 * x

    assert twice(3.0) == 6.0
