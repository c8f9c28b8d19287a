"""Make training_masks.npz: runs on padded sequences whose every step has a target, as Keras computes them.

    KERAS_BACKEND=jax python tests/reference/make_training_masks.py

The metric of a step is measured just before it: with JAX, Keras loses the mask on the way to the metrics of training,
and keeps it in evaluation.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers

SAMPLES, STEPS, BATCH = 32, 7, 8


def words() -> tuple[Any, str, str]:
    """A class for every word."""
    x = keras.Input((STEPS,), name="x")
    known = layers.Embedding(12, 5, mask_zero=True, name="words")(x)
    read = layers.LSTM(6, return_sequences=True, name="read")(known)
    y = layers.Dense(3, activation="softmax", name="y")(read)
    return keras.Model(x, y), "sparse_categorical_crossentropy", "accuracy"


def numbers() -> tuple[Any, str, str]:
    """Two numbers for every step."""
    x = keras.Input((STEPS, 4), name="x")
    seen = layers.Masking(name="seen")(x)
    read = layers.GRU(5, return_sequences=True, name="read")(seen)
    return keras.Model(x, layers.Dense(2, name="y")(read)), "mean_squared_error", "mean_absolute_error"


def run(kind: str, weighted: bool) -> dict[str, np.ndarray]:
    """20 steps of Adam on the same four batches."""
    rng = np.random.default_rng(4)
    padded = np.arange(STEPS) >= rng.integers(1, STEPS + 1, (SAMPLES, 1))
    padded[::5] ^= rng.random((len(padded[::5]), STEPS)) < 0.3
    if kind == "words":
        x = rng.integers(1, 12, (SAMPLES, STEPS)).astype(np.float32)
        t = (x % 3).astype(np.int32)
    else:
        x = rng.standard_normal((SAMPLES, STEPS, 4)).astype(np.float32)
        t = np.cumsum(x[..., :2], axis=1)
    x[padded] = 0
    weight = rng.uniform(0.0, 2.0, SAMPLES).astype(np.float32)
    model, loss, metric = {"words": words, "numbers": numbers}[kind]()
    weights = {v.path: rng.standard_normal(v.shape).astype(np.float32) * 0.3 for v in model.weights}
    for v in model.weights:
        v.assign(weights[v.path])
    model.compile(keras.optimizers.Adam(0.02), loss=loss, metrics=[metric])
    logs = []
    for step in range(20):
        rows = slice(BATCH * (step % 4), BATCH * (step % 4) + BATCH)
        given = {"sample_weight": weight[rows, None]} if weighted else {}
        model.reset_metrics()
        measured = model.test_on_batch(x[rows], t[rows], return_dict=True)[metric]
        model.reset_metrics()
        logs.append([model.train_on_batch(x[rows], t[rows], return_dict=True, **given)["loss"], measured])
    model.reset_metrics()
    evaluated = model.evaluate(x, t, batch_size=BATCH + 3, verbose=0)
    found = {"x": x, "t": t, "weight": weight, "logs": np.array(logs), "evaluated": np.array(evaluated)}
    return found | {f"weights {path.split('/')[0]}/{path.split('/')[-1]}": w for path, w in weights.items()}


def main() -> None:
    found = {"versions": np.array([f"keras {keras.__version__}", keras.backend.backend()])}
    for kind in ("words", "numbers"):
        for weighted in (False, True):
            name = kind + (" weighted" if weighted else "")
            found |= {f"{name}|{key}": value for key, value in run(kind, weighted).items()}
    np.savez_compressed(Path(__file__).with_name("training_masks.npz"), **found)


if __name__ == "__main__":
    main()
