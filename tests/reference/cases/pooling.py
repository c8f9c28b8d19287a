"""Pooling: both paddings, odd and even sizes, windows that overlap, touch, and leave gaps."""

from __future__ import annotations

from collections.abc import Iterator

from graph.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    Pooling,
)
from tests.reference.case import Case, case


def moving(pooling: type[Pooling]) -> Iterator[Case]:
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
    *(case(pool(data_format="channels_first", padding="same"), (2, 5, 4)) for pool in (MaxPooling2D, AveragePooling2D)),
    *(case(pool(), (7, 2)) for pool in (MaxPooling1D, AveragePooling1D)),
    *(case(pool(3, strides=2, padding="same"), (7, 2)) for pool in (MaxPooling1D, AveragePooling1D)),
    *(case(pool(2, data_format="channels_first"), (2, 7)) for pool in (MaxPooling1D, AveragePooling1D)),
    *(case(pool(), (4, 3, 2, 2)) for pool in (MaxPooling3D, AveragePooling3D)),
    *(
        case(pool((1, 2, 3), strides=(2, 1, 2), padding="same"), (3, 3, 4, 2))
        for pool in (MaxPooling3D, AveragePooling3D)
    ),
    *(case(pool(), (5, 3)) for pool in (GlobalAveragePooling1D, GlobalMaxPooling1D)),
    *(case(pool(), (2, 3, 4, 2)) for pool in (GlobalAveragePooling3D, GlobalMaxPooling3D)),
    *(case(pool(data_format="channels_first"), (3, 5)) for pool in (GlobalAveragePooling1D, GlobalMaxPooling1D)),
    case(GlobalMaxPooling2D(), (4, 5, 3)),
    case(GlobalMaxPooling2D(keepdims=True, data_format="channels_first"), (3, 2, 4)),
    case(GlobalAveragePooling2D(), (4, 5, 3)),
    case(GlobalAveragePooling2D(keepdims=True), (3, 2, 4)),
)
