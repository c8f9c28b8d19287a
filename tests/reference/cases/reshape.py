"""The same values in another shape."""

from __future__ import annotations

from graph.layers.reshape import Flatten, Reshape
from tests.reference.case import case

CASES = (
    case(Flatten(), (3, 4, 2)),
    case(Flatten(), (5,)),
    case(Reshape((4, 3)), (12,)),
    case(Reshape((-1, 2)), (3, 4)),
)
