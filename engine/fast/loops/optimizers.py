"""Steps of optimizers, each in one pass over the weights and the vectors kept for them."""

from __future__ import annotations

import numpy as np

from engine.fast.loops.compiled import compiled
from engine.kernel import Array


@compiled
def adam(w: Array, g: Array, m: Array, v: Array, beta_1: float, beta_2: float, alpha: float, epsilon: float) -> None:
    """m += (1 - b1) (g - m);  v += (1 - b2) (g² - v);  w -= alpha m / (sqrt v + epsilon)"""
    of_type = w.dtype.type
    a, b, c, e = of_type(1.0 - beta_1), of_type(1.0 - beta_2), of_type(alpha), of_type(epsilon)
    for i in range(w.size):
        slope = g[i]
        mean = m[i] + a * (slope - m[i])
        size = v[i] + b * (slope * slope - v[i])
        m[i] = mean
        v[i] = size
        w[i] -= c * mean / (np.sqrt(size) + e)
