"""What regularizers add to the loss, and their slopes.

Formulas: https://keras.io/api/layers/regularizers/
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from engine.kernel import Array
from graph.regularizers import L1, L1L2, L2, OrthogonalRegularizer, Regularizer, regularizers

EPSILON = 1e-7
"""The shortest length that rows are divided by, as in Keras."""


class Penalty(ABC):
    """A regularizer of some numbers `w`; `s` is scratch of their sizes."""

    @abstractmethod
    def value(self, w: Array, s: Array) -> float:
        """What is added to the loss."""

    @abstractmethod
    def slope(self, w: Array, s: Array) -> None:
        """Write the slope into `s`."""


class Sizes(Penalty):
    """l1 sum |w| + l2 sum w²;  dw = l1 sign w + 2 l2 w"""

    def __init__(self, l1: float, l2: float) -> None:
        self.l1, self.l2 = l1, l2

    def value(self, w: Array, s: Array) -> float:
        np.abs(w, out=s)
        total = self.l1 * float(s.sum())
        np.multiply(w, w, out=s)
        return total + self.l2 * float(s.sum())

    def slope(self, w: Array, s: Array) -> None:
        np.sign(w, out=s)
        s *= self.l1
        if self.l2:
            s += 2.0 * self.l2 * w


class Angles(Penalty):
    """f / p sum_(i<j) |u_i . u_j| with p pairs of rows u = w / |w|;  du_i = f / p sum_j sign(u_i . u_j) u_j

    Numbers of more axes are taken as a matrix whose columns are the last axis.
    """

    def __init__(self, rule: OrthogonalRegularizer) -> None:
        self.factor, self.by_rows = rule.factor, rule.mode == "rows"

    def value(self, w: Array, s: Array) -> float:
        u, _ = self._rows(w)
        return 0.5 * self._share(u) * float(np.abs(self._product(u)).sum())

    def slope(self, w: Array, s: Array) -> None:
        u, length = self._rows(w)
        du = self._share(u) * np.sign(self._product(u)) @ u
        dw = (du - u * (u * du).sum(axis=1, keepdims=True)) / length
        np.copyto(s, (dw if self.by_rows else dw.T).reshape(s.shape))

    def _rows(self, w: Array) -> tuple[Array, Array]:
        matrix = w.reshape(-1, w.shape[-1])
        rows = matrix if self.by_rows else matrix.T
        length = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), EPSILON)
        return rows / length, length

    def _share(self, u: Array) -> float:
        return self.factor / max(len(u) * (len(u) - 1) / 2.0, 1.0)

    def _product(self, u: Array) -> Array:
        product: Array = u @ u.T
        np.fill_diagonal(product, 0.0)
        return product


def penalty_of(rule: Regularizer) -> Penalty:
    """The formula of a declared regularizer."""
    match rule:
        case L1(l1=l1):
            return Sizes(l1, 0.0)
        case L2(l2=l2):
            return Sizes(0.0, l2)
        case L1L2(l1=l1, l2=l2):
            return Sizes(l1, l2)
        case OrthogonalRegularizer():
            return Angles(rule)
    raise KeyError(rule.key)


assert all(penalty_of(rule()) for rule in regularizers), "every declared regularizer has its formula"
