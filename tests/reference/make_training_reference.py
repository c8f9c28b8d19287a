"""Make training.npz: a whole small run, as Keras computes it.

    KERAS_BACKEND=jax python tests/reference/make_training_reference.py

needs Keras and JAX, which the tests do not: they read the file.
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np


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
    run(found)
    np.savez_compressed(Path(__file__).with_name("training.npz"), **found)


if __name__ == "__main__":
    main()
