"""Let Keras write models for the tests: a file of each, with samples and what it predicts for them.

The first argument is a folder. It runs in the Python that has Keras.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import keras
import numpy as np
from keras import layers, ops

MODELS: dict[str, Callable[[], keras.Model]] = {}
SAMPLES = 3


def model(make: Callable[[], keras.Model]) -> Callable[[], keras.Model]:
    """A decorator: this function makes a model."""
    MODELS[make.__name__] = make
    return make


@model
def chain() -> keras.Model:
    return keras.Sequential(
        [
            layers.Conv2D(4, 3, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(3, activation="softmax", kernel_initializer=keras.initializers.HeNormal(seed=1)),
        ]
    )


@model
def inside() -> keras.Model:
    """Models inside of models, with layers of the same class and shape inside and outside."""
    a = keras.Input((4,), name="a")
    deep = keras.Sequential([layers.Dense(4, activation="tanh"), layers.Dense(4)], name="deep")
    one, two = keras.Input((4,), name="one"), keras.Input((4,), name="two")
    join = keras.Model([one, two], layers.Add()([layers.Dense(4)(one), deep(two)]), name="join")
    first = layers.Dense(4)(a)
    return keras.Model(a, layers.Dense(2)(join([first, layers.Dense(4)(first)])))


@model
def shared() -> keras.Model:
    """One layer for two inputs, and one model twice."""
    a, b = keras.Input((4,), name="a"), keras.Input((4,), name="b")
    dense = layers.Dense(3, activation="tanh", name="dense")
    net = keras.Sequential([keras.Input((3,)), layers.Dense(3, activation="relu"), layers.Dense(2)], name="net")
    return keras.Model([a, b], layers.Subtract()([net(dense(a)), net(dense(b))]))


@model
def masked() -> keras.Model:
    """Masks through layers with memory, side by side, where two have the same class and shape."""
    words = keras.Input((6,), name="words", dtype="int32")
    x = layers.Embedding(9, 4, mask_zero=True)(words)
    left, right = layers.LSTM(4, return_sequences=True)(x), layers.Dense(4)(layers.Dense(4)(x))
    both = layers.Concatenate()([left, right])
    read = layers.Bidirectional(layers.GRU(3))(both)
    return keras.Model(words, layers.Dense(2)(layers.Concatenate()([read, layers.GRU(3)(left)])))


@model
def arithmetic() -> keras.Model:
    """Operations between layers."""
    a = keras.Input((4,), name="a")
    h = layers.Dense(4)(a)
    gate = ops.relu(h + 3.0) / 6.0
    scaled = ops.exp(-ops.square(h)) * gate - a
    mean = ops.mean(scaled, axis=-1, keepdims=True)
    part = ops.maximum(scaled[:, 1:3], 0.1)
    return keras.Model(a, [layers.Dense(2, name="p")(part), layers.Dense(1, name="q")(scaled - mean)])


@model
def sequences() -> keras.Model:
    """Wrappers, attention, and states that go from layer to layer."""
    a = keras.Input((5, 4), name="a")
    x = layers.TimeDistributed(layers.Dense(6, activation="relu"))(a)
    x = layers.LayerNormalization()(x + layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True))
    y, h, c = layers.LSTM(3, return_sequences=True, return_state=True)(x)
    z = layers.LSTM(3)(layers.Attention()([y, y]), initial_state=[h, c])
    back = layers.Bidirectional(layers.SimpleRNN(3, return_sequences=True), merge_mode="sum")(y)
    return keras.Model(a, layers.Concatenate()([z, layers.GlobalAveragePooling1D()(back)]))


@model
def mobile() -> keras.Model:
    return keras.applications.MobileNetV2(weights=None, input_shape=(32, 32, 3), classes=5, alpha=0.35)


@model
def efficient() -> keras.Model:
    return keras.applications.EfficientNetB0(weights=None, input_shape=(32, 32, 3), classes=5)


SHAPES: Mapping[str, tuple[int, ...]] = {"chain": (9, 9, 2)}


def main() -> None:
    """Write every model."""
    folder = Path(sys.argv[1])
    for name, make in MODELS.items():
        keras.utils.set_random_seed(1)
        made = make()
        if name in SHAPES:
            made.build((None, *SHAPES[name]))
        random = np.random.default_rng(0)
        for weight in made.weights:
            draw = random.uniform(0.5, 1.5, weight.shape) if "variance" in weight.name else None
            weight.assign(random.normal(0, 0.3, weight.shape) if draw is None else draw)
        made.compile("adam", "mse")
        inputs = {
            tensor._keras_history.operation.name: random.integers(0, 3, (SAMPLES, *tensor.shape[1:]))
            if tensor.dtype == "int32"
            else random.normal(size=(SAMPLES, *tensor.shape[1:])).astype("float32")
            for tensor in made.inputs
        }
        outputs = made.predict(list(inputs.values()) if len(inputs) > 1 else next(iter(inputs.values())), verbose=0)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        made.save(folder / f"{name}.keras")
        made.save(folder / f"{name}.h5")
        np.savez(folder / f"{name}.inputs", **inputs)
        np.savez(folder / f"{name}.outputs", **{str(place): y for place, y in enumerate(outputs)})


if __name__ == "__main__":
    main()
