"""One line or two for every way a layer is worth trying: the layer, and the sizes of one sample of every input.

The contract test of the kernels walks these, and `make_reference.py` lets Keras compute them. A layer without a case
fails the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graph.activations import activations
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input, Output
from graph.layers.merge import Add, Concatenate
from graph.layers.normalization import BatchNormalization, Rescaling
from graph.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D
from graph.layers.regularization import Dropout
from graph.layers.reshape import Flatten, Reshape

BATCH = 3
Sizes = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A layer and the sizes of its inputs, without the batch."""

    layer: Layer
    xs: tuple[Sizes, ...]

    @property
    def name(self) -> str:
        """What is special about it, for the reader of a test run: `Conv2D(filters=4, strides=(2, 2)) 7x6x2`."""
        said = ", ".join(f"{key}={value!r}" for key, value in self.layer.changed().items())
        return f"{self.layer.key}({said}) " + " + ".join("x".join(map(str, x)) for x in self.xs)

    @property
    def whole_below(self) -> int:
        """For layers that take whole numbers: the number that is already too large. 0 for all others."""
        return self.layer.input_dim if isinstance(self.layer, Embedding) else 0

    @property
    def random(self) -> bool:
        """Training draws numbers, so its output cannot be held against another program's."""
        return isinstance(self.layer, Dropout)


def case(layer: Layer, *xs: Sizes) -> Case:
    """A case with one input or more."""
    return Case(layer, xs)


def windowed() -> Iterator[Case]:
    """Convolution and pooling: both paddings, odd and even sizes, windows that overlap, touch, and leave gaps."""
    yield case(Conv2D(4), (6, 5, 2))
    yield case(Conv2D(3, kernel_size=(3, 2), padding="same", activation="relu"), (5, 6, 1))
    yield case(Conv2D(3, kernel_size=3, padding="same"), (5, 4, 8))
    yield case(Conv2D(4, kernel_size=3, strides=(2, 2)), (7, 6, 2))
    yield case(Conv2D(4, kernel_size=(3, 4), strides=(2, 3), padding="same", use_bias=False), (7, 8, 3))
    yield case(Conv2D(2, kernel_size=2, strides=3, padding="same"), (8, 7, 5))
    yield case(Conv2D(3, kernel_size=3, dilation_rate=(2, 1)), (8, 5, 2))
    yield case(Conv2D(3, kernel_size=(2, 3), dilation_rate=2, padding="same", activation="tanh"), (6, 7, 6))
    yield case(Conv2D(5, kernel_size=1), (4, 3, 6))
    yield case(Conv2D(5, kernel_size=1, strides=2, activation="softmax"), (5, 4, 3))
    yield case(Conv2D(2, kernel_size=(5, 5), padding="same"), (2, 3, 2))
    yield case(Conv2D(2, kernel_size=(4, 5), trainable=False), (4, 5, 3))
    for pooling in (MaxPooling2D, AveragePooling2D):
        yield case(pooling(), (4, 6, 3))
        yield case(pooling(), (5, 7, 2))
        yield case(pooling(padding="same"), (5, 7, 2))
        yield case(pooling(pool_size=3, strides=2, padding="same"), (6, 7, 2))
        yield case(pooling(pool_size=(3, 2), strides=(1, 2)), (5, 6, 1))
        yield case(pooling(pool_size=2, strides=3), (8, 7, 2))
        yield case(pooling(pool_size=1), (3, 3, 2))
        yield case(pooling(pool_size=(4, 3), strides=1, padding="same"), (3, 4, 2))
    yield case(GlobalAveragePooling2D(), (4, 5, 3))
    yield case(GlobalAveragePooling2D(keepdims=True), (3, 2, 4))


CASES = (
    case(Input(shape=(4, 3)), (4, 3)),
    case(Output(), (5,)),
    case(Dense(4), (5,)),
    case(Dense(1, use_bias=False), (3,)),
    case(Dense(6, activation="relu"), (4, 5)),
    case(Dense(3, activation="softmax"), (2, 3, 4)),
    case(Dense(3, trainable=False, activation="sigmoid"), (4,)),
    case(Embedding(11, 4), (6,)),
    case(Embedding(3, 5), (4, 7)),
    *(case(Activation(name), (7, 6)) for name in activations.names()),
    case(Activation("softmax"), (9,)),
    case(Dropout(0.5), (40,)),
    case(Dropout(0.2), (4, 5, 3)),
    case(Dropout(0.0), (6,)),
    case(Flatten(), (3, 4, 2)),
    case(Flatten(), (5,)),
    case(Reshape((4, 3)), (12,)),
    case(Reshape((-1, 2)), (3, 4)),
    *windowed(),
    case(BatchNormalization(), (6,)),
    case(BatchNormalization(momentum=0.5, epsilon=0.01), (5, 4, 3)),
    case(BatchNormalization(axis=1), (3, 5, 2)),
    case(BatchNormalization(axis=2, center=False), (4, 3)),
    case(BatchNormalization(scale=False), (4, 3)),
    case(BatchNormalization(center=False, scale=False), (4,)),
    case(BatchNormalization(trainable=False), (4, 5)),
    case(Add(), (4, 3), (4, 3)),
    case(Add(), (4, 3), (1, 3), (4, 1)),
    case(Add(), (3,), (4, 3)),
    case(Concatenate(), (4, 3), (4, 2)),
    case(Concatenate(axis=1), (1, 3), (4, 3), (2, 3)),
    case(Concatenate(axis=-2), (2, 3, 2), (2, 1, 2)),
    case(Rescaling(), (3,)),
    case(Rescaling(scale=2.5, offset=-0.75), (4, 3)),
)
