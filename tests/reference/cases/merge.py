"""Several inputs made one."""

from __future__ import annotations

from graph.layers.dot import Dot
from graph.layers.merge import Add, Average, Concatenate, Maximum, Minimum, Multiply, Subtract
from tests.reference.case import case

CASES = (
    case(Add(), (4, 3), (4, 3)),
    case(Add(), (4, 3), (1, 3), (4, 1)),
    case(Add(), (3,), (4, 3)),
    case(Subtract(), (4, 3), (4, 3)),
    case(Subtract(), (3,), (4, 1)),
    *(case(layer(), (4, 3), (4, 3)) for layer in (Multiply, Average, Maximum, Minimum)),
    *(case(layer(), (4, 3), (1, 3), (4, 1)) for layer in (Multiply, Average, Maximum, Minimum)),
    case(Dot(), (5,), (5,)),
    case(Dot(axes=1, normalize=True), (6,), (6,)),
    case(Dot(axes=(2, 1)), (4, 3), (3, 5)),
    case(Dot(axes=(1, 2), normalize=True), (4, 3), (2, 4)),
    case(Dot(axes=(-1, 1)), (3,), (3, 2)),
    case(Dot(axes=(2, 3)), (2, 5, 3), (4, 2, 5)),
    case(Concatenate(), (4, 3), (4, 2)),
    case(Concatenate(axis=1), (1, 3), (4, 3), (2, 3)),
    case(Concatenate(axis=-2), (2, 3, 2), (2, 1, 2)),
)
