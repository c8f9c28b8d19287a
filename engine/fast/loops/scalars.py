"""The exponential and its kin for one number, as arithmetic alone, so that a loop over them runs on many at once.

In float64 they are those of the C library.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from engine.fast.loops.compiled import inside

F = np.float32


@inside
def _exp(x: Any) -> Any:
    """2^n e^r with x = n ln 2 + r, e^r by a polynomial (the Cephes library's expf); relative error 2e-7."""
    limited = min(max(x, F(-87.0)), F(88.0))
    n = np.floor(limited * F(1.44269504) + F(0.5))
    r = limited - n * F(0.693359375) + n * F(2.12194440e-4)
    p = F(1.9875691500e-4)
    p = p * r + F(1.3981999507e-3)
    p = p * r + F(8.3334519073e-3)
    p = p * r + F(4.1665795894e-2)
    p = p * r + F(1.6666665459e-1)
    p = p * r + F(5.0000001201e-1)
    p = p * r * r + r + F(1.0)
    power = (np.int32(n) + np.int32(127)) << np.int32(23)
    found = p * np.int32(power).view(np.float32)
    found = F(0.0) if x < F(-87.0) else found
    return x if x != x else found


@inside
def _tanh(x: Any) -> Any:
    """A quotient of polynomials (that of the Eigen library); absolute error 3e-7. What is no number stays so."""
    limited = min(max(x, F(-7.90531110763549805)), F(7.90531110763549805))
    s = limited * limited
    p = F(-2.76076847742355e-16)
    p = p * s + F(2.00018790482477e-13)
    p = p * s + F(-8.60467152213735e-11)
    p = p * s + F(5.12229709037114e-08)
    p = p * s + F(1.48572235717979e-05)
    p = p * s + F(6.37261928875436e-04)
    p = p * s + F(4.89352455891786e-03)
    q = F(1.19825839466702e-06)
    q = q * s + F(1.18534705686654e-04)
    q = q * s + F(2.26843463243900e-03)
    q = q * s + F(4.89352518554385e-03)
    return x if x != x else limited * p / q


def exp(x):  # type: ignore[no-untyped-def]  # numba compares the names of arguments with their annotations
    """e to the power of x."""
    return math.exp(x)


def tanh(x):  # type: ignore[no-untyped-def]
    """The hyperbolic tangent of x."""
    return math.tanh(x)


@overload(exp)
def _exp_of(x):  # type: ignore[no-untyped-def]
    return (lambda x: _exp(x)) if x == types.float32 else (lambda x: math.exp(x))


@overload(tanh)
def _tanh_of(x):  # type: ignore[no-untyped-def]
    return (lambda x: _tanh(x)) if x == types.float32 else (lambda x: math.tanh(x))
