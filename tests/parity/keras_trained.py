"""Let Keras train models for the tests, save them, and train on: a file of each, and the losses behind it.

The first argument is a folder. It runs in the Python that has Keras.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers, optimizers
from keras.optimizers import schedules

BATCH, BEFORE, BEHIND = 8, 7, 20

WHOLE = ("Adam", "average", "piecewise")
"""Those that train many kinds of layers; the others need not be compiled for so long."""
OPTIMIZERS: dict[str, Any] = {
    **{
        name: lambda name=name: getattr(optimizers, name)(0.01)
        for name in (
            "SGD",
            "RMSprop",
            "Adam",
            "AdamW",
            "Adamax",
            "Nadam",
            "Adagrad",
            "Adadelta",
            "Ftrl",
            "Lion",
            "Lamb",
        )
    },
    "momentum": lambda: optimizers.SGD(0.01, momentum=0.9, nesterov=True, clipnorm=0.5),
    "centered": lambda: optimizers.RMSprop(0.002, momentum=0.5, centered=True),
    "amsgrad": lambda: optimizers.Adam(0.01, amsgrad=True, weight_decay=0.01),
    "average": lambda: optimizers.Adam(0.01, use_ema=True, ema_overwrite_frequency=3),
    "exponential": lambda: optimizers.Adam(schedules.ExponentialDecay(0.02, 10, 0.5, staircase=True)),
    "inverse": lambda: optimizers.Adam(schedules.InverseTimeDecay(0.02, 10, 0.5)),
    "piecewise": lambda: optimizers.SGD(schedules.PiecewiseConstantDecay([5, 15], [0.02, 0.01, 0.001])),
    "polynomial": lambda: optimizers.Nadam(schedules.PolynomialDecay(0.02, 20, 0.001, power=2.0)),
    "cosine": lambda: optimizers.Adam(schedules.CosineDecay(0.0, 20, warmup_target=0.02, warmup_steps=10)),
    "restarts": lambda: optimizers.Adam(schedules.CosineDecayRestarts(0.02, 10)),
}


def network() -> keras.Model:
    """Layers of one class and shape at several depths and inside of a model, memory, normalization, two results."""
    x = keras.Input((5, 4), name="x")
    inner = keras.Sequential([layers.Dense(4, activation="tanh"), layers.Dense(4)], name="inner")
    first = layers.Dense(4, name="first")(x)
    both = layers.Add(name="both")([inner(first), layers.Dense(4, name="beside")(x)])
    read = layers.Bidirectional(layers.GRU(3), name="read")(layers.BatchNormalization(name="norm")(both))
    attended = layers.MultiHeadAttention(2, 3, name="attended")(both, both)
    frozen = layers.Dense(4, trainable=False, name="frozen")(layers.Flatten(name="flat")(attended))
    return keras.Model(x, [layers.Dense(2, name="p")(read), layers.Dense(3, activation="softmax", name="q")(frozen)])


def small() -> keras.Model:
    """Two layers on the way to each of two results."""
    x = keras.Input((5, 4), name="x")
    both = layers.Dense(4, activation="tanh", name="both")(layers.Flatten(name="flat")(x))
    return keras.Model(x, [layers.Dense(2, name="p")(both), layers.Dense(3, activation="softmax", name="q")(both)])


def main() -> None:
    """Train every model."""
    folder = Path(sys.argv[1])
    random = np.random.default_rng(0)
    x = random.normal(size=(BATCH, 5, 4)).astype("float32")
    ts = [random.normal(size=(BATCH, 2)).astype("float32"), np.eye(3, dtype="float32")[np.arange(BATCH) % 3]]
    np.savez(folder / "samples", x=x, p=ts[0], q=ts[1])
    for name, make in OPTIMIZERS.items():
        keras.utils.set_random_seed(1)
        model = network() if name in WHOLE else small()
        metrics = [["mae"], [keras.metrics.Recall(thresholds=0.4), "accuracy"]]
        model.compile(make(), ["mse", keras.losses.CategoricalCrossentropy()], loss_weights=[1.0, 0.5], metrics=metrics)
        for _ in range(BEFORE):
            model.train_on_batch(x, ts)
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")
        losses = []
        for _ in range(BEHIND):
            model.reset_metrics()
            losses.append(float(model.train_on_batch(x, ts, return_dict=True)["loss"]))
        np.save(folder / f"{name}.npy", np.array(losses))


if __name__ == "__main__":
    main()
