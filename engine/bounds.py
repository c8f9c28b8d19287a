"""Regularizers and constraints on the weights that train, by Keras's formulas.

A weight names them beside its initializer. A regularizer adds to the loss, and its slope to the gradient after the
backward pass; a constraint changes the weights after a step.

Formulas: https://keras.io/api/layers/constraints/
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.kernel import Array
from engine.parameters import Parameters
from engine.penalties import penalty_of
from graph.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm, constraints
from graph.fields.spec import read_spec
from graph.regularizers import regularizers

EPSILON = 1e-7


class Bounds:
    """All regularizers and constraints of a network, bound to its weights."""

    def __init__(self, parameters: Parameters) -> None:
        self._penalties = []
        self._constraints = []
        for slot in parameters.slots:
            w = slot.view(parameters.values)
            if slot.trainable and slot.regularizer is not None:
                penalty = penalty_of(read_spec(regularizers, slot.regularizer))
                self._penalties.append((penalty, w, slot.view(parameters.gradient), np.empty_like(w)))
            if slot.trainable and slot.constraint is not None:
                bound = read_spec(constraints, slot.constraint)
                self._constraints.append((_corrections[type(bound)], bound, w))

    def penalty(self) -> float:
        """What all regularizers add to the loss."""
        return sum(penalty.value(w, s) for penalty, w, _, s in self._penalties)

    def add_slopes(self) -> None:
        """Add the slopes of all regularizers to the gradient."""
        for penalty, w, g, s in self._penalties:
            penalty.slope(w, s)
            g += s

    def hold(self) -> None:
        """Bring all weights back within their constraints."""
        for correct, rule, w in self._constraints:
            correct(rule, w)


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


_corrections: dict[type[Constraint], Callable[[Any, Array], None]] = {
    MaxNorm: _max_norm,
    MinMaxNorm: _min_max_norm,
    NonNeg: _non_neg,
    UnitNorm: _unit_norm,
}

assert set(_corrections) == set(constraints), "every declared constraint has its formula"
