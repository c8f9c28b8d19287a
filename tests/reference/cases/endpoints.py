"""Input and Output."""

from __future__ import annotations

from graph.layers.endpoints import Input, Output
from tests.reference.case import case

CASES = (
    case(Input(shape=(4, 3)), (4, 3)),
    case(Output(), (5,)),
)
