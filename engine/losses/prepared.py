"""What losses have in common before their formula: targets that are smoothed, and outputs that are logits.

A loss whose output is logits first computes the probabilities. A cross-entropy then has its fused form, which takes
both; any other loss has its slope carried through the activation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine.kernel import Array
from engine.loss import Ends, LossFunction, has_fused, plain_function
from graph.losses import Loss


def prepared(loss: Loss, fused: bool, ends: Ends) -> LossFunction[Any]:
    """A declared loss bound to its arrays. Raises KeyError where there is none."""
    config = loss.config()
    if config.get("label_smoothing"):
        return _Smoothed(loss, fused, ends)
    if config.get("from_logits"):
        activation = "softmax" if loss.target in ("classes", "one_hot") else "sigmoid"
        return (_FusedLogits if has_fused(loss) else _Logits)(loss, ends, activation)
    return plain_function(loss, fused)(ends)


class _Smoothed(LossFunction[Loss]):
    """The loss of t (1 - s) + s / n, with n classes, or 2 for yes and no."""

    def __init__(self, declared: Loss, fused: bool, ends: Ends) -> None:
        super().__init__(declared, ends)
        amount = declared.config()["label_smoothing"]
        self.kept = 1.0 - amount
        self.added = amount / (2 if declared.target == "binary" else ends.y.shape[-1])
        self.smooth = ends.scratch(*ends.y.shape)
        bare = declared.with_(label_smoothing=0.0)
        self.inner = prepared(bare, fused, replace(ends, t=self.smooth))

    def value(self) -> float:
        np.multiply(self.ends.t, self.kept, out=self.smooth)
        self.smooth += self.added
        return self.inner.value()

    def slope(self) -> None:
        self.inner.slope()


class _FusedLogits(LossFunction[Loss]):
    """A loss that knows the logits: y = activation(x), and both are given to its fused form."""

    def __init__(self, declared: Loss, ends: Ends, activation: str) -> None:
        super().__init__(declared, ends)
        self.p, self.row = ends.scratch(*ends.y.shape), ends.scratch(*ends.y.shape[:-1], 1)
        self.activate = ACTIVATE[activation]
        self.inner = plain_function(declared, True)(replace(ends, y=self.p, x=ends.y))

    def value(self) -> float:
        self.activate(self.ends.y, self.p, self.row)
        return self.inner.value()

    def slope(self) -> None:
        self.inner.slope()


class _Logits(LossFunction[Loss]):
    """A loss of p = activation(y);  dy = p dp - p (p . dp) after a softmax, p (1 - p) dp after a sigmoid"""

    def __init__(self, declared: Loss, ends: Ends, activation: str) -> None:
        super().__init__(declared, ends)
        self.softmax = activation == "softmax"
        self.p, self.dp = ends.scratch(*ends.y.shape), ends.scratch(*ends.y.shape)
        self.row = ends.scratch(*ends.y.shape[:-1], 1)
        self.activate = ACTIVATE[activation]
        self.inner = plain_function(declared, False)(replace(ends, y=self.p, dy=self.dp))

    def value(self) -> float:
        self.activate(self.ends.y, self.p, self.row)
        return self.inner.value()

    def slope(self) -> None:
        self.inner.slope()
        p, dp, dy = self.p, self.dp, self.ends.dy
        assert dy is not None
        np.multiply(p, dp, out=dy)
        if self.softmax:
            np.sum(dy, axis=-1, keepdims=True, out=self.row)
            p *= self.row
        else:
            p *= dy
        dy -= p


def _sigmoid(x: Array, p: Array, row: Array) -> None:
    """1 / (1 + exp(-x)), as (1 + tanh(x / 2)) / 2, which does not overflow"""
    np.multiply(x, 0.5, out=p)
    np.tanh(p, out=p)
    p += 1.0
    p *= 0.5


def _softmax(x: Array, p: Array, row: Array) -> None:
    """exp(x - max x) / sum, along the last axis"""
    np.max(x, axis=-1, keepdims=True, out=row)
    np.subtract(x, row, out=p)
    np.exp(p, out=p)
    np.sum(p, axis=-1, keepdims=True, out=row)
    p /= row


ACTIVATE = {"sigmoid": _sigmoid, "softmax": _softmax}
