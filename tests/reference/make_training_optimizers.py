"""Let Keras take the steps of every optimizer, and store the weights after each.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_training_optimizers

Keras and JAX are in the `parity` extra; the tests need neither.
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from tests.reference.training_losses import name_of
from tests.reference.training_optimizers import OPTIMIZERS, SIZES, STEPS, gradient

PATH = Path(__file__).with_name("training_optimizers.npz")


def main() -> None:
    start = np.linspace(-1, 1, sum(SIZES)).astype(np.float32)
    found = {"versions": np.array([f"keras {keras.__version__}", keras.backend.backend()]), "start": start}
    for declared in OPTIMIZERS:
        optimizer = getattr(keras.optimizers, declared.key)(**declared.config())
        cut = [SIZES[0]]
        ws = [keras.Variable(part) for part in np.split(start, cut)]
        path = []
        for step in range(STEPS):
            w = np.concatenate([np.asarray(one.value) for one in ws])
            optimizer.apply(np.split(gradient(w, step), cut), ws)
            path.append(np.concatenate([np.asarray(one.value) for one in ws]))
        optimizer.finalize_variable_values(ws)
        found[name_of(declared)] = np.stack(path)
        found[name_of(declared) + "|finished"] = np.concatenate([np.asarray(one.value) for one in ws])
    np.savez_compressed(PATH, **found)


if __name__ == "__main__":
    main()
