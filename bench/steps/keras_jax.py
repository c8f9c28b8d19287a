"""Keras's training steps and predictions on JAX: a step of its own that is compiled as a whole, or train_on_batch.

The compiled step is `stateless_call` under `jax.jit` with its buffers given up to it, which is the fastest form that
Keras's pages teach; the fastest way counts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np
from keras import layers as k

from bench.steps.worker import Side, serve

Tensor = Any
CROSSENTROPY = "sparse_categorical_crossentropy"


def conv(filters: int, padding: str = "same", size: int = 3, strides: int = 1, activation: str | None = "relu") -> Any:
    """A convolution, of 3×3 and with relu where nothing else is said."""
    return k.Conv2D(filters, size, strides, padding, activation=activation)


def chain(x: Tensor, *added: Any) -> Tensor:
    """Layers one behind another."""
    for layer in added:
        x = layer(x)
    return x


def behind(shape: tuple[int, ...], *added: Callable[[], Any]) -> keras.Model:
    """A chain of layers behind one input."""
    x = keras.Input(shape)
    return keras.Model(x, chain(x, *(layer() for layer in added)))


def dense(*sizes: int) -> list[Callable[[], Any]]:
    """Dense layers with relu."""
    return [lambda n=n: k.Dense(n, activation="relu") for n in sizes]


def last(classes: int) -> Callable[[], Any]:
    """A Dense layer with softmax."""
    return lambda: k.Dense(classes, activation="softmax")


def residual() -> keras.Model:
    """Three residual blocks of 16, 32 and 64 filters."""
    entry = keras.Input((32, 32, 3))
    x = chain(entry, conv(16, activation=None), k.BatchNormalization(), k.ReLU())
    for filters, strides in ((16, 1), (32, 2), (64, 2)):
        y = chain(x, conv(filters, strides=strides, activation=None), k.BatchNormalization(), k.ReLU())
        y = chain(y, conv(filters, activation=None), k.BatchNormalization())
        if strides > 1:
            x = chain(x, conv(filters, size=1, strides=strides, activation=None), k.BatchNormalization())
        x = k.ReLU()(x + y)
    return keras.Model(entry, chain(x, k.GlobalAveragePooling2D(), k.Dense(10, activation="softmax")))


def separable() -> keras.Model:
    """Two separable convolutions with their normalization and pooling."""
    entry = keras.Input((32, 32, 3))
    x = conv(32)(entry)
    for filters in (64, 128):
        body = k.SeparableConv2D(filters, 3, padding="same", use_bias=False)
        x = chain(x, body, k.BatchNormalization(), k.ReLU(), k.MaxPooling2D())
    return keras.Model(entry, chain(x, k.GlobalAveragePooling2D(), k.Dense(10, activation="softmax")))


def transformer() -> keras.Model:
    """Two blocks of self-attention and a layer of 512 units."""
    entry = x = keras.Input((64, 128))
    for _ in range(2):
        n = k.LayerNormalization()(x)
        x = x + k.MultiHeadAttention(4, 32)(n, n)
        x = x + chain(x, k.LayerNormalization(), k.Dense(512, activation="relu"), k.Dense(128))
    return keras.Model(entry, chain(x, k.GlobalAveragePooling1D(), k.Dense(10, activation="softmax")))


def skip_gram() -> keras.Model:
    """The products of a word with six others."""
    word, others = keras.Input((1,), dtype="int32"), keras.Input((6,), dtype="int32")
    product = k.Dot(2)([k.Embedding(10_000, 128)(others), k.Embedding(10_000, 128)(word)])
    return keras.Model([word, others], chain(product, k.Flatten(), k.Activation("sigmoid")))


def text() -> keras.Model:
    """A convolution over words, and the largest value of every filter."""
    x = keras.Input((128,), dtype="int32")
    body = (k.Embedding(10_000, 64), k.Conv1D(128, 5, activation="relu"), k.GlobalMaxPooling1D())
    return keras.Model(x, chain(x, *body, k.Dense(64, activation="relu"), k.Dense(2, activation="softmax")))


def mean_of_words() -> keras.Model:
    """The mean of words, and a small network behind it."""
    x = keras.Input((200,), dtype="int32")
    body = (k.Embedding(20_000, 64), k.GlobalAveragePooling1D(), k.Dense(32, activation="relu"))
    return keras.Model(x, chain(x, *body, k.Dense(2, activation="softmax")))


def both_directions() -> Any:
    """An LSTM in both directions."""
    return k.Bidirectional(k.LSTM(128))


VGG = (
    *(lambda f=f: conv(f) for f in (32, 32)),
    k.MaxPooling2D,
    *(lambda f=f: conv(f) for f in (64, 64)),
    k.MaxPooling2D,
    k.Flatten,
)
CNN = (lambda: conv(32, "valid"), lambda: conv(64, "valid"), k.MaxPooling2D, k.Flatten)
CODE = (*dense(128, 32, 128), lambda: k.Dense(784, activation="sigmoid"))

Made = tuple[int, str, Callable[[], keras.Model]]
NETWORKS: dict[str, Made] = {
    "mlp 2-8-8-2, batch 32": (32, CROSSENTROPY, lambda: behind((2,), *dense(8, 8), last(2))),
    "mlp 64-128-10, batch 64": (64, CROSSENTROPY, lambda: behind((64,), *dense(128), last(10))),
    "mlp 784-512-256-10, batch 128": (128, CROSSENTROPY, lambda: behind((784,), *dense(512, 256), last(10))),
    "mlp 784-1024-1024-10, batch 256": (256, CROSSENTROPY, lambda: behind((784,), *dense(1024, 1024), last(10))),
    "cnn 28x28, batch 64": (64, CROSSENTROPY, lambda: behind((28, 28, 1), *CNN, *dense(128), last(10))),
    "vgg 32x32x3, batch 64": (64, CROSSENTROPY, lambda: behind((32, 32, 3), *VGG, *dense(256), last(10))),
    "residual cnn 32x32x3, batch 64": (64, CROSSENTROPY, residual),
    "separable cnn 32x32x3, batch 64": (64, CROSSENTROPY, separable),
    "conv1d text 128 words, batch 64": (64, CROSSENTROPY, text),
    "lstm 32x64-128, batch 64": (64, CROSSENTROPY, lambda: behind((32, 64), lambda: k.LSTM(128), last(10))),
    "gru 32x64-128, batch 64": (64, CROSSENTROPY, lambda: behind((32, 64), lambda: k.GRU(128), last(10))),
    "bidirectional lstm, batch 64": (64, CROSSENTROPY, lambda: behind((32, 64), both_directions, last(10))),
    "mean of 200 words, batch 64": (64, CROSSENTROPY, mean_of_words),
    "transformer 64x128, batch 32": (32, CROSSENTROPY, transformer),
    "autoencoder 784, batch 128": (128, "mean_squared_error", lambda: behind((784,), *CODE)),
    "skip-gram 10,000x128, batch 256": (256, "binary_crossentropy", skip_gram),
}


def make(name: str) -> Side:
    """One network on random samples."""
    keras.utils.set_random_seed(0)
    batch, loss, build = NETWORKS[name]
    model = build()
    model.compile(optimizer=keras.optimizers.Adam(), loss=loss)
    generator = np.random.default_rng(0)
    xs = [sample(x, batch, model, generator) for x in model.inputs]
    t = target(loss, batch, model.output_shape[-1], generator)
    model.train_on_batch(xs if len(xs) > 1 else xs[0], t)
    whole = Whole(model, [jax.numpy.asarray(x) for x in xs], jax.numpy.asarray(t))
    ways = {
        "compiled": whole.train,
        "train_on_batch": lambda: model.train_on_batch(xs if len(xs) > 1 else xs[0], t),
    }
    return Side(ways, {"compiled": whole.predict})


def sample(x: Any, batch: int, model: keras.Model, generator: np.random.Generator) -> Any:
    """Random numbers, of words where an Embedding reads them."""
    shape = (batch, *x.shape[1:])
    if x.dtype != "int32":
        return generator.standard_normal(shape, np.float32)
    vocabulary = next(layer.input_dim for layer in model.layers if isinstance(layer, k.Embedding))
    return generator.integers(0, vocabulary, shape, np.int32)


def target(loss: str, batch: int, outputs: int, generator: np.random.Generator) -> Any:
    """Random targets of the kind that the loss takes."""
    if loss == "mean_squared_error":
        return generator.random((batch, outputs), np.float32)
    if loss == "binary_crossentropy":
        return generator.integers(0, 2, (batch, outputs)).astype(np.float32)
    return generator.integers(0, outputs, (batch,), np.int32)


class Whole:
    """A model whose step is one compiled function of all its variables."""

    def __init__(self, model: keras.Model, xs: list[Any], t: Any) -> None:
        optimizer, loss = model.optimizer, keras.losses.get(model.loss)
        call = jax.value_and_grad(lambda w, other: self._loss(model, loss, xs, t, w, other), has_aux=True)

        def step(state: Any) -> Any:
            w, other, moments = state
            (_, other), slopes = call(w, other)
            w, moments = optimizer.stateless_apply(moments, slopes, w)
            return w, other, moments

        copies = [[jax.numpy.array(v.value) for v in part] for part in self._parts(model, optimizer)]
        self._step, self._state = jax.jit(step, donate_argnums=0), tuple(copies)
        parts = [[jax.numpy.array(v.value) for v in part] for part in self._parts(model, optimizer)[:2]]
        self._parameters, self._xs = parts, xs
        self._call = jax.jit(lambda w, other, xs: model.stateless_call(w, other, self._given(xs), training=False)[0])

    @staticmethod
    def _parts(model: keras.Model, optimizer: Any) -> tuple[Any, Any, Any]:
        return model.trainable_variables, model.non_trainable_variables, optimizer.variables

    @staticmethod
    def _given(xs: list[Any]) -> Any:
        return xs if len(xs) > 1 else xs[0]

    def _loss(self, model: keras.Model, loss: Any, xs: list[Any], t: Any, w: Any, other: Any) -> Any:
        y, other = model.stateless_call(w, other, self._given(xs), training=True)
        return keras.ops.mean(loss(t, y)), other

    def train(self) -> None:
        """One step, waited for."""
        self._state = self._step(self._state)
        jax.block_until_ready(self._state)

    def predict(self) -> None:
        """One prediction, waited for."""
        jax.block_until_ready(self._call(*self._parameters, self._xs))


if __name__ == "__main__":
    serve(make)
