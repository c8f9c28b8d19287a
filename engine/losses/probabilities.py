"""The losses that compare distributions, counts and directions.

Formulas: https://keras.io/api/losses/probabilistic_losses/ and https://keras.io/api/losses/regression_losses/
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.loss import Ends, LossFunction, loss_function
from engine.losses.crossentropy import CLIP
from graph.losses import CosineSimilarity, KLDivergence, Poisson


@loss_function(KLDivergence)
class _KLDivergence(LossFunction[KLDivergence]):
    """mean sum t log(t / p) with p = clip y;  dy = -t / p / n where y is not clipped

    The mean goes over the rows, the sum along the last axis; t is clipped as y is, from 1e-7 to 1.
    """

    def __init__(self, declared: KLDivergence, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.t, self.p, self.a = ends.scratch(*shape), ends.scratch(*shape), ends.scratch(*shape)
        self.inside = ends.scratch(*shape, dtype=np.bool_)
        self.rows = prod(shape[:-1])

    def value(self) -> float:
        t, p, a = self.t, self.p, self.a
        np.clip(self.ends.t, CLIP, 1.0, out=t)
        np.clip(self.ends.y, CLIP, 1.0, out=p)
        np.divide(t, p, out=a)
        np.log(a, out=a)
        a *= t
        return self.total(a) / self.rows

    def slope(self) -> None:
        np.equal(self.p, self.ends.y, out=self.inside)
        np.divide(self.t, self.p, out=self.a)
        self.a *= self.inside
        self.give(self.a, -self.ends.weight / self.rows)


@loss_function(Poisson)
class _Poisson(LossFunction[Poisson]):
    """mean y - t log(y + 1e-7);  dy = (1 - t / (y + 1e-7)) / n"""

    def __init__(self, declared: Poisson, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.z, self.a = ends.scratch(*ends.y.shape), ends.scratch(*ends.y.shape)

    def value(self) -> float:
        np.add(self.ends.y, CLIP, out=self.z)
        np.log(self.z, out=self.a)
        self.a *= self.ends.t
        np.subtract(self.ends.y, self.a, out=self.a)
        return self.total(self.a) / self.a.size

    def slope(self) -> None:
        np.divide(self.ends.t, self.z, out=self.a)
        np.subtract(1.0, self.a, out=self.a)
        self.give(self.a, self.ends.weight / self.a.size)


@loss_function(CosineSimilarity)
class _CosineSimilarity(LossFunction[CosineSimilarity]):
    """mean -u . v with u = y / |y|, v = t / |t|;  dy = (u (u . v) - v) / |y| / n

    The products go along the last axis, the mean over the rows. A row of zeros has no direction: it counts 0 and has
    no slope.
    """

    def __init__(self, declared: CosineSimilarity, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.u, self.v, self.a = ends.scratch(*shape), ends.scratch(*shape), ends.scratch(*shape)
        row = (*shape[:-1], 1)
        self.y_length, self.t_length, self.cosine = ends.scratch(*row), ends.scratch(*row), ends.scratch(*row)
        self.inside = ends.scratch(*row, dtype=np.bool_)
        self.rows = prod(shape[:-1])

    def value(self) -> float:
        for x, length, unit in ((self.ends.y, self.y_length, self.u), (self.ends.t, self.t_length, self.v)):
            np.multiply(x, x, out=self.a)
            np.sum(self.a, axis=-1, keepdims=True, out=length)
            np.sqrt(length, out=length)
            np.maximum(length, CLIP, out=length)
            np.divide(x, length, out=unit)
        np.multiply(self.u, self.v, out=self.a)
        np.sum(self.a, axis=-1, keepdims=True, out=self.cosine)
        return -self.total(self.cosine) / self.rows

    def slope(self) -> None:
        np.greater(self.y_length, CLIP, out=self.inside)
        np.multiply(self.u, self.cosine, out=self.a)
        self.a -= self.v
        self.a /= self.y_length
        self.a *= self.inside
        self.give(self.a, self.ends.weight / self.rows)
