"""Which values the dropout inside of a layer keeps."""

from __future__ import annotations

import numpy as np

from engine.kernel import Array


def draw_kept(generator: np.random.Generator, rate: float, kept: Array) -> None:
    """Write 0 with the probability `rate`, and 1 / (1 - rate) otherwise."""
    generator.random(dtype=kept.dtype.type, out=kept)
    np.greater_equal(kept, rate, out=kept)
    kept /= 1.0 - rate
