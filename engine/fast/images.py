"""Sequences as images of one row, so that one loop does for both."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import Array


def as_images(x: Array) -> Array:
    """(batch, steps, channels) as (batch, 1, steps, channels); images as they are."""
    return x if x.ndim == 4 else x.reshape(len(x), 1, *x.shape[1:])


def pair(values: Sequence[int], missing: int) -> tuple[int, int]:
    """A value for rows and one for columns, `missing` for the rows of a sequence."""
    return (values[0], values[1]) if len(values) == 2 else (missing, values[0])
