"""Let Keras fit a small network with weights of samples and averaged weights, and store its history and its end.

    KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_training_fit

Keras and JAX are in the `parity` extra; the tests need neither.
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

PATH = Path(__file__).with_name("training_fit.npz")
SAMPLES, STEPS, BATCH, EPOCHS = 90, 4, 16, 6
TRAINED = 60


def network(start: dict[str, np.ndarray]) -> keras.Model:
    """One class of three for each step of a sequence."""
    inputs = keras.Input((STEPS, 3), name="x")
    hidden = keras.layers.Dense(5, activation="tanh", name="hidden")(inputs)
    outputs = keras.layers.Dense(3, activation="softmax", name="y")(hidden)
    model = keras.Model(inputs, outputs)
    for v in model.weights:
        v.assign(start[v.path])
    return model


def main() -> None:
    rng = np.random.default_rng(11)
    x = rng.standard_normal((SAMPLES, STEPS, 3)).astype(np.float32)
    t = (x[:, :, 0] > 0).astype(np.int32) + (x[:, :, 1] > 0.5)
    w = rng.uniform(0.0, 3.0, SAMPLES).astype(np.float32)
    shapes = {"hidden/kernel": (3, 5), "hidden/bias": (5,), "y/kernel": (5, 3), "y/bias": (3,)}
    start = {path: rng.standard_normal(shape).astype(np.float32) * 0.5 for path, shape in shapes.items()}
    found = {"versions": np.array([f"keras {keras.__version__}", keras.backend.backend()]), "x": x, "t": t, "w": w}
    found |= {f"start/{path}": value for path, value in start.items()}
    for end, every in (("completed", None), ("early stopping", None), ("completed", 5)):
        model = network(start)
        optimizer = keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=every)
        model.compile(
            optimizer,
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            weighted_metrics=[keras.metrics.SparseTopKCategoricalAccuracy(2, name="top")],
        )
        stopping = keras.callbacks.EarlyStopping(patience=2, min_delta=10.0)
        history = model.fit(
            x[:TRAINED],
            t[:TRAINED],
            sample_weight=w[:TRAINED, None],
            validation_data=(x[TRAINED:], t[TRAINED:], w[TRAINED:, None]),
            epochs=EPOCHS,
            batch_size=BATCH,
            shuffle=False,
            verbose=0,
            callbacks=[stopping] if end == "early stopping" else [],
        ).history
        found |= {f"{end}|{every}|{name}": np.array(values) for name, values in history.items()}
        found |= {f"{end}|{every}|end/{v.path}": np.asarray(v.value) for v in model.weights}
    np.savez_compressed(PATH, **found)


if __name__ == "__main__":
    main()
