"""The losses with a margin. Targets of 0 and 1 are taken as -1 and 1, batch by batch, as Keras does.

Formulas: https://keras.io/api/losses/hinge_losses/ and, for AdaBoost's, Friedman, Hastie and Tibshirani 2000.
"""

from __future__ import annotations

from math import prod
from typing import TypeVar

import numpy as np

from engine.loss import Ends, LossFunction, loss_function
from graph.losses import CategoricalHinge, Exponential, Hinge, Loss, SquaredHinge

L = TypeVar("L", bound=Loss)


class _Signed(LossFunction[L]):
    """What the three with signs share: the target as -1 and 1, and room for one more array."""

    def __init__(self, declared: L, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.sign, self.a = ends.scratch(*ends.y.shape), ends.scratch(*ends.y.shape)
        self.factor = ends.weight / ends.y.size

    def signed(self) -> None:
        """Write the signs of the target."""
        t, sign = self.ends.t, self.sign
        np.multiply(t, t, out=sign)
        sign -= t
        if sign.any():
            np.copyto(sign, t)
        else:
            np.multiply(t, 2.0, out=sign)
            sign -= 1.0

    def margin(self) -> None:
        """Write max(1 - t y, 0) into `a`."""
        self.signed()
        np.multiply(self.sign, self.ends.y, out=self.a)
        np.subtract(1.0, self.a, out=self.a)
        np.maximum(self.a, 0.0, out=self.a)


@loss_function(Hinge)
class _Hinge(_Signed[Hinge]):
    """mean max(1 - t y, 0);  dy = -t / n where that is above 0"""

    def value(self) -> float:
        self.margin()
        return self.total(self.a) / self.a.size

    def slope(self) -> None:
        np.sign(self.a, out=self.a)
        self.a *= self.sign
        self.give(self.a, -self.factor)


@loss_function(SquaredHinge)
class _SquaredHinge(_Signed[SquaredHinge]):
    """mean m² with m = max(1 - t y, 0);  dy = -2 t m / n"""

    def __init__(self, declared: SquaredHinge, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.square = ends.scratch(*ends.y.shape)

    def value(self) -> float:
        self.margin()
        np.multiply(self.a, self.a, out=self.square)
        return self.total(self.square) / self.a.size

    def slope(self) -> None:
        self.a *= self.sign
        self.give(self.a, -2.0 * self.factor)


@loss_function(Exponential)
class _Exponential(_Signed[Exponential]):
    """mean exp(-t y);  dy = -t exp(-t y) / n"""

    def value(self) -> float:
        self.signed()
        np.multiply(self.sign, self.ends.y, out=self.a)
        np.negative(self.a, out=self.a)
        np.exp(self.a, out=self.a)
        return self.total(self.a) / self.a.size

    def slope(self) -> None:
        self.a *= self.sign
        self.give(self.a, -self.factor)


@loss_function(CategoricalHinge)
class _CategoricalHinge(LossFunction[CategoricalHinge]):
    """mean h with h = max(max((1 - t) y) - sum t y + 1, 0);  dy = ((1 - t) [it is the largest] - t) / n where h > 0

    The mean goes over the rows, sum and maximum along the last axis.
    """

    def __init__(self, declared: CategoricalHinge, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.rest, self.a = ends.scratch(*shape), ends.scratch(*shape)
        self.right, self.wrong = ends.scratch(*shape[:-1], 1), ends.scratch(*shape[:-1], 1)
        self.rows = prod(shape[:-1])
        self.starts = np.arange(0, ends.y.size, shape[-1], dtype=np.intp)
        self.places = ends.scratch(self.rows, dtype=np.intp)
        self.largest = ends.scratch(*shape)

    def value(self) -> float:
        y, t, h = self.ends.y, self.ends.t, self.wrong
        np.multiply(t, y, out=self.a)
        np.sum(self.a, axis=-1, keepdims=True, out=self.right)
        np.subtract(1.0, t, out=self.rest)
        np.multiply(self.rest, y, out=self.a)
        np.max(self.a, axis=-1, keepdims=True, out=h)
        h -= self.right
        h += 1.0
        np.maximum(h, 0.0, out=h)
        return self.total(h) / self.rows

    def slope(self) -> None:
        np.argmax(self.a.reshape(self.rows, -1), axis=-1, out=self.places)
        self.places += self.starts
        self.largest.fill(0.0)
        self.largest.reshape(-1)[self.places] = 1.0
        self.largest *= self.rest
        self.largest -= self.ends.t
        np.sign(self.wrong, out=self.wrong)
        self.largest *= self.wrong
        self.give(self.largest, self.ends.weight / self.rows)
