"""The focal losses: cross-entropies in which what is already right counts little (Lin et al. 2017).

Formulas: https://keras.io/api/losses/probabilistic_losses/
"""

from __future__ import annotations

from math import prod

import numpy as np

from engine.loss import Ends, LossFunction, loss_function
from engine.losses.crossentropy import CLIP
from graph.losses import BinaryFocalCrossentropy, CategoricalFocalCrossentropy


@loss_function(BinaryFocalCrossentropy)
class _BinaryFocalCrossentropy(LossFunction[BinaryFocalCrossentropy]):
    """mean w q^g b with b = -t log p - (1 - t) log(1 - p), p = clip y, q = t (1 - y) + (1 - t) y

    dy = w (g q^(g - 1) (1 - 2 t) b + q^g (p - t) / (p (1 - p)) [y is not clipped]) / n. The weight w is 1, or with
    class balancing t alpha + (1 - t) (1 - alpha).
    """

    def __init__(self, declared: BinaryFocalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.p, self.q, self.b = ends.scratch(*shape), ends.scratch(*shape), ends.scratch(*shape)
        self.focus, self.w, self.a = ends.scratch(*shape), ends.scratch(*shape), ends.scratch(*shape)
        self.inside = ends.scratch(*shape, dtype=np.bool_)

    def value(self) -> float:
        t, p, q, b, a, w = self.ends.t, self.p, self.q, self.b, self.a, self.w
        np.clip(self.ends.y, CLIP, 1.0 - CLIP, out=p)
        np.subtract(1.0, p, out=a)
        np.log(a, out=a)
        np.log(p, out=b)
        b -= a
        b *= t
        b += a
        np.negative(b, out=b)
        np.multiply(t, self.ends.y, out=q)
        q *= -2.0
        q += t
        q += self.ends.y
        np.power(q, self.declared.gamma, out=self.focus)
        if self.declared.apply_class_balancing:
            np.multiply(t, 2.0 * self.declared.alpha - 1.0, out=w)
            w += 1.0 - self.declared.alpha
        else:
            w.fill(1.0)
        np.multiply(self.focus, b, out=a)
        a *= w
        return self.total(a) / a.size

    def slope(self) -> None:
        t, p, q, b, a = self.ends.t, self.p, self.q, self.b, self.a
        np.equal(p, self.ends.y, out=self.inside)
        np.subtract(p, t, out=a)
        a *= self.focus
        np.subtract(1.0, p, out=self.focus)
        self.focus *= p
        a /= self.focus
        a *= self.inside
        np.maximum(q, CLIP, out=q)
        np.power(q, self.declared.gamma - 1.0, out=q)
        q *= self.declared.gamma
        q *= b
        np.multiply(t, -2.0, out=b)
        b += 1.0
        q *= b
        a += q
        a *= self.w
        self.give(a, self.ends.weight / a.size)


@loss_function(CategoricalFocalCrossentropy)
class _CategoricalFocalCrossentropy(LossFunction[CategoricalFocalCrossentropy]):
    """mean -sum alpha t (1 - p)^g log p with p = clip u, u = y / s, s = sum y;  dy = (h - sum h u) / s / n

    h = alpha t (g (1 - p)^(g - 1) log p - (1 - p)^g / p) where u is not clipped. The mean goes over the rows, the sums
    along the last axis.
    """

    def __init__(self, declared: CategoricalFocalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = ends.y.shape
        self.u, self.p, self.log = ends.scratch(*shape), ends.scratch(*shape), ends.scratch(*shape)
        self.focus, self.a = ends.scratch(*shape), ends.scratch(*shape)
        self.s, self.row = ends.scratch(*shape[:-1], 1), ends.scratch(*shape[:-1], 1)
        self.inside = ends.scratch(*shape, dtype=np.bool_)
        self.rows = prod(shape[:-1])

    def value(self) -> float:
        u, p, a = self.u, self.p, self.a
        np.sum(self.ends.y, axis=-1, keepdims=True, out=self.s)
        np.divide(self.ends.y, self.s, out=u)
        np.clip(u, CLIP, 1.0 - CLIP, out=p)
        np.log(p, out=self.log)
        np.subtract(1.0, p, out=a)
        np.power(a, self.declared.gamma, out=self.focus)
        np.multiply(self.focus, self.log, out=a)
        a *= self.ends.t
        return -self.declared.alpha * self.total(a) / self.rows

    def slope(self) -> None:
        u, p, a, h = self.u, self.p, self.a, self.focus
        np.equal(p, u, out=self.inside)
        h /= p
        np.subtract(1.0, p, out=a)
        np.power(a, self.declared.gamma - 1.0, out=a)
        a *= self.declared.gamma
        a *= self.log
        a -= h
        a *= self.ends.t
        a *= self.inside
        np.multiply(a, u, out=h)
        np.sum(h, axis=-1, keepdims=True, out=self.row)
        a -= self.row
        a /= self.s
        self.give(a, self.declared.alpha * self.ends.weight / self.rows)
