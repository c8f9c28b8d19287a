"""Several inputs made one."""

from __future__ import annotations

from graph.layers.merge import Add, Concatenate
from tests.reference.case import case

CASES = (
    case(Add(), (4, 3), (4, 3)),
    case(Add(), (4, 3), (1, 3), (4, 1)),
    case(Add(), (3,), (4, 3)),
    case(Concatenate(), (4, 3), (4, 2)),
    case(Concatenate(axis=1), (1, 3), (4, 3), (2, 3)),
    case(Concatenate(axis=-2), (2, 3, 2), (2, 1, 2)),
)
