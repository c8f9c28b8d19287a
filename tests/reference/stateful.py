"""Stateful layers and batches for them, which Keras computes for the tests."""

from __future__ import annotations

import numpy as np

from graph.layers.recurrent import GRU, LSTM, Recurrent, SimpleRNN

BATCH, STEPS, FEATURES = 3, 4, 2

LAYERS: dict[str, Recurrent] = {
    f"{layer.key} {name}": layer.with_(stateful=True, **options)
    for layer in (SimpleRNN(5), LSTM(5), GRU(5))
    for name, options in {
        "last": {},
        "all": {"return_sequences": True},
        "backwards": {"go_backwards": True},
    }.items()
}


def batches() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Three batches, and which of their steps are there; what is padded is 0."""
    random = np.random.default_rng(2)
    masks = [random.random((BATCH, STEPS)) < 0.7 for _ in range(3)]
    xs = [random.standard_normal((BATCH, STEPS, FEATURES)).astype(np.float32) for _ in masks]
    for x, mask in zip(xs, masks, strict=True):
        x[~mask] = 0
    return xs, masks
