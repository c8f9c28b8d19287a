"""Make stateful.npz: what Keras's stateful layers give for one batch after another.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_stateful

The layers are called as they are: with JAX, Keras's `predict` and `train_on_batch` carry no states on.
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from tests.reference.make_reference import keras_layer
from tests.reference.stateful import LAYERS, batches


def main() -> None:
    found: dict[str, np.ndarray] = {"versions": np.array(f"keras {keras.__version__}")}
    for name, ours in LAYERS.items():
        layer = keras_layer(ours)
        xs, masks = batches()
        layer.build(xs[0].shape)
        random = np.random.default_rng(3)
        weights = {w: random.normal(0.0, 0.5, about.shape) for w, about in ours.weights((xs[0].shape,)).items()}
        layer.set_weights(list(weights.values()))
        found |= {f"{name}|weight {w}": value.astype(np.float32) for w, value in weights.items()}
        for i, (x, mask) in enumerate(zip(xs, masks, strict=True)):
            found[f"{name}|y{i}"] = np.asarray(layer(x, mask=mask))
        layer.reset_state()
        found[f"{name}|after reset"] = np.asarray(layer(xs[0], mask=masks[0]))
    np.savez_compressed(Path(__file__).with_name("stateful.npz"), **found)


if __name__ == "__main__":
    main()
