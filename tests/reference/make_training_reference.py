"""Make training.npz: losses, metrics, optimizer steps and a whole small run, as Keras computes them.

    KERAS_BACKEND=jax python tests/reference/make_training_reference.py

needs Keras and JAX, which the tests do not: they read the file.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

STEPS = 50
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.05),
    "sgd_momentum": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "sgd_nesterov": lambda: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
    "rmsprop_momentum": lambda: keras.optimizers.RMSprop(0.01, momentum=0.5),
    "rmsprop_centered": lambda: keras.optimizers.RMSprop(0.01, rho=0.8, momentum=0.5, centered=True),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "adam_amsgrad": lambda: keras.optimizers.Adam(0.01, beta_1=0.8, beta_2=0.95, amsgrad=True),
}


def gradient(w: np.ndarray, step: int) -> np.ndarray:
    """A slope that moves, so that momentum and running sizes matter. The tests have the same line."""
    return (w - np.cos(np.arange(w.size) + 0.3 * step)).astype(np.float32)


def losses(found: dict[str, np.ndarray]) -> None:
    rng = np.random.default_rng(1)
    logits = rng.standard_normal((7, 5)).astype(np.float32) * 3
    y = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    classes = rng.integers(0, 5, 7)
    one_hot = np.eye(5, dtype=np.float32)[classes]
    bits = rng.integers(0, 2, (7, 5)).astype(np.float32)
    steps = rng.standard_normal((4, 3, 2)).astype(np.float32)
    steps_t = rng.standard_normal((4, 3, 2)).astype(np.float32)
    found |= {"logits": logits, "classes": classes, "bits": bits, "steps": steps, "steps_t": steps_t}
    k = keras.losses
    pairs = {
        "mean_squared_error": k.MeanSquaredError()(steps_t, steps),
        "mean_absolute_error": k.MeanAbsoluteError()(steps_t, steps),
        "binary_crossentropy": k.BinaryCrossentropy()(bits, 1 / (1 + np.exp(-logits))),
        "categorical_crossentropy": k.CategoricalCrossentropy()(one_hot, y),
        "sparse_categorical_crossentropy": k.SparseCategoricalCrossentropy()(classes, y),
        "clipped_binary_crossentropy": k.BinaryCrossentropy()(np.ones((1, 2), "f4"), np.array([[0.0, 1.0]], "f4")),
        "clipped_sparse_categorical_crossentropy": k.SparseCategoricalCrossentropy()(
            np.array([1]), np.array([[1.0, 0.0]], "f4")
        ),
        "unnormalized_categorical_crossentropy": k.CategoricalCrossentropy()(one_hot, np.abs(logits) + 0.1),
    }
    found |= {f"loss/{name}": np.float64(value) for name, value in pairs.items()}


def metrics(found: dict[str, np.ndarray]) -> None:
    rng = np.random.default_rng(2)
    y = rng.random((21, 4)).astype(np.float32)
    classes = rng.integers(0, 4, 21)
    one_hot = np.eye(4, dtype=np.float32)[classes]
    column, bits = rng.random((21, 1)).astype(np.float32), rng.integers(0, 2, (21, 1)).astype(np.float32)
    found |= {"metric_y": y, "metric_classes": classes, "metric_column": column, "metric_bits": bits}
    m = keras.metrics
    for name, metric, t, p in (
        ("sparse", m.SparseCategoricalAccuracy(), classes, y),
        ("categorical", m.CategoricalAccuracy(), one_hot, y),
        ("binary", m.BinaryAccuracy(), bits, column),
        ("mean_absolute_error", m.MeanAbsoluteError(), one_hot, y),
    ):
        for start in range(0, 21, 8):
            metric.update_state(t[start : start + 8], p[start : start + 8])
        found[f"metric/{name}"] = np.float64(metric.result())


def optimizers(found: dict[str, np.ndarray]) -> None:
    start = np.linspace(-1, 1, 12).astype(np.float32)
    found["optimizer_start"] = start
    for name, make in OPTIMIZERS.items():
        optimizer, w = make(), keras.Variable(start)
        path = []
        for step in range(STEPS):
            optimizer.apply([gradient(np.asarray(w.value), step)], [w])
            path.append(np.asarray(w.value).copy())
        found[f"optimizer/{name}"] = np.stack(path)


def run(found: dict[str, np.ndarray]) -> None:
    """Two outputs: a class after a softmax and a number, 20 steps of Adam on the same batches."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((64, 6)).astype(np.float32)
    label = (x[:, 0] + x[:, 1] ** 2 > 0.5).astype(np.int32) + (x[:, 2] > 1)
    number = (x[:, :1] * 2 - x[:, 3:4]).astype(np.float32)
    inputs = keras.Input((6,), name="x")
    hidden = keras.layers.Dense(8, activation="relu", name="hidden")(inputs)
    a = keras.layers.Dense(3, activation="softmax", name="label")(hidden)
    b = keras.layers.Dense(1, name="number")(hidden)
    model = keras.Model(inputs, [a, b])
    weights = {v.path: rng.standard_normal(v.shape).astype(np.float32) * 0.3 for v in model.weights}
    for v in model.weights:
        v.assign(weights[v.path])
    model.compile(
        keras.optimizers.Adam(0.02),
        loss={"label": "sparse_categorical_crossentropy", "number": "mean_squared_error"},
        loss_weights={"label": 1.0, "number": 0.25},
        metrics={"label": ["accuracy"], "number": ["mean_absolute_error"]},
    )
    found |= {"run_x": x, "run_label": label, "run_number": number}
    found |= {f"run_weights/{path}": w for path, w in weights.items()}
    steps = []
    for step in range(20):
        rows = slice(16 * (step % 4), 16 * (step % 4) + 16)
        targets = {"label": label[rows], "number": number[rows]}
        model.reset_metrics()
        steps.append(model.train_on_batch(x[rows], [targets["label"], targets["number"]], return_dict=True))
    names = sorted(steps[0])
    found["run_names"] = np.array(names)
    found["run_logs"] = np.array([[step[name] for name in names] for step in steps], np.float64)


def main() -> None:
    keras.utils.set_random_seed(0)
    found: dict[str, np.ndarray] = {"versions": np.array([f"keras {keras.__version__}", keras.backend.backend()])}
    for part in (losses, metrics, optimizers, run):
        part(found)
    np.savez_compressed(Path(__file__).with_name("training.npz"), **found)


if __name__ == "__main__":
    main()
