"""Netloom's training steps (forward, loss, backward, Adam) and predictions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

from engine.blas import choose_core_type

choose_core_type()

import numpy as np  # noqa: E402  (the kernels are chosen before)

from bench.steps.worker import Side, serve  # noqa: E402
from engine.crew import at_work  # noqa: E402
from engine.kernels.products import multiply, parts_of  # noqa: E402
from engine.memory import training_memory  # noqa: E402
from engine.objective import Objective, goals_of, logits_of  # noqa: E402
from engine.optimizers import stepper_of  # noqa: E402
from engine.plan import Plan, compile  # noqa: E402
from graph.declare import UnknownName  # noqa: E402
from graph.infer import infer  # noqa: E402
from graph.layers import layers  # noqa: E402
from graph.layers.base import Layer  # noqa: E402
from graph.losses import losses  # noqa: E402
from graph.network import Network, Wire  # noqa: E402
from graph.optimizers import Adam  # noqa: E402
from graph.recipe import TrainingRecipe  # noqa: E402

GEMM_SECONDS = 0.3


class Wiring:
    """A network under construction: every call adds a layer behind others and gives its name."""

    def __init__(self) -> None:
        self.layers: dict[str, Layer] = {}
        self.wires: list[Wire] = []

    def add(self, key: str, *sources: str, **parameters: Any) -> str:
        """A layer behind `sources`, one for every input port; all into the only port where that takes many."""
        layer = layers.make(key, parameters)
        name = f"{key.lower()}_{len(self.layers)}"
        ports = [port.name for port in layer.inputs]
        several = ports if len(ports) >= len(sources) else ports * len(sources)
        self.layers[name] = layer
        self.wires += [Wire(a, name, target_port=port) for a, port in zip(sources, several, strict=False)]
        return name

    def chain(self, source: str, *added: tuple[str, dict[str, Any]]) -> str:
        """Layers one behind another."""
        for key, parameters in added:
            source = self.add(key, source, **parameters)
        return source


def dense(units: int, activation: str = "relu") -> tuple[str, dict[str, Any]]:
    """A Dense layer."""
    return "Dense", {"units": units, "activation": activation}


def conv(filters: int, padding: str = "same", size: int = 3, strides: int = 1, activation: str = "relu") -> Any:
    """A convolution, of 3×3 and with relu where nothing else is said."""
    return "Conv2D", {
        "filters": filters,
        "kernel_size": (size, size),
        "strides": (strides, strides),
        "padding": padding,
        "activation": activation,
    }


POOL: tuple[str, dict[str, Any]] = ("MaxPooling2D", {})
NORM: tuple[str, dict[str, Any]] = ("BatchNormalization", {})
RELU: tuple[str, dict[str, Any]] = ("Activation", {"activation": "relu"})
FLATTEN: tuple[str, dict[str, Any]] = ("Flatten", {})
MEAN_2D: tuple[str, dict[str, Any]] = ("GlobalAveragePooling2D", {})
TEN = dense(10, "softmax")


def behind(shape: tuple[int, ...], *added: tuple[str, dict[str, Any]]) -> Callable[[Wiring], None]:
    """A chain of layers behind one input."""

    def make(w: Wiring) -> None:
        w.chain(w.add("Input", shape=shape), *added)

    return make


def residual(w: Wiring) -> None:
    """Three residual blocks of 16, 32 and 64 filters."""
    x = w.chain(w.add("Input", shape=(32, 32, 3)), conv(16, activation="linear"), NORM, RELU)
    for filters, strides in ((16, 1), (32, 2), (64, 2)):
        y = w.chain(x, conv(filters, strides=strides, activation="linear"), NORM, RELU)
        y = w.chain(y, conv(filters, activation="linear"), NORM)
        if strides > 1:
            x = w.chain(x, conv(filters, size=1, strides=strides, activation="linear"), NORM)
        x = w.chain(w.add("Add", x, y), RELU)
    w.chain(x, MEAN_2D, TEN)


def transformer(w: Wiring) -> None:
    """Two blocks of self-attention and a layer of 512 units, each behind a normalization and around a short cut."""
    x = w.add("Input", shape=(64, 128))
    for _ in range(2):
        normed = w.add("LayerNormalization", x)
        attended = w.add("MultiHeadAttention", normed, normed, num_heads=4, key_dim=32)
        x = w.add("Add", x, attended)
        fed = w.chain(x, ("LayerNormalization", {}), dense(512), dense(128, "linear"))
        x = w.add("Add", x, fed)
    w.chain(x, ("GlobalAveragePooling1D", {}), TEN)


def skip_gram(w: Wiring) -> None:
    """A word, and six others of which one stood beside it."""
    word = w.add("Embedding", w.add("Input", shape=(1,)), input_dim=10_000, output_dim=128)
    others = w.add("Embedding", w.add("Input", shape=(6,)), input_dim=10_000, output_dim=128)
    product = w.add("Dot", others, word, axes=(2, 2))
    w.chain(product, FLATTEN, ("Activation", {"activation": "sigmoid"}))


def separable(filters: int) -> tuple[tuple[str, dict[str, Any]], ...]:
    """A separable convolution with its normalization and pooling."""
    parameters = {"filters": filters, "kernel_size": (3, 3), "padding": "same", "use_bias": False}
    return ("SeparableConv2D", parameters), NORM, RELU, POOL


CROSSENTROPY = "sparse_categorical_crossentropy"
VGG = (conv(32), conv(32), POOL, conv(64), conv(64), POOL, FLATTEN, dense(256), TEN)
SEPARABLE = (conv(32), *separable(64), *separable(128), MEAN_2D, TEN)
TEXT = (
    ("Embedding", {"input_dim": 10_000, "output_dim": 64}),
    ("Conv1D", {"filters": 128, "kernel_size": (5,), "activation": "relu"}),
    ("GlobalMaxPooling1D", {}),
    dense(64),
    dense(2, "softmax"),
)
MEAN_OF_WORDS = (
    ("Embedding", {"input_dim": 20_000, "output_dim": 64}),
    ("GlobalAveragePooling1D", {}),
    dense(32),
    dense(2, "softmax"),
)
BIDIRECTIONAL = ("Bidirectional", {"layer": {"type": "LSTM", "parameters": {"units": 128}}})
CNN = (conv(32, "valid"), conv(64, "valid"), POOL, FLATTEN, dense(128), TEN)

Made = tuple[int, str, Callable[[Wiring], None]]
NETWORKS: dict[str, Made] = {
    "mlp 2-8-8-2, batch 32": (32, CROSSENTROPY, behind((2,), dense(8), dense(8), dense(2, "softmax"))),
    "mlp 64-128-10, batch 64": (64, CROSSENTROPY, behind((64,), dense(128), TEN)),
    "mlp 784-512-256-10, batch 128": (128, CROSSENTROPY, behind((784,), dense(512), dense(256), TEN)),
    "mlp 784-1024-1024-10, batch 256": (256, CROSSENTROPY, behind((784,), dense(1024), dense(1024), TEN)),
    "cnn 28x28, batch 64": (64, CROSSENTROPY, behind((28, 28, 1), *CNN)),
    "vgg 32x32x3, batch 64": (64, CROSSENTROPY, behind((32, 32, 3), *VGG)),
    "residual cnn 32x32x3, batch 64": (64, CROSSENTROPY, residual),
    "separable cnn 32x32x3, batch 64": (64, CROSSENTROPY, behind((32, 32, 3), *SEPARABLE)),
    "conv1d text 128 words, batch 64": (64, CROSSENTROPY, behind((128,), *TEXT)),
    "lstm 32x64-128, batch 64": (64, CROSSENTROPY, behind((32, 64), ("LSTM", {"units": 128}), TEN)),
    "gru 32x64-128, batch 64": (64, CROSSENTROPY, behind((32, 64), ("GRU", {"units": 128}), TEN)),
    "bidirectional lstm, batch 64": (64, CROSSENTROPY, behind((32, 64), BIDIRECTIONAL, TEN)),
    "mean of 200 words, batch 64": (64, CROSSENTROPY, behind((200,), *MEAN_OF_WORDS)),
    "transformer 64x128, batch 32": (32, CROSSENTROPY, transformer),
    "autoencoder 784, batch 128": (
        128,
        "mean_squared_error",
        behind((784,), dense(128), dense(32), dense(128), dense(784, "sigmoid")),
    ),
    "skip-gram 10,000x128, batch 256": (256, "binary_crossentropy", skip_gram),
}
DENSE_BOUND = ("mlp 784-512-256-10, batch 128", "mlp 784-1024-1024-10, batch 256")


def make(name: str) -> Side | None:
    """One network on random samples; None where the catalogue lacks a layer."""
    batch, loss, wire = NETWORKS[name]
    wiring = Wiring()
    try:
        wire(wiring)
    except UnknownName:
        return None
    network = Network.of(wiring.layers, wiring.wires)
    recipe = TrainingRecipe(optimizer=Adam(), loss=losses.make(loss), batch_size=batch)
    goals = goals_of(infer(network), recipe, ["y"])
    told = training_memory(infer(network), recipe)
    plan = compile(network, batch, logits=logits_of(goals))
    bound = Objective(goals).on(plan)
    parameters = plan.parameters
    optimizer = stepper_of(recipe.optimizer, parameters.trainable, parameters.gradient, parameters.arrays())
    generator = np.random.default_rng(0)
    fill(plan, wiring, generator)
    for t in bound.targets.values():
        high = 2 if loss == "binary_crossentropy" else next(iter(plan.outputs.values())).shape[-1]
        t[...] = generator.random(t.shape) if loss == "mean_squared_error" else generator.integers(0, high, t.shape)

    def train() -> None:
        plan.forward()
        bound.figures()
        bound.slopes()
        plan.backward()
        optimizer.step()

    inference: list[Plan] = []

    def predict() -> None:
        if not inference:
            inference.append(plan.at(batch, training=False))
            fill(inference[0], wiring, generator)
        inference[0].forward()

    def facts() -> Mapping[str, Any]:
        shapes = products(wiring, plan) if name in DENSE_BOUND else []
        gemm = {"gemm": gemm_seconds(shapes, batch)} if shapes else {}
        predicting = plan.at(batch, training=False).memory()
        foretold = told + predicting.tensors + predicting.scratch
        return {"foretold": foretold / 2**20, **gemm}

    return Side({"train": train}, {"predict": predict}, facts)


def warm_up() -> None:
    """Run a small network and a large product, so that what the libraries themselves take is there before."""
    small = make(next(iter(NETWORKS)))
    assert small is not None
    for step in (*small.train.values(), *small.predict.values()):
        step()
    one = np.ones((1024, 1024), np.float32)
    multiply(one, one, np.empty_like(one), parts_of(1024, 1024, 1024))


def fill(plan: Plan, wiring: Wiring, generator: np.random.Generator) -> None:
    """Random inputs: numbers of words where an Embedding reads them."""
    for name, x in plan.inputs.items():
        reader = wiring.layers[next(wire.target for wire in wiring.wires if wire.source == name)]
        words = reader.config().get("input_dim") if reader.key == "Embedding" else None
        x[...] = generator.integers(0, words, x.shape) if words else generator.standard_normal(x.shape)


def products(wiring: Wiring, plan: Plan) -> Sequence[tuple[int, int]]:
    """The sizes of the weights of every Dense."""
    names = [name for name, layer in wiring.layers.items() if layer.key == "Dense"]
    return [plan.parameters.of(name)["kernel"].shape for name in names]


def gemm_seconds(shapes: Sequence[tuple[int, int]], batch: int) -> float:
    """The seconds that the products of a training step take by themselves, on the crew's threads; the least of many."""
    calls = []
    for i, (n, m) in enumerate(shapes):
        x, w, dy = (np.ones(size, np.float32) for size in ((batch, n), (n, m), (batch, m)))
        calls.append((x, w, np.empty_like(dy), parts_of(batch, m, n)))
        calls.append((x.T, dy, np.empty_like(w), parts_of(n, m, batch)))
        calls += [(dy, w.T, np.empty_like(x), parts_of(batch, n, m))] if i else []
    best = float("inf")
    end = perf_counter() + GEMM_SECONDS
    while (start := perf_counter()) < end:
        for call in calls:
            multiply(*call)
        best = min(best, perf_counter() - start)
    return best


if __name__ == "__main__":
    with at_work():
        warm_up()
        serve(make)
