"""The same values in another shape, fewer of them, or more."""

from __future__ import annotations

from graph.layers.padding import (
    Cropping1D,
    Cropping2D,
    UpSampling1D,
    UpSampling2D,
    ZeroPadding1D,
    ZeroPadding2D,
)
from graph.layers.reshape import Flatten, Permute, RepeatVector, Reshape
from tests.reference.case import case

CASES = (
    case(Flatten(), (3, 4, 2)),
    case(Flatten(data_format="channels_first"), (2, 3, 4)),
    case(Flatten(data_format="channels_first"), (5,)),
    case(Flatten(), (5,)),
    case(Reshape((4, 3)), (12,)),
    case(Reshape((-1, 2)), (3, 4)),
    case(Permute(), (3, 4)),
    case(Permute((3, 1, 2)), (2, 3, 4)),
    case(RepeatVector(3), (4,)),
    case(Cropping1D(), (5, 2)),
    case(Cropping1D((0, 3)), (5, 2)),
    case(Cropping2D(), (3, 4, 2)),
    case(Cropping2D(((1, 0), (2, 1))), (3, 5, 2)),
    case(Cropping2D(1, data_format="channels_first"), (2, 3, 5)),
    case(ZeroPadding1D(), (3, 2)),
    case(ZeroPadding1D((2, 0), data_format="channels_first"), (3, 2)),
    case(ZeroPadding2D(), (3, 2, 2)),
    case(ZeroPadding2D(((0, 1), (2, 0))), (3, 2, 2)),
    case(ZeroPadding2D((1, 2), data_format="channels_first"), (3, 2, 2)),
    case(UpSampling1D(), (3, 2)),
    case(UpSampling1D(3), (2, 4)),
    case(UpSampling2D(), (3, 2, 2)),
    case(UpSampling2D((3, 1), data_format="channels_first"), (3, 2, 4)),
    case(UpSampling2D((2, 3), interpolation="bilinear"), (3, 4, 2)),
    case(UpSampling2D(4, interpolation="bilinear", data_format="channels_first"), (2, 1, 3)),
)
