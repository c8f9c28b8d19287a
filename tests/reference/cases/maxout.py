"""Groups of neighbours along every axis."""

from __future__ import annotations

from graph.layers.maxout import Maxout
from tests.reference.case import case

CASES = (
    case(Maxout(3), (12,)),
    case(Maxout(4), (5, 4)),
    case(Maxout(1), (2, 3, 6)),
    case(Maxout(2, axis=1), (6, 3)),
    case(Maxout(2, axis=-2), (3, 4, 2)),
)
