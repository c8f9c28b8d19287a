"""Sums: both paddings, windows that overlap and leave gaps, one to three axes, and whole samples."""

from __future__ import annotations

from graph.layers.sum_pooling import (
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)
from tests.reference.case import case

CASES = (
    case(SumPooling2D(), (4, 6, 3)),
    case(SumPooling2D(padding="same"), (5, 7, 2)),
    case(SumPooling2D(pool_size=3, strides=2, padding="same"), (6, 7, 2)),
    case(SumPooling2D(pool_size=(3, 2), strides=(1, 2)), (5, 6, 1)),
    case(SumPooling2D(pool_size=2, strides=3), (8, 7, 2)),
    case(SumPooling2D(data_format="channels_first", padding="same"), (2, 5, 4)),
    case(SumPooling1D(), (7, 2)),
    case(SumPooling1D(3, strides=2, padding="same"), (7, 2)),
    case(SumPooling1D(2, data_format="channels_first"), (2, 7)),
    case(SumPooling3D(), (4, 3, 2, 2)),
    case(SumPooling3D((1, 2, 3), strides=(2, 1, 2), padding="same"), (3, 3, 4, 2)),
    case(GlobalSumPooling1D(), (5, 3)),
    case(GlobalSumPooling1D(data_format="channels_first"), (3, 5)),
    case(GlobalSumPooling2D(), (4, 5, 3)),
    case(GlobalSumPooling2D(keepdims=True, data_format="channels_first"), (3, 2, 4)),
    case(GlobalSumPooling3D(keepdims=True), (2, 3, 4, 2)),
)
