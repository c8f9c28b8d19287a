"""Netloom's training steps: forward, loss, backward, Adam."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np

from bench.steps.worker import serve
from engine.objective import Objective, goals_of, logits_of
from engine.optimizers import stepper_of
from engine.plan import compile
from graph.infer import infer
from graph.layers import layers
from graph.layers.base import Layer
from graph.losses import losses
from graph.network import Network, Wire
from graph.optimizers import Adam
from graph.recipe import TrainingRecipe


def dense(units: int, activation: str = "relu") -> Layer:
    """A Dense layer."""
    return layers.make("Dense", {"units": units, "activation": activation})


def conv(filters: int, padding: str = "valid") -> Layer:
    """A 3×3 convolution with relu."""
    return layers.make("Conv2D", {"filters": filters, "padding": padding, "activation": "relu"})


POOL = layers.make("MaxPooling2D")
FLATTEN = layers.make("Flatten")
NETWORKS: dict[str, tuple[int, tuple[int, ...], list[Layer]]] = {
    "mlp 2-8-8-2, batch 32": (32, (2,), [dense(8), dense(8), dense(2, "softmax")]),
    "mlp 784-512-256-10, batch 128": (128, (784,), [dense(512), dense(256), dense(10, "softmax")]),
    "cnn 28x28, batch 64": (64, (28, 28, 1), [conv(32), conv(64), POOL, FLATTEN, dense(128), dense(10, "softmax")]),
    "digits cnn, batch 32": (
        32,
        (8, 8, 1),
        [
            conv(32, "same"),
            layers.make("BatchNormalization"),
            conv(32, "same"),
            POOL,
            layers.make("Dropout", {"rate": 0.25}),
            FLATTEN,
            dense(64),
            layers.make("Dropout"),
            dense(10, "softmax"),
        ],
    ),
    "lstm 32x64-128, batch 64": (64, (32, 64), [layers.make("LSTM", {"units": 128}), dense(10, "softmax")]),
    "gru 32x64-128, batch 64": (64, (32, 64), [layers.make("GRU", {"units": 128}), dense(10, "softmax")]),
}


def step(name: str) -> Callable[[], None]:
    """The training step of one network on random samples."""
    batch, shape, chain = NETWORKS[name]
    chain = [layers.make("Input", {"shape": shape}), *chain]
    names = [f"layer_{i}" for i in range(len(chain))]
    network = Network.of(dict(zip(names, chain, strict=True)), [Wire(a, b) for a, b in pairwise(names)])
    recipe = TrainingRecipe(optimizer=Adam(), loss=losses.make("sparse_categorical_crossentropy"))
    goals = goals_of(infer(network), recipe, ["y"])
    plan = compile(network, batch, logits=logits_of(goals))
    bound = Objective(goals).on(plan)
    optimizer = stepper_of(recipe.optimizer, plan.parameters.trainable, plan.parameters.gradient)
    generator = np.random.default_rng(0)
    for x in plan.inputs.values():
        x[...] = generator.standard_normal(x.shape)
    for t in bound.targets.values():
        t[...] = generator.integers(0, plan.outputs[names[-1]].shape[-1], t.shape)

    def run() -> None:
        plan.forward()
        bound.figures()
        bound.slopes()
        plan.backward()
        optimizer.step()

    return run


if __name__ == "__main__":
    serve({name: partial(step, name) for name in NETWORKS})
