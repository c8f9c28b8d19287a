"""Compile the loops that most networks use, so that the first run need not wait: `python -m engine.fast`.

What was compiled is kept on the disk, so doing it again takes a second. Without numba there is nothing to do.
"""

from __future__ import annotations

import numpy as np

from engine.fast import wanted
from engine.scripting import Model
from graph.layers import layers
from graph.layers.base import Layer


def networks() -> list[tuple[list[Layer], tuple[int, ...]]]:
    """Layers that between them use the loops, each with the shape of its samples."""
    make = layers.make
    images = [
        make("Conv2D", {"filters": 16, "kernel_size": (3, 3), "padding": "same", "activation": "relu"}),
        make("BatchNormalization"),
        make("DepthwiseConv2D", {"kernel_size": (3, 3)}),
        make("MaxPooling2D"),
        make("Conv2D", {"filters": 16, "kernel_size": (3, 3)}),
        make("Flatten"),
    ]
    sequences = [
        make("LSTM", {"units": 8, "return_sequences": True}),
        make("LayerNormalization"),
        make("GRU", {"units": 8, "return_sequences": True}),
        make("GlobalAveragePooling1D"),
    ]
    words = make("Embedding", {"input_dim": 8, "output_dim": 8})
    curves = [make("Activation", {"activation": name}) for name in ("sigmoid", "tanh")]
    texts = [[words, make("GlobalMaxPooling1D"), *curves], [words, make("GlobalAveragePooling1D")]]
    return [(images, (8, 8, 3)), (sequences, (6, 4)), *((text, (6,)) for text in texts)]


def main() -> None:
    """Train each network for a step."""
    if not wanted():
        return
    for inner, shape in networks():
        model = Model([*inner, layers.make("Dense", {"units": 16, "activation": "relu"}), head()])
        model.compile("adam", "sparse_categorical_crossentropy")
        x = np.zeros((16, *shape), np.float32)
        model.fit(x, np.zeros(16, np.int64), batch_size=16, epochs=1, verbose=0)
        model.predict(x, batch_size=16)


def head() -> Layer:
    """The layer that chooses a class."""
    return layers.make("Dense", {"units": 4, "activation": "softmax"})


if __name__ == "__main__":
    main()
