"""Let Keras train a network whose outputs have penalties, and store its losses and its weights.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_training_penalties

Keras and JAX are in the `parity` extra; the tests need neither.
"""

from __future__ import annotations

from pathlib import Path

import jax
import keras
import numpy as np

from tests.reference.training_penalties import NETWORKS, REGULARIZERS, STEPS

PATH = Path(__file__).with_name("training_penalties.npz")


def model(names: tuple[str, ...]) -> keras.Model:
    """The network that the tests build, in Keras."""
    rules = [REGULARIZERS[name] for name in names]
    made = [getattr(keras.regularizers, type(rule).__name__)(**rule.config()) for rule in rules]
    x = keras.Input((3,))
    h = keras.layers.Dense(4, activation="relu", activity_regularizer=made[0])(x)
    h = keras.layers.ActivityRegularization(0.03, 0.02)(h)
    y = keras.layers.Dense(3, activation="softmax", activity_regularizer=made[1])(h)
    return keras.Model(x, y)


def main() -> None:
    generator = np.random.default_rng(8)
    x = generator.normal(size=(STEPS * 6, 3)).astype(np.float32)
    t = generator.integers(0, 3, STEPS * 6)
    found = {"versions": np.array([f"keras {keras.__version__}", f"jax {jax.__version__}"]), "x": x, "t": t}
    for key, names in NETWORKS.items():
        keras.utils.set_random_seed(1)
        network = model(names)
        network.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy")
        begin = [generator.normal(0.0, 0.6, w.shape).astype(np.float32) for w in network.get_weights()]
        network.set_weights(begin)
        found |= {f"{key}|begin {i}": w for i, w in enumerate(begin)}
        found[f"{key}|before"] = network.evaluate(x, t, batch_size=9, verbose=0)
        losses = []
        for step in range(STEPS):
            rows = slice(6 * step, 6 * step + 6)
            network.reset_metrics()
            losses.append(network.train_on_batch(x[rows], t[rows]))
        found[f"{key}|losses"] = np.array(losses)
        found |= {f"{key}|end {i}": w for i, w in enumerate(network.get_weights())}
    np.savez_compressed(PATH, **{key: np.asarray(value) for key, value in found.items()})


if __name__ == "__main__":
    main()
