"""Regularizers and constraints on the weights that train, by Keras's formulas.

A weight names them beside its initializer. A regularizer adds to the loss, and its slope to the gradient after the
backward pass; a constraint changes the weights after a step.

Formulas: https://keras.io/api/layers/regularizers/ and https://keras.io/api/layers/constraints/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.kernel import Array
from engine.parameters import Parameters
from graph.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm, constraints
from graph.fields.spec import read_spec
from graph.regularizers import L1, L1L2, L2, OrthogonalRegularizer, Regularizer, regularizers

EPSILON = 1e-7

Penalty = Callable[[Any, Array, Array | None], float]
"""The penalty of a declared regularizer on `w`; its slope is added to `g` where there is one."""


class Bounds:
    """All regularizers and constraints of a network, bound to its weights."""

    def __init__(self, parameters: Parameters) -> None:
        self._penalties = []
        self._constraints = []
        for slot in parameters.slots:
            w = slot.view(parameters.values)
            if slot.trainable and slot.regularizer is not None:
                rule = read_spec(regularizers, slot.regularizer)
                self._penalties.append((_penalties[type(rule)], rule, w, slot.view(parameters.gradient)))
            if slot.trainable and slot.constraint is not None:
                bound = read_spec(constraints, slot.constraint)
                self._constraints.append((_corrections[type(bound)], bound, w))

    def penalty(self) -> float:
        """What all regularizers add to the loss."""
        return sum(penalty(rule, w, None) for penalty, rule, w, _ in self._penalties)

    def add_slopes(self) -> None:
        """Add the slopes of all regularizers to the gradient."""
        for penalty, rule, w, g in self._penalties:
            penalty(rule, w, g)

    def hold(self) -> None:
        """Bring all weights back within their constraints."""
        for correct, rule, w in self._constraints:
            correct(rule, w)


def _l1_l2(l1: float, l2: float, w: Array, g: Array | None) -> float:
    """l1 sum |w| + l2 sum w²;  dw = l1 sign w + 2 l2 w"""
    if g is not None:
        g += l1 * np.sign(w) + 2.0 * l2 * w
        return 0.0
    return l1 * float(np.abs(w).sum()) + l2 * float(np.square(w).sum())


def _orthogonal(rule: OrthogonalRegularizer, w: Array, g: Array | None) -> float:
    """f / p sum_(i<j) |u_i . u_j| with p pairs of rows u = w / |w|;  du_i = f / p sum_j sign(u_i . u_j) u_j

    A weight of more axes is taken as a matrix whose columns are its last axis.
    """
    matrix = w.reshape(-1, w.shape[-1])
    rows = matrix if rule.mode == "rows" else matrix.T
    if len(rows) < 2:
        return 0.0
    length = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), EPSILON)
    u = rows / length
    product = u @ u.T
    np.fill_diagonal(product, 0.0)
    share = rule.factor / (len(rows) * (len(rows) - 1) / 2.0)
    if g is None:
        return share * 0.5 * float(np.abs(product).sum())
    du = share * np.sign(product) @ u
    dw = (du - u * (u * du).sum(axis=1, keepdims=True)) / length
    g += (dw if rule.mode == "rows" else dw.T).reshape(g.shape)
    return 0.0


def _length(w: Array, axis: int) -> Array:
    """The lengths along an axis; a weight with fewer axes has its last one taken."""
    found: Array = np.sqrt(np.square(w).sum(axis=min(axis, w.ndim - 1), keepdims=True))
    return found


def _max_norm(rule: MaxNorm, w: Array) -> None:
    length = _length(w, rule.axis)
    w *= np.minimum(length, rule.max_value) / (EPSILON + length)


def _min_max_norm(rule: MinMaxNorm, w: Array) -> None:
    length = _length(w, rule.axis)
    wanted = rule.rate * np.clip(length, rule.min_value, rule.max_value) + (1.0 - rule.rate) * length
    w *= wanted / (EPSILON + length)


def _non_neg(rule: NonNeg, w: Array) -> None:
    np.maximum(w, 0.0, out=w)


def _unit_norm(rule: UnitNorm, w: Array) -> None:
    w /= EPSILON + _length(w, rule.axis)


_penalties: dict[type[Regularizer], Penalty] = {
    L1: lambda rule, w, g: _l1_l2(rule.l1, 0.0, w, g),
    L2: lambda rule, w, g: _l1_l2(0.0, rule.l2, w, g),
    L1L2: lambda rule, w, g: _l1_l2(rule.l1, rule.l2, w, g),
    OrthogonalRegularizer: _orthogonal,
}
_corrections: dict[type[Constraint], Callable[[Any, Array], None]] = {
    MaxNorm: _max_norm,
    MinMaxNorm: _min_max_norm,
    NonNeg: _non_neg,
    UnitNorm: _unit_norm,
}

assert set(_penalties) == set(regularizers), "every declared regularizer has its formula"
assert set(_corrections) == set(constraints), "every declared constraint has its formula"
