"""Make dropped.npz: layers with memory that drop what the masks stored with them say, as Keras computes them.

KERAS_BACKEND=jax KERAS_HOME=/tmp/keras python -m tests.reference.make_dropped
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from tests.reference.dropped import BATCH, FEATURES, LAYERS, STEPS
from tests.reference.make_reference import keras_layer


def main() -> None:
    found: dict[str, np.ndarray] = {"versions": np.array(f"keras {keras.__version__}")}
    for name, ours in LAYERS.items():
        random = np.random.default_rng(4)
        layer = keras_layer(ours)
        x = random.standard_normal((BATCH, STEPS, FEATURES)).astype(np.float32)
        layer.build(x.shape)
        weights = {w: random.normal(0.0, 0.5, about.shape) for w, about in ours.weights((x.shape,)).items()}
        layer.set_weights(list(weights.values()))
        found |= {f"{name}|weight {w}": value.astype(np.float32) for w, value in weights.items()} | {f"{name}|x": x}
        cell, count = layer.cell, getattr(layer.cell, "dropout_mask_count", None)
        for kind, rate, size in (("x", ours.dropout, FEATURES), ("h", ours.recurrent_dropout, ours.units)):
            if rate:
                kept = random.random((count or 1, BATCH, size)) >= rate
                masks = (kept / (1.0 - rate)).astype(np.float32)
                found[f"{name}|kept {kind}"] = masks
                attribute = "_dropout_mask" if kind == "x" else "_recurrent_dropout_mask"
                setattr(cell, attribute, list(masks) if count else masks[0])
        found[f"{name}|y"] = np.asarray(layer(x, training=True))
    np.savez_compressed(Path(__file__).with_name("dropped.npz"), **found)


if __name__ == "__main__":
    main()
