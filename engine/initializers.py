"""Filling new weights, by Keras's formulas.

Fans follow Keras's `compute_fans`: for a matrix (fan_in, fan_out) = shape; for a convolution kernel both are multiplied
by the size of the window. A truncated normal is redrawn beyond two standard deviations and scaled so that its variance
is what was asked: the deviation is divided by 0.8796, that of a standard normal cut at ±2.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt

import numpy as np

from engine.kernel import Array
from graph.initializers import RandomNormal, RandomUniform, initializers

TRUNCATED_DEVIATION = 0.87962566103423978


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many values feed one output, and how many outputs one value feeds."""
    if len(shape) < 2:
        return (prod(shape), prod(shape))
    window = prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def initialize(name: str, w: Array, generator: np.random.Generator) -> None:
    """Fill `w` by the initializer `name`."""
    _fill[name](w, generator)


def _uniform(w: Array, limit: float, generator: np.random.Generator) -> None:
    w[...] = generator.uniform(-limit, limit, w.shape)


def _truncated_normal(w: Array, variance: float, generator: np.random.Generator) -> None:
    z = generator.standard_normal(w.shape)
    while (far := np.abs(z) > 2.0).any():
        z[far] = generator.standard_normal(int(far.sum()))
    w[...] = z * (sqrt(variance) / TRUNCATED_DEVIATION)


def _random_normal(w: Array, generator: np.random.Generator) -> None:
    rule = RandomNormal()
    w[...] = generator.normal(rule.mean, rule.stddev, w.shape)


def _random_uniform(w: Array, generator: np.random.Generator) -> None:
    rule = RandomUniform()
    w[...] = generator.uniform(rule.minval, rule.maxval, w.shape)


def _orthogonal(w: Array, generator: np.random.Generator) -> None:
    """Q of the QR decomposition of a normal matrix, its signs made those of a uniform choice (Saxe et al. 2014)."""
    rows, columns = prod(w.shape[:-1]), w.shape[-1]
    q, r = np.linalg.qr(generator.standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))
    w[...] = (q if rows >= columns else q.T).reshape(w.shape)


_fill: dict[str, Callable[[Array, np.random.Generator], None]] = {
    "zeros": lambda w, generator: w.fill(0.0),
    "ones": lambda w, generator: w.fill(1.0),
    "random_normal": _random_normal,
    "random_uniform": _random_uniform,
    "glorot_uniform": lambda w, generator: _uniform(w, sqrt(6.0 / sum(fans(w.shape))), generator),
    "glorot_normal": lambda w, generator: _truncated_normal(w, 2.0 / sum(fans(w.shape)), generator),
    "he_uniform": lambda w, generator: _uniform(w, sqrt(6.0 / fans(w.shape)[0]), generator),
    "he_normal": lambda w, generator: _truncated_normal(w, 2.0 / fans(w.shape)[0], generator),
    "lecun_uniform": lambda w, generator: _uniform(w, sqrt(3.0 / fans(w.shape)[0]), generator),
    "lecun_normal": lambda w, generator: _truncated_normal(w, 1.0 / fans(w.shape)[0], generator),
    "orthogonal": _orthogonal,
}

assert set(_fill) == set(initializers.names()), "every declared initializer has its formula, and no other"
