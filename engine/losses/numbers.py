"""The losses for numbers: each a function of the difference between output and target, or of their ratio.

Formulas: https://keras.io/api/losses/regression_losses/
"""

from __future__ import annotations

from math import log
from typing import TypeVar

import numpy as np

from engine.loss import Ends, LossFunction, loss_function
from engine.losses.crossentropy import CLIP
from graph.losses import (
    Huber,
    LogCosh,
    Loss,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
)

L = TypeVar("L", bound=Loss)


class _OfDifference(LossFunction[L]):
    """What these losses share: the difference y - t, and room for one more array of its sizes."""

    def __init__(self, declared: L, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.difference, self.a = ends.scratch(*ends.y.shape), ends.scratch(*ends.y.shape)
        self.factor = ends.weight / ends.y.size


@loss_function(MeanSquaredError)
class MeanSquaredErrorFunction(_OfDifference[MeanSquaredError]):
    """mean (y - t)²;  dy = 2 (y - t) / n"""

    def value(self) -> float:
        np.subtract(self.ends.y, self.ends.t, out=self.difference)
        np.multiply(self.difference, self.difference, out=self.a)
        return self.total(self.a) / self.a.size

    def slope(self) -> None:
        self.give(self.difference, 2.0 * self.factor)


@loss_function(MeanAbsoluteError)
class _MeanAbsoluteError(_OfDifference[MeanAbsoluteError]):
    """mean |y - t|;  dy = sign(y - t) / n"""

    def value(self) -> float:
        np.subtract(self.ends.y, self.ends.t, out=self.difference)
        np.abs(self.difference, out=self.a)
        return self.total(self.a) / self.a.size

    def slope(self) -> None:
        np.sign(self.difference, out=self.difference)
        self.give(self.difference, self.factor)


@loss_function(MeanAbsolutePercentageError)
class _MeanAbsolutePercentageError(_OfDifference[MeanAbsolutePercentageError]):
    """100 mean |y - t| / s with s = max(|t|, 1e-7);  dy = 100 sign(y - t) / s / n"""

    def __init__(self, declared: MeanAbsolutePercentageError, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.size = ends.scratch(*ends.y.shape)

    def value(self) -> float:
        np.abs(self.ends.t, out=self.size)
        np.maximum(self.size, CLIP, out=self.size)
        np.subtract(self.ends.y, self.ends.t, out=self.difference)
        np.abs(self.difference, out=self.a)
        self.a /= self.size
        return 100.0 * self.total(self.a) / self.a.size

    def slope(self) -> None:
        np.sign(self.difference, out=self.difference)
        self.difference /= self.size
        self.give(self.difference, 100.0 * self.factor)


@loss_function(MeanSquaredLogarithmicError)
class _MeanSquaredLogarithmicError(_OfDifference[MeanSquaredLogarithmicError]):
    """mean d² with d = log(max(y, 1e-7) + 1) - log(max(t, 1e-7) + 1);  dy = 2 d / (y + 1) / n where y > 1e-7"""

    def __init__(self, declared: MeanSquaredLogarithmicError, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.inside = ends.scratch(*ends.y.shape, dtype=np.bool_)

    def value(self) -> float:
        d, a = self.difference, self.a
        np.maximum(self.ends.y, CLIP, out=d)
        np.log1p(d, out=d)
        np.maximum(self.ends.t, CLIP, out=a)
        np.log1p(a, out=a)
        d -= a
        np.multiply(d, d, out=a)
        return self.total(a) / a.size

    def slope(self) -> None:
        d, a = self.difference, self.a
        np.greater(self.ends.y, CLIP, out=self.inside)
        np.maximum(self.ends.y, CLIP, out=a)
        a += 1.0
        d /= a
        d *= self.inside
        self.give(d, 2.0 * self.factor)


@loss_function(Huber)
class _Huber(_OfDifference[Huber]):
    """mean c |e| - c² / 2 with e = y - t and c = min(|e|, delta);  dy = e held within ±delta / n"""

    def __init__(self, declared: Huber, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.c = ends.scratch(*ends.y.shape)

    def value(self) -> float:
        e, a, c = self.difference, self.a, self.c
        np.subtract(self.ends.y, self.ends.t, out=e)
        np.abs(e, out=a)
        np.minimum(a, self.declared.delta, out=c)
        a *= c
        c *= c
        c *= 0.5
        a -= c
        return self.total(a) / a.size

    def slope(self) -> None:
        np.clip(self.difference, -self.declared.delta, self.declared.delta, out=self.a)
        self.give(self.a, self.factor)


@loss_function(LogCosh)
class _LogCosh(_OfDifference[LogCosh]):
    """mean |e| + log(1 + exp(-2 |e|)) - log 2 with e = y - t;  dy = tanh(e) / n"""

    def __init__(self, declared: LogCosh, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.b = ends.scratch(*ends.y.shape)

    def value(self) -> float:
        e, a, b = self.difference, self.a, self.b
        np.subtract(self.ends.y, self.ends.t, out=e)
        np.abs(e, out=a)
        np.multiply(a, -2.0, out=b)
        np.exp(b, out=b)
        np.log1p(b, out=b)
        a += b
        a -= log(2.0)
        return self.total(a) / a.size

    def slope(self) -> None:
        np.tanh(self.difference, out=self.a)
        self.give(self.a, self.factor)
