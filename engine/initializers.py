"""Filling new weights, by Keras's formulas.

Fans follow Keras's `compute_fans`: for a matrix (fan_in, fan_out) = shape; for a convolution kernel both are multiplied
by the size of the window. A truncated normal is redrawn beyond two standard deviations and scaled so that its variance
is what was asked: the deviation is divided by 0.8796, that of a standard normal cut at ±2.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod, sqrt
from typing import Any

import numpy as np

from engine.blas import one_thread_each
from engine.kernel import Array
from graph.fields.spec import read_spec
from graph.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Identity,
    Initializer,
    LecunNormal,
    LecunUniform,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
    initializers,
)

Fill = Callable[[Any, Array, np.random.Generator], None]

PIECE = 65_536
TRUNCATED_DEVIATION = 0.87962566103423978


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many values feed one output, and how many outputs one value feeds."""
    if len(shape) < 2:
        return (prod(shape), prod(shape))
    window = prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def initialize(spec: str, w: Array, generator: np.random.Generator) -> None:
    """Fill `w` by an initializer, such as `he_normal` or `constant(value=0.5)`."""
    rule = read_spec(initializers, spec)
    seed = rule.config().get("seed")
    if seed is not None:
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    _fill[type(rule)](rule, w, generator)


def _scaled(scale: float, mode: str, distribution: str) -> Fill:
    """Values whose variance is `scale` divided by the fan."""

    def fill(rule: Any, w: Array, generator: np.random.Generator) -> None:
        _scale(scale, mode, distribution, w, generator)

    return fill


def _scale(scale: float, mode: str, distribution: str, w: Array, generator: np.random.Generator) -> None:
    fan_in, fan_out = fans(w.shape)
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[mode]
    deviation = sqrt(scale / max(fan, 1.0))
    if distribution == "uniform":
        limit = sqrt(3.0) * deviation
        _draw(w, lambda count: generator.uniform(-limit, limit, count))
    elif distribution == "untruncated_normal":
        _draw(w, lambda count: generator.standard_normal(count) * deviation)
    else:
        w[...] = _truncated(w.shape, generator) * (deviation / TRUNCATED_DEVIATION)


def _draw(w: Array, values: Callable[[int], Array]) -> None:
    """Fill `w` with independent values, some at a time: they are drawn in float64, which takes twice the memory."""
    for start in range(0, w.size, PIECE):
        part = w.reshape(-1)[start : start + PIECE]
        part[...] = values(part.size)


def _truncated(shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """Standard normal values, drawn again beyond ±2."""
    z = generator.standard_normal(shape)
    while (far := np.abs(z) > 2.0).any():
        z[far] = generator.standard_normal(int(far.sum()))
    return z


def _variance_scaling(rule: VarianceScaling, w: Array, generator: np.random.Generator) -> None:
    _scale(rule.scale, rule.mode, rule.distribution, w, generator)


def _constant(rule: Constant, w: Array, generator: np.random.Generator) -> None:
    w.fill(rule.value)


def _random_normal(rule: RandomNormal, w: Array, generator: np.random.Generator) -> None:
    _draw(w, lambda count: generator.normal(rule.mean, rule.stddev, count))


def _random_uniform(rule: RandomUniform, w: Array, generator: np.random.Generator) -> None:
    _draw(w, lambda count: rule.minval + (rule.maxval - rule.minval) * generator.random(count))


def _truncated_normal(rule: TruncatedNormal, w: Array, generator: np.random.Generator) -> None:
    w[...] = rule.mean + rule.stddev * _truncated(w.shape, generator)


def _orthogonal(rule: Orthogonal, w: Array, generator: np.random.Generator) -> None:
    """Q of the QR decomposition of a normal matrix, its signs made those of a uniform choice (Saxe et al. 2014).

    On one thread: its many small products wait long for each other where other programs are at work.
    """
    rows, columns = prod(w.shape[:-1]), w.shape[-1] if w.ndim else 1
    with one_thread_each():
        q, r = np.linalg.qr(generator.standard_normal((max(rows, columns), min(rows, columns))))
    q *= np.sign(np.diag(r))
    w[...] = rule.gain * (q if rows >= columns else q.T).reshape(w.shape)


def _identity(rule: Identity, w: Array, generator: np.random.Generator) -> None:
    w[...] = rule.gain * np.eye(*w.shape)


_fill: dict[type[Initializer], Fill] = {
    Zeros: lambda rule, w, generator: w.fill(0.0),
    Ones: lambda rule, w, generator: w.fill(1.0),
    Constant: _constant,
    RandomNormal: _random_normal,
    RandomUniform: _random_uniform,
    TruncatedNormal: _truncated_normal,
    VarianceScaling: _variance_scaling,
    GlorotUniform: _scaled(1.0, "fan_avg", "uniform"),
    GlorotNormal: _scaled(1.0, "fan_avg", "truncated_normal"),
    HeUniform: _scaled(2.0, "fan_in", "uniform"),
    HeNormal: _scaled(2.0, "fan_in", "truncated_normal"),
    LecunUniform: _scaled(1.0, "fan_in", "uniform"),
    LecunNormal: _scaled(1.0, "fan_in", "truncated_normal"),
    Orthogonal: _orthogonal,
    Identity: _identity,
}

assert set(_fill) == set(initializers), "every declared initializer has its formula, and no other"
