"""The operations of expressions: each as a function that writes its value, and one for every slope.

`forward(*xs, out=y)` writes y. A slope `d(s, dy, y, *xs)` gives dy times the slope of y by one x: in the scratch
`s`, or as `dy` itself. It is None where there is no slope: of what is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.kernel import Array

Slope = Callable[..., Array]
TINY = 1e-30
"""Stands for 0 where the logarithm of 0 is multiplied by 0."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How an operation is computed."""

    forward: Callable[..., Any]
    slopes: tuple[Slope | None, ...] = (None, None)


def sigmoid(x: Array, out: Array) -> None:
    """1 / (1 + exp(-x))"""
    np.negative(x, out=out)
    np.exp(out, out=out)
    out += 1.0
    np.reciprocal(out, out=out)


def where(c: Array, a: Array, b: Array, out: Array, mask: Array) -> None:
    """a where c is not 0, else b; `mask` is scratch of the sizes of c"""
    np.not_equal(c, 0.0, out=mask)
    np.copyto(out, b)
    np.copyto(out, a, where=mask)


def same(s: Array, dy: Array, y: Array, *xs: Array) -> Array:
    """dy"""
    return dy


def opposite(s: Array, dy: Array, y: Array, *xs: Array) -> Array:
    """-dy"""
    return np.negative(dy, out=s)


def by_second(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """dy b"""
    return np.multiply(dy, b, out=s)


def by_first(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """dy a"""
    return np.multiply(dy, a, out=s)


def divided(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """dy / b"""
    return np.divide(dy, b, out=s)


def divisor(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """-dy y / b"""
    np.divide(y, b, out=s)
    np.negative(s, out=s)
    return np.multiply(s, dy, out=s)


def base(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """dy b a^(b - 1)"""
    np.subtract(b, 1.0, out=s)
    np.power(a, s, out=s)
    s *= b
    return np.multiply(s, dy, out=s)


def exponent(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """dy y log a"""
    np.maximum(a, TINY, out=s)
    np.log(s, out=s)
    s *= y
    return np.multiply(s, dy, out=s)


def by_value(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """dy y"""
    return np.multiply(dy, y, out=s)


def over_x(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """dy / x"""
    return np.divide(dy, x, out=s)


def of_root(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """dy / 2 y"""
    np.divide(dy, y, out=s)
    return np.multiply(s, 0.5, out=s)


def of_square(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """2 dy x"""
    np.multiply(dy, x, out=s)
    return np.multiply(s, 2.0, out=s)


def of_tanh(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """dy (1 - y²)"""
    np.multiply(y, y, out=s)
    np.subtract(1.0, s, out=s)
    return np.multiply(s, dy, out=s)


def of_sigmoid(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """dy y (1 - y)"""
    np.subtract(1.0, y, out=s)
    s *= y
    return np.multiply(s, dy, out=s)


def of_size(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """dy sign x"""
    np.sign(x, out=s)
    return np.multiply(s, dy, out=s)


def of_sine(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """dy cos x"""
    np.cos(x, out=s)
    return np.multiply(s, dy, out=s)


def of_cosine(s: Array, dy: Array, y: Array, x: Array) -> Array:
    """-dy sin x"""
    np.sin(x, out=s)
    np.negative(s, out=s)
    return np.multiply(s, dy, out=s)


def larger(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """dy where a > b, half of it where they are the same"""
    np.subtract(a, b, out=s)
    np.heaviside(s, 0.5, out=s)
    return np.multiply(s, dy, out=s)


def smaller(s: Array, dy: Array, y: Array, a: Array, b: Array) -> Array:
    """dy where a < b, half of it where they are the same"""
    return larger(s, dy, y, b, a)


def taken(s: Array, dy: Array, y: Array, c: Array, a: Array, b: Array) -> Array:
    """dy where c is not 0"""
    np.not_equal(c, 0.0, out=s)
    return np.multiply(s, dy, out=s)


def left(s: Array, dy: Array, y: Array, c: Array, a: Array, b: Array) -> Array:
    """dy where c is 0"""
    np.equal(c, 0.0, out=s)
    return np.multiply(s, dy, out=s)


FORMULAS: dict[str, Formula] = {
    "add": Formula(np.add, (same, same)),
    "subtract": Formula(np.subtract, (same, opposite)),
    "multiply": Formula(np.multiply, (by_second, by_first)),
    "divide": Formula(np.divide, (divided, divisor)),
    "power": Formula(np.power, (base, exponent)),
    "negative": Formula(np.negative, (opposite,)),
    "less": Formula(np.less),
    "less_equal": Formula(np.less_equal),
    "greater": Formula(np.greater),
    "greater_equal": Formula(np.greater_equal),
    "equal": Formula(np.equal),
    "not_equal": Formula(np.not_equal),
    "exp": Formula(np.exp, (by_value,)),
    "log": Formula(np.log, (over_x,)),
    "sqrt": Formula(np.sqrt, (of_root,)),
    "square": Formula(np.square, (of_square,)),
    "tanh": Formula(np.tanh, (of_tanh,)),
    "sigmoid": Formula(sigmoid, (of_sigmoid,)),
    "abs": Formula(np.abs, (of_size,)),
    "sin": Formula(np.sin, (of_sine,)),
    "cos": Formula(np.cos, (of_cosine,)),
    "where": Formula(where, (None, taken, left)),
    "maximum": Formula(np.maximum, (larger, smaller)),
    "minimum": Formula(np.minimum, (smaller, larger)),
}
"""Every operation by its name."""
