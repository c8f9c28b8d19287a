"""Layers that draw numbers while training."""

from __future__ import annotations

from graph.layers.regularization import Dropout
from tests.reference.case import case

CASES = (
    case(Dropout(0.5), (40,), random=True),
    case(Dropout(0.2), (4, 5, 3), random=True),
    case(Dropout(0.0), (6,), random=True),
)
