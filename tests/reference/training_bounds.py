"""The regularizers and constraints in every option, for Keras to compute and for us to be held against."""

from __future__ import annotations

from graph.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from graph.regularizers import L1, L1L2, L2, OrthogonalRegularizer, Regularizer

REGULARIZERS: tuple[Regularizer, ...] = (
    L1(),
    L1(0.3),
    L2(),
    L2(0.2),
    L1L2(),
    L1L2(0.1, 0.4),
    OrthogonalRegularizer(),
    OrthogonalRegularizer(0.5, "columns"),
)
CONSTRAINTS: tuple[Constraint, ...] = (
    MaxNorm(),
    MaxNorm(0.7, axis=1),
    MinMaxNorm(),
    MinMaxNorm(0.5, 0.8, 0.3, axis=1),
    NonNeg(),
    UnitNorm(),
    UnitNorm(axis=1),
)
