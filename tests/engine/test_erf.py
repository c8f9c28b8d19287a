"""Φ over arrays, held against the standard library's."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.erf import Normal


@pytest.mark.parametrize(("dtype", "error"), [(np.float32, 4e-7), (np.float64, 4e-15)])
def test_it_is_the_normal_distribution(dtype: type, error: float) -> None:
    x = np.linspace(-12.0, 12.0, 24_001).astype(dtype)
    y = np.empty_like(x)
    Normal(np.empty_like(x), np.empty_like(x), np.empty(x.shape, np.bool_)).below(x, y)
    np.testing.assert_allclose(y, [0.5 * math.erfc(-one / math.sqrt(2.0)) for one in x.tolist()], atol=error, rtol=0)
