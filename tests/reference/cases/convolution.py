"""Convolution: both paddings, odd and even sizes, windows that overlap, touch, and leave gaps."""

from __future__ import annotations

from graph.layers.convolution import Conv2D
from tests.reference.case import case

CASES = (
    case(Conv2D(4), (6, 5, 2)),
    case(Conv2D(3, kernel_size=(3, 2), padding="same", activation="relu"), (5, 6, 1)),
    case(Conv2D(3, kernel_size=3, padding="same"), (5, 4, 8)),
    case(Conv2D(4, kernel_size=3, strides=(2, 2)), (7, 6, 2)),
    case(Conv2D(4, kernel_size=(3, 4), strides=(2, 3), padding="same", use_bias=False), (7, 8, 3)),
    case(Conv2D(2, kernel_size=2, strides=3, padding="same"), (8, 7, 5)),
    case(Conv2D(3, kernel_size=3, dilation_rate=(2, 1)), (8, 5, 2)),
    case(Conv2D(3, kernel_size=(2, 3), dilation_rate=2, padding="same", activation="tanh"), (6, 7, 6)),
    case(Conv2D(5, kernel_size=1), (4, 3, 6)),
    case(Conv2D(5, kernel_size=1, strides=2, activation="softmax"), (5, 4, 3)),
    case(Conv2D(2, kernel_size=(5, 5), padding="same"), (2, 3, 2)),
    case(Conv2D(2, kernel_size=(4, 5), trainable=False), (4, 5, 3)),
)
