"""Outputs and targets as the metrics compare them."""

from __future__ import annotations

import numpy as np

from engine.kernel import Array


def beside(t: Array, y: Array) -> Array:
    """A target in sizes that go with the output: its own, or one class number for a row."""
    return t.reshape(y.shape) if t.size == y.size else t.reshape(*y.shape[:-1], 1)


def right_class(t: Array, y: Array) -> Array:
    """The class number of every row: given as such, as one column a class, or as one 0/1 column."""
    if t.size < y.size or y.shape[-1] == 1:
        return t.reshape(-1).astype(np.intp)
    found: Array = t.reshape(-1, y.shape[-1]).argmax(axis=-1)
    return found


def chosen_class(y: Array) -> Array:
    """The class number every row of an output stands for."""
    if y.shape[-1] == 1:
        return (y.reshape(-1) > 0.5).astype(np.intp)
    found: Array = y.reshape(-1, y.shape[-1]).argmax(axis=-1)
    return found


def yes_and_no(t: Array, y: Array) -> Array:
    """Whether each value of the output should be yes: a class number is yes in its column, no in the others."""
    if t.size == y.size:
        return t.reshape(-1) > 0.5
    found: Array = (t.reshape(-1, 1) == np.arange(y.shape[-1])).reshape(-1)
    return found
