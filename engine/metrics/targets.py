"""Outputs and targets as the metrics compare them."""

from __future__ import annotations

import numpy as np

from engine.kernel import Array


def beside(t: Array, y: Array) -> Array:
    """A target in sizes that go with the output: its own, or one class number for a row."""
    return t.reshape(y.shape) if t.size == y.size else t.reshape(*y.shape[:-1], 1)


def rows_of(y: Array) -> Array:
    """An output as rows, the last axis of each."""
    return y.reshape(-1, y.shape[-1])


def right_class(t: Array, y: Array) -> Array:
    """The class number of every row: given as such, as one column a class, or as one 0/1 column."""
    if t.size < y.size or y.shape[-1] == 1:
        return t.reshape(-1).astype(np.intp)
    found: Array = rows_of(t.reshape(y.shape)).argmax(axis=-1)
    return found


def chosen_class(y: Array) -> Array:
    """The class number every row of an output stands for."""
    if y.shape[-1] == 1:
        return (y.reshape(-1) > 0.5).astype(np.intp)
    found: Array = rows_of(y).argmax(axis=-1)
    return found


def relevance(t: Array, y: Array) -> Array:
    """What every value of the output should be, in rows: a class number is 1 in its column, 0 in the others."""
    if t.size == y.size:
        return rows_of(t.reshape(y.shape))
    found: Array = t.reshape(-1, 1) == np.arange(y.shape[-1])
    return found


def yes_and_no(t: Array, y: Array) -> Array:
    """Whether each value of the output should be yes, in rows."""
    found: Array = relevance(t, y) > 0.5
    return found


def largest(y: Array, k: int) -> Array:
    """Whether each value of a row is among its k largest; of equal ones the first are."""
    found = np.zeros(y.shape, np.bool_)
    np.put_along_axis(found, np.argsort(-y, axis=-1, kind="stable")[:, :k], True, axis=-1)
    return found
