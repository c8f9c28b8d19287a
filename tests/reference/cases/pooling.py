"""Pooling: both paddings, odd and even sizes, windows that overlap, touch, and leave gaps."""

from __future__ import annotations

from collections.abc import Iterator

from graph.layers.pooling import AveragePooling2D, GlobalAveragePooling2D, MaxPooling2D, Pooling2D
from tests.reference.case import Case, case


def moving(pooling: type[Pooling2D]) -> Iterator[Case]:
    """A window that moves."""
    yield case(pooling(), (4, 6, 3))
    yield case(pooling(), (5, 7, 2))
    yield case(pooling(padding="same"), (5, 7, 2))
    yield case(pooling(pool_size=3, strides=2, padding="same"), (6, 7, 2))
    yield case(pooling(pool_size=(3, 2), strides=(1, 2)), (5, 6, 1))
    yield case(pooling(pool_size=2, strides=3), (8, 7, 2))
    yield case(pooling(pool_size=1), (3, 3, 2))
    yield case(pooling(pool_size=(4, 3), strides=1, padding="same"), (3, 4, 2))


CASES = (
    *moving(MaxPooling2D),
    *moving(AveragePooling2D),
    case(GlobalAveragePooling2D(), (4, 5, 3)),
    case(GlobalAveragePooling2D(keepdims=True), (3, 2, 4)),
)
