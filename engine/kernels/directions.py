"""How the results of two directions become one: `a` is that of the first, `b` that of the second, in the same order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.kernel import Array
from graph.layers.wrappers import MERGES


@dataclass(frozen=True)
class Join:
    """`forward(a, b, ys)` writes the outputs, `backward(dys, a, b, da, db)` the slopes of both results."""

    forward: Callable[[Array, Array, Sequence[Array]], None]
    backward: Callable[[Sequence[Array], Array, Array, Array, Array], None]


def _concat(a: Array, b: Array, ys: Sequence[Array]) -> None:
    """y = (a, b), side by side"""
    features = a.shape[-1]
    np.copyto(ys[0][..., :features], a)
    np.copyto(ys[0][..., features:], b)


def _concat_back(dys: Sequence[Array], a: Array, b: Array, da: Array, db: Array) -> None:
    features = a.shape[-1]
    np.copyto(da, dys[0][..., :features])
    np.copyto(db, dys[0][..., features:])


def _sum(a: Array, b: Array, ys: Sequence[Array]) -> None:
    """y = a + b"""
    np.add(a, b, out=ys[0])


def _sum_back(dys: Sequence[Array], a: Array, b: Array, da: Array, db: Array) -> None:
    """da = db = dy"""
    np.copyto(da, dys[0])
    np.copyto(db, dys[0])


def _ave(a: Array, b: Array, ys: Sequence[Array]) -> None:
    """y = (a + b) / 2"""
    np.add(a, b, out=ys[0])
    np.multiply(ys[0], 0.5, out=ys[0])


def _ave_back(dys: Sequence[Array], a: Array, b: Array, da: Array, db: Array) -> None:
    """da = db = dy / 2"""
    np.multiply(dys[0], 0.5, out=da)
    np.copyto(db, da)


def _mul(a: Array, b: Array, ys: Sequence[Array]) -> None:
    """y = a b"""
    np.multiply(a, b, out=ys[0])


def _mul_back(dys: Sequence[Array], a: Array, b: Array, da: Array, db: Array) -> None:
    """da = dy b,  db = dy a"""
    np.multiply(dys[0], b, out=da)
    np.multiply(dys[0], a, out=db)


def _both(a: Array, b: Array, ys: Sequence[Array]) -> None:
    """Two outputs, a and b"""
    np.copyto(ys[0], a)
    np.copyto(ys[1], b)


def _both_back(dys: Sequence[Array], a: Array, b: Array, da: Array, db: Array) -> None:
    np.copyto(da, dys[0])
    np.copyto(db, dys[1])


joins: Mapping[str | None, Join] = {
    "concat": Join(_concat, _concat_back),
    "sum": Join(_sum, _sum_back),
    "ave": Join(_ave, _ave_back),
    "mul": Join(_mul, _mul_back),
    None: Join(_both, _both_back),
}

assert set(joins) == {*MERGES, None}, "every way to join is here, and no other"
