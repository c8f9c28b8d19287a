"""scikit-learn's training steps and predictions, for the networks that its MLP can be."""

from __future__ import annotations

import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

from bench.steps.worker import Side, serve

NETWORKS: dict[str, tuple[int, tuple[int, ...]]] = {
    "mlp 2-8-8-2, batch 32": (32, (2, 8, 8, 2)),
    "mlp 64-128-10, batch 64": (64, (64, 128, 10)),
    "mlp 784-512-256-10, batch 128": (128, (784, 512, 256, 10)),
    "mlp 784-1024-1024-10, batch 256": (256, (784, 1024, 1024, 10)),
    "autoencoder 784, batch 128": (128, (784, 128, 32, 128, 784)),
}


def make(name: str) -> Side | None:
    """One network on random samples."""
    if name not in NETWORKS:
        return None
    batch, (features, *hidden, outputs) = NETWORKS[name]
    generator = np.random.default_rng(0)
    x = generator.standard_normal((batch, features), np.float32)
    if name.startswith("autoencoder"):
        regressor = MLPRegressor(hidden_layer_sizes=hidden, batch_size=batch)
        t = generator.random((batch, outputs), np.float32)
        regressor.partial_fit(x, t)
        return Side({"partial_fit": lambda: regressor.partial_fit(x, t)}, {"predict": lambda: regressor.predict(x)})
    classifier = MLPClassifier(hidden, batch_size=batch)
    labels = np.arange(batch) % outputs
    classifier.partial_fit(x, labels, classes=np.arange(outputs))
    return Side(
        {"partial_fit": lambda: classifier.partial_fit(x, labels)},
        {"predict": lambda: classifier.predict_proba(x)},
    )


if __name__ == "__main__":
    serve(make)
