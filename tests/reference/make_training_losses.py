"""Let Keras compute every loss and its slope, with and without sample weights, and store them.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_training_losses

Keras and JAX are in the `parity` extra; the tests need neither.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jax
import keras
import numpy as np

from graph.losses import Loss
from tests.reference.training_losses import LOSSES, name_of

PATH = Path(__file__).with_name("training_losses.npz")
SHAPE = (4, 3, 5)
COUNTS = ("poisson", "mean_squared_logarithmic_error")


def keras_loss(loss: Loss) -> Any:
    """The same loss in Keras. It has none of AdaBoost's: that is its formula from the paper."""
    if loss.key == "exponential":
        return lambda t, y, sample_weight=1.0: keras.ops.mean(
            keras.ops.mean(keras.ops.exp(-(2 * t - 1) * y), axis=-1) * keras.ops.reshape(sample_weight, (-1, 1))
        )
    return getattr(keras.losses, type(loss).__name__)(**loss.config())


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def ends(loss: Loss, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """An output and a target that suit a loss."""
    x = rng.normal(0.0, 2.0, SHAPE)
    y = x
    if loss.activations and loss.activations[0] != "linear":
        y = softmax(x) if loss.activations[0] == "softmax" else 1.0 / (1.0 + np.exp(-x))
    classes = rng.integers(0, SHAPE[-1], SHAPE[:-1])
    if loss.target == "classes":
        return y, classes
    if loss.target == "one_hot":
        return y, np.eye(SHAPE[-1])[classes]
    if loss.target == "binary":
        return y, rng.integers(0, 2, SHAPE)
    if loss.key == "kl_divergence":
        return y, softmax(rng.normal(0.0, 2.0, SHAPE))
    if loss.key in COUNTS:
        return np.abs(y), rng.poisson(3.0, SHAPE)
    return y, rng.standard_normal(SHAPE)


def main() -> None:
    found = {"versions": np.array([f"keras {keras.__version__}", f"jax {jax.__version__}"])}
    found["sample_weight"] = weight = np.array([0.5, 2.0, 0.0, 1.25], np.float32)
    for place, loss in enumerate(LOSSES):
        y, t = ends(loss, np.random.default_rng(place))
        y, t = y.astype(np.float32), t if loss.target == "classes" else t.astype(np.float32)
        function = keras_loss(loss)
        value, slope = jax.value_and_grad(lambda y: function(t, y))(y)  # noqa: B023
        weighted, weighted_slope = jax.value_and_grad(lambda y: function(t, y, sample_weight=weight[:, None]))(y)  # noqa: B023
        computed = {"y": y, "t": t, "value": value, "dy": slope, "weighted": weighted, "weighted dy": weighted_slope}
        found |= {f"{name_of(loss)}|{key}": np.asarray(array) for key, array in computed.items()}
    y = np.array([[0.0, 1.0]], np.float32)
    found["clipped binary"] = np.asarray(keras.losses.BinaryCrossentropy()(np.ones((1, 2)), y))
    found["clipped sparse"] = np.asarray(keras.losses.SparseCategoricalCrossentropy()(np.array([1]), y[:, ::-1]))
    y = np.random.default_rng(9).uniform(0.1, 3.0, (7, 5)).astype(np.float32)
    one_hot = np.eye(5, dtype=np.float32)[np.arange(7) % 5]
    found["unnormalized y"] = y
    found["unnormalized categorical"] = np.asarray(keras.losses.CategoricalCrossentropy()(one_hot, y))
    np.savez_compressed(PATH, **found)


if __name__ == "__main__":
    main()
