"""The cross-entropies, on probabilities and together with the activation before them.

Where the last activation is the one a cross-entropy is made for, the two are computed together from the logits, the
values before that activation: log softmax(x)_t = x_t - max x + log max y, which neither overflows nor takes the
logarithm of zero, and the slope is simply y - t. Otherwise the probabilities are kept away from 0 and 1 by `CLIP`.

Formulas: https://keras.io/api/losses/probabilistic_losses/
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.kernel import Array
from engine.loss import Ends, LossFunction, loss_function
from graph.losses import BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy

CLIP = 1e-7
"""Keras's epsilon: the least and, taken from 1, the greatest probability whose logarithm is taken."""


@loss_function(BinaryCrossentropy)
class _BinaryCrossentropy(LossFunction[BinaryCrossentropy]):
    """mean -t log p - (1 - t) log(1 - p) with p = clip y;  dy = (p - t) / (p (1 - p)) / n where y is not clipped"""

    def __init__(self, declared: BinaryCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.p, self.a, self.b = ends.scratch(*shape), ends.scratch(*shape), ends.scratch(*shape)
        self.inside = ends.scratch(*shape, dtype=np.bool_)
        self.factor = ends.weight / ends.y.size

    def value(self) -> float:
        t, p, a, b = self.ends.t, self.p, self.a, self.b
        np.clip(self.ends.y, CLIP, 1.0 - CLIP, out=p)
        np.log(p, out=a)
        a *= t
        np.subtract(1.0, p, out=b)
        np.log(b, out=b)
        a += b
        b *= t
        a -= b
        return -self.total(a) / a.size

    def slope(self) -> None:
        p, a, b = self.p, self.a, self.b
        np.equal(p, self.ends.y, out=self.inside)
        np.subtract(1.0, p, out=b)
        b *= p
        np.subtract(p, self.ends.t, out=a)
        a /= b
        a *= self.inside
        self.give(a, self.factor)


@loss_function(BinaryCrossentropy, fused_with="sigmoid")
class SigmoidCrossentropy(LossFunction[BinaryCrossentropy]):
    """mean max(x, 0) - x t + log(1 + exp(-|x|));  dx = (y - t) / n"""

    def __init__(self, declared: BinaryCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.a, self.b = ends.scratch(*ends.y.shape), ends.scratch(*ends.y.shape)
        self.factor = ends.weight / ends.y.size

    def value(self) -> float:
        x, t, a, b = self.ends.x, self.ends.t, self.a, self.b
        assert x is not None
        np.abs(x, out=a)
        np.negative(a, out=a)
        np.exp(a, out=a)
        np.log1p(a, out=a)
        np.maximum(x, 0.0, out=b)
        a += b
        np.multiply(x, t, out=b)
        a -= b
        return self.total(a) / a.size

    def slope(self) -> None:
        np.subtract(self.ends.y, self.ends.t, out=self.a)
        self.give(self.a, self.factor)


@loss_function(CategoricalCrossentropy)
class _CategoricalCrossentropy(LossFunction[CategoricalCrossentropy]):
    """mean -sum t log p with p = clip(y / s), s = sum y;  dy = (sum t' - t' / p) / s / n, t' = t where p is not clipped

    The means go over the rows, the sums along the last axis.
    """

    def __init__(self, declared: CategoricalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.p, self.a = ends.scratch(*shape), ends.scratch(*shape)
        self.inside = ends.scratch(*shape, dtype=np.bool_)
        self.s, self.row = ends.scratch(*shape[:-1], 1), ends.scratch(*shape[:-1], 1)
        self.rows = prod(shape[:-1])

    def value(self) -> float:
        y, t, p, a = self.ends.y, self.ends.t, self.p, self.a
        np.sum(y, axis=-1, keepdims=True, out=self.s)
        np.divide(y, self.s, out=a)
        np.clip(a, CLIP, 1.0 - CLIP, out=p)
        np.equal(p, a, out=self.inside)
        np.log(p, out=a)
        a *= t
        return -self.total(a) / self.rows

    def slope(self) -> None:
        p, a = self.p, self.a
        np.multiply(self.ends.t, self.inside, out=a)
        np.sum(a, axis=-1, keepdims=True, out=self.row)
        a /= p
        np.subtract(self.row, a, out=a)
        a /= self.s
        self.give(a, self.ends.weight / self.rows)


@loss_function(CategoricalCrossentropy, fused_with="softmax")
class _SoftmaxCrossentropy(LossFunction[CategoricalCrossentropy]):
    """mean -sum t (x - max x + log max y);  dx = (y sum t - t) / n"""

    def __init__(self, declared: CategoricalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.a = ends.scratch(*shape)
        self.peak, self.row = ends.scratch(*shape[:-1], 1), ends.scratch(*shape[:-1], 1)
        self.rows = prod(shape[:-1])

    def value(self) -> float:
        x, a = self.ends.x, self.a
        assert x is not None
        np.max(x, axis=-1, keepdims=True, out=self.peak)
        np.max(self.ends.y, axis=-1, keepdims=True, out=self.row)
        np.log(self.row, out=self.row)
        self.peak -= self.row
        np.subtract(self.peak, x, out=a)
        a *= self.ends.t
        return self.total(a) / self.rows

    def slope(self) -> None:
        t, a = self.ends.t, self.a
        np.sum(t, axis=-1, keepdims=True, out=self.row)
        np.multiply(self.ends.y, self.row, out=a)
        a -= t
        self.give(a, self.ends.weight / self.rows)


class _ByClassNumber(LossFunction[SparseCategoricalCrossentropy]):
    """What the two forms for class numbers share: the place of each row's own class in the flat output."""

    def __init__(self, declared: SparseCategoricalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        classes = ends.y.shape[-1]
        self.rows = prod(ends.y.shape[:-1])
        self.starts = np.arange(0, self.rows * classes, classes, dtype=np.intp)
        self.places = ends.scratch(self.rows, dtype=np.intp)
        self.picked = ends.scratch(self.rows)
        self.t = ends.t.reshape(-1)
        self.factor = ends.weight / self.rows

    def pick(self, values: Array) -> Array:
        """The value at each row's own class."""
        np.add(self.starts, self.t, out=self.places)
        return np.take(values.reshape(-1), self.places, out=self.picked, mode="clip")


@loss_function(SparseCategoricalCrossentropy)
class _SparseCategoricalCrossentropy(_ByClassNumber):
    """mean -log p_t with p = clip(y / s), s = sum y;  dy = (1 - [class is t] / p_t) / s / n, 0 where clipped"""

    def __init__(self, declared: SparseCategoricalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.s, self.row = ends.scratch(*ends.y.shape[:-1], 1), ends.scratch(*ends.y.shape[:-1], 1)
        self.p, self.inside = ends.scratch(self.rows), ends.scratch(self.rows, dtype=np.bool_)

    def value(self) -> float:
        np.sum(self.ends.y, axis=-1, keepdims=True, out=self.s)
        self.pick(self.ends.y)
        self.picked /= self.s.reshape(-1)
        np.clip(self.picked, CLIP, 1.0 - CLIP, out=self.p)
        np.equal(self.p, self.picked, out=self.inside)
        np.log(self.p, out=self.picked)
        return -self.total(self.picked) / self.rows

    def slope(self) -> None:
        dy = self.ends.dy
        assert dy is not None
        row = self.row.reshape(-1)
        np.divide(self.factor, self.s.reshape(-1), out=row)
        row *= self.inside
        np.copyto(dy, self.row)
        np.divide(row, self.p, out=self.picked)
        np.subtract(row, self.picked, out=self.picked)
        dy.reshape(-1)[self.places] = self.picked
        self.weigh()


@loss_function(SparseCategoricalCrossentropy, fused_with="softmax")
class SparseSoftmaxCrossentropy(_ByClassNumber):
    """mean max x - x_t - log max y;  dx = (y - [class is t]) / n"""

    def __init__(self, declared: SparseCategoricalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.peak = ends.scratch(*ends.y.shape[:-1])
        self.top = ends.scratch(*ends.y.shape[:-1])

    def value(self) -> float:
        x = self.ends.x
        assert x is not None
        np.max(x, axis=-1, out=self.peak)
        np.max(self.ends.y, axis=-1, out=self.top)
        np.log(self.top, out=self.top)
        self.peak -= self.top
        return (self.total(self.peak) - self.total(self.pick(x))) / self.rows

    def slope(self) -> None:
        dx = self.ends.dy
        assert dx is not None
        np.multiply(self.ends.y, self.factor, out=dx)
        self.pick(dx)
        self.picked -= self.factor
        dx.reshape(-1)[self.places] = self.picked
        self.weigh()
