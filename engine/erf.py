"""The normal distribution's Φ over arrays, which NumPy does not have.

erfc(z) = exp(p(t) - z²) with t = 2 / (2 + z), for z ≥ 0: p is so smooth that a polynomial gives it to the last digits
(Numerical Recipes, 6.2.2). It is laid through `math.erfc` at Chebyshev's nodes, on import; behind FAR, Φ is 0 or 1 in
float64.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial import chebyshev

from engine.kernel import Array

FAR = 6.0
NEAREST, FARTHEST = 2.0 / (2.0 + FAR), 1.0
MIDDLE, HALF = (FARTHEST + NEAREST) / 2.0, (FARTHEST - NEAREST) / 2.0
DEGREES = {4: 12, 8: 28}
"""The degree of the polynomial by the bytes of a number: more would not show."""


def _polynomial(degree: int) -> list[float]:
    """The coefficients of p in u, which goes from -1 to 1 where t goes over its range; the highest power first."""
    u = chebyshev.chebpts1(degree + 1)
    p = [math.log(math.erfc(z)) + z * z for z in 2.0 / (MIDDLE + HALF * u) - 2.0]
    return [float(c) for c in chebyshev.cheb2poly(chebyshev.chebfit(u, p, degree))[::-1]]


COEFFICIENTS = {bytes_each: _polynomial(degree) for bytes_each, degree in DEGREES.items()}


class Normal:
    """Φ(x) = erfc(-x / √2) / 2, with scratch `u` and `z` of the shape of x, and `right` of numbers that are bools."""

    def __init__(self, u: Array, z: Array, right: Array) -> None:
        self.u, self.z, self.right = u, z, right
        self.first, *self.others = COEFFICIENTS[u.dtype.itemsize]

    def below(self, x: Array, out: Array) -> None:
        """Write Φ(x): how likely a standard normal number is below x."""
        u, z = self.u, self.z
        np.abs(x, out=z)
        z *= math.sqrt(0.5)
        np.minimum(z, FAR, out=z)
        np.add(z, 2.0, out=u)
        np.divide(2.0 / HALF, u, out=u)
        u -= MIDDLE / HALF
        out.fill(self.first)
        for c in self.others:
            out *= u
            out += c
        z *= z
        out -= z
        np.exp(out, out=out)
        out *= 0.5
        np.greater(x, 0.0, out=self.right)
        np.subtract(1.0, out, out=out, where=self.right)
