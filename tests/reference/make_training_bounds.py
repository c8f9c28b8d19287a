"""Let Keras compute every regularizer with its slope and every constraint, and store them.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_training_bounds

Keras and JAX are in the `parity` extra; the tests need neither.
"""

from __future__ import annotations

from pathlib import Path

import jax
import keras
import numpy as np

from tests.reference.training_bounds import CONSTRAINTS, REGULARIZERS
from tests.reference.training_losses import name_of

PATH = Path(__file__).with_name("training_bounds.npz")


def main() -> None:
    w = np.random.default_rng(6).normal(0.0, 0.8, (5, 4)).astype(np.float32)
    found = {"versions": np.array([f"keras {keras.__version__}", f"jax {jax.__version__}"]), "w": w}
    for regularizer in REGULARIZERS:
        made = getattr(keras.regularizers, type(regularizer).__name__)(**regularizer.config())
        value, slope = jax.value_and_grad(made)(w)
        found[f"{name_of(regularizer)}|value"], found[f"{name_of(regularizer)}|slope"] = value, slope
    for constraint in CONSTRAINTS:
        made = getattr(keras.constraints, type(constraint).__name__)(**constraint.config())
        found[f"{name_of(constraint)}|held"] = made(w)
    np.savez_compressed(PATH, **{key: np.asarray(value) for key, value in found.items()})


if __name__ == "__main__":
    main()
