"""Let Keras write its well-known networks for the tests, with random weights: a file of each, and what it predicts.

The first argument is a folder. It runs in the Python that has Keras.
"""

from __future__ import annotations

import sys
from math import prod, sqrt
from pathlib import Path
from typing import Any

import keras
import numpy as np

SMALLEST = {"InceptionV3": 75, "Xception": 71}
"""Height and width below which a network does not go; for the others it is 32."""
NAMES = ("MobileNetV2", "ResNet50", "EfficientNetB0", "DenseNet121", "InceptionV3", "Xception", "VGG16")


def value(weight: Any, random: np.random.Generator) -> Any:
    """Random numbers that let values neither fade nor grow on their way."""
    if weight.name in ("gamma", "moving_variance", "variance"):
        return random.uniform(0.8, 1.2, weight.shape)
    if weight.name in ("beta", "moving_mean", "mean", "bias"):
        return random.normal(0.0, 0.1, weight.shape)
    inputs = prod(weight.shape[:2]) if "depthwise" in weight.path else prod(weight.shape[:-1])
    return random.normal(0.0, sqrt(1.0 / max(inputs, 1)), weight.shape)


def main() -> None:
    """Write every network."""
    folder = Path(sys.argv[1])
    for name in NAMES:
        size = SMALLEST.get(name, 32)
        model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), classes=10)
        random = np.random.default_rng(0)
        for weight in model.weights:
            if weight.shape != ():
                weight.assign(value(weight, random))
        x = random.normal(size=(3, size, size, 3)).astype("float32")
        np.savez(folder / name, x=x, y=model.predict(x, verbose=0))
        model.save(folder / f"{name}.keras")


if __name__ == "__main__":
    main()
