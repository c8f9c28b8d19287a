"""Layers that draw numbers while training."""

from __future__ import annotations

from graph.layers.regularization import (
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)
from tests.reference.case import case

CASES = (
    case(ActivityRegularization(), (4, 3)),
    case(ActivityRegularization(0.1, 0.2), (5,)),
    case(Dropout(0.5), (40,), random=True),
    case(Dropout(0.2), (4, 5, 3), random=True),
    case(Dropout(0.0), (6,), random=True),
    case(Dropout(0.4, noise_shape=(None, 1, None), seed=3), (4, 5), random=True),
    case(SpatialDropout1D(0.5), (4, 6), random=True),
    case(SpatialDropout2D(0.5, seed=1), (2, 3, 6), random=True),
    case(SpatialDropout2D(0.3, data_format="channels_first"), (6, 2, 3), random=True),
    case(GaussianNoise(0.5), (4, 5), random=True),
    case(GaussianDropout(0.3), (4, 5), random=True),
    case(AlphaDropout(0.3), (40,), random=True),
    case(AlphaDropout(0.4, noise_shape=(None, None, 1)), (4, 5), random=True),
)
