"""Values brought to a common scale."""

from __future__ import annotations

from graph.layers.normalization import BatchNormalization, Rescaling
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
)
