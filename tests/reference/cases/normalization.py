"""Values brought to a common scale."""

from __future__ import annotations

from graph.layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    Rescaling,
    RMSNormalization,
    UnitNormalization,
)
from tests.reference.case import case

CASES = (
    case(BatchNormalization(), (6,)),
    case(BatchNormalization(momentum=0.5, epsilon=0.01), (5, 4, 3)),
    case(BatchNormalization(axis=1), (3, 5, 2)),
    case(BatchNormalization(axis=2, center=False), (4, 3)),
    case(BatchNormalization(scale=False), (4, 3)),
    case(BatchNormalization(center=False, scale=False), (4,)),
    case(BatchNormalization(trainable=False), (4, 5)),
    case(Rescaling(), (3,)),
    case(Rescaling(scale=2.5, offset=-0.75), (4, 3)),
    case(LayerNormalization(), (6,)),
    case(LayerNormalization(axis=1, epsilon=0.01), (4, 3)),
    case(LayerNormalization(axis=-2, center=False), (2, 4, 3)),
    case(LayerNormalization(scale=False), (4, 5)),
    case(LayerNormalization(center=False, scale=False), (5,)),
    case(LayerNormalization(trainable=False), (3, 5)),
    case(LayerNormalization(axis=(1, 2)), (4, 3)),
    case(LayerNormalization(axis=(-1, 1), epsilon=0.01), (3, 2, 4)),
    case(GroupNormalization(2), (4, 6)),
    case(GroupNormalization(3, axis=1, epsilon=0.01), (6, 4, 2)),
    case(GroupNormalization(-1, center=False), (3, 4, 2)),
    case(GroupNormalization(1, scale=False), (5,)),
    case(GroupNormalization(2, trainable=False), (3, 4)),
    case(RMSNormalization(), (6,)),
    case(RMSNormalization(epsilon=0.01), (2, 3, 4)),
    case(RMSNormalization(axis=2), (4, 3)),
    case(RMSNormalization(trainable=False), (3, 4)),
    case(RMSNormalization(axis=(-2, -1)), (2, 3, 4)),
    case(UnitNormalization(), (6,)),
    case(UnitNormalization(axis=1), (4, 3)),
    case(UnitNormalization(axis=(1, 3)), (2, 3, 4)),
)
