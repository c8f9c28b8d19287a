"""New weights: spread, limits and fans as Keras's formulas say them."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from engine.initializers import fans, initialize
from graph.initializers import initializers

MATRIX, WINDOW = (300, 500), (3, 3, 32, 64)
FANS = {MATRIX: (300, 500), WINDOW: (9 * 32, 9 * 64)}
"""Keras's compute_fans, worked out by hand."""
VARIANCE = {
    "glorot": lambda fan_in, fan_out: 2.0 / (fan_in + fan_out),
    "he": lambda fan_in, fan_out: 2.0 / fan_in,
    "lecun": lambda fan_in, fan_out: 1.0 / fan_in,
}
SCALED = [(family, kind) for family in VARIANCE for kind in ("uniform", "normal")]


def drawn(name: str, shape: tuple[int, ...], seed: int = 0) -> np.ndarray:
    w = np.full(shape, np.nan, np.float32)
    initialize(name, w, np.random.default_rng(seed))
    assert np.isfinite(w).all()
    return w


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((), (1, 1)), ((7,), (7, 7)), ((3, 5), (3, 5)), (WINDOW, FANS[WINDOW]), ((4, 2, 3), (8, 12))],
)
def test_fans(shape: tuple[int, ...], expected: tuple[int, int]) -> None:
    assert fans(shape) == expected


@pytest.mark.parametrize("shape", FANS)
@pytest.mark.parametrize(("family", "kind"), SCALED)
def test_spread_and_limit(family: str, kind: str, shape: tuple[int, ...]) -> None:
    w = drawn(f"{family}_{kind}", shape)
    deviation = sqrt(VARIANCE[family](*FANS[shape]))
    assert abs(w.mean()) < 0.05 * deviation
    assert abs(w.std() / deviation - 1.0) < 0.02
    limit = sqrt(3.0) * deviation if kind == "uniform" else 2.0 * deviation / 0.87962566103423978
    assert 0.98 * limit < np.abs(w).max() <= limit * (1.0 + 1e-6)


def test_plain_ones() -> None:
    assert (drawn("zeros", MATRIX) == 0.0).all()
    assert (drawn("ones", MATRIX) == 1.0).all()
    normal, uniform = drawn("random_normal", MATRIX), drawn("random_uniform", MATRIX)
    assert abs(normal.std() / 0.05 - 1.0) < 0.02
    assert abs(normal).max() > 0.15
    assert 0.049 < np.abs(uniform).max() <= 0.05
    assert abs(uniform.std() / (0.05 / sqrt(3.0)) - 1.0) < 0.02


@pytest.mark.parametrize("name", initializers.names())
def test_follows_the_seed(name: str) -> None:
    np.testing.assert_array_equal(drawn(name, (20, 30), 1), drawn(name, (20, 30), 1))
    if name not in ("zeros", "ones", "constant", "identity"):
        assert not np.array_equal(drawn(name, (20, 30), 1), drawn(name, (20, 30), 2))


@pytest.mark.parametrize("shape", [(6, 6), (8, 3), (3, 8), (2, 4, 5)])
def test_orthogonal_columns_or_rows_are_at_right_angles(shape: tuple[int, ...]) -> None:
    w = drawn("orthogonal", shape).reshape(-1, shape[-1])
    product = w.T @ w if len(w) >= shape[-1] else w @ w.T
    np.testing.assert_allclose(product, np.eye(len(product)), atol=1e-6)


@pytest.mark.parametrize(
    ("spec", "mean", "deviation", "most"),
    [
        ("random_normal(mean=1.0, stddev=0.2)", 1.0, 0.2, None),
        ("random_uniform(minval=-3.0, maxval=1.0)", -1.0, 4.0 / sqrt(12.0), 2.0),
        ("truncated_normal(mean=-1.0, stddev=0.5)", -1.0, 0.5 * 0.87962566103423978, 1.0),
        ("variance_scaling(scale=3.0, mode='fan_out')", 0.0, sqrt(3.0 / 500), None),
        ("variance_scaling(scale=2.0, mode='fan_avg', distribution='uniform')", 0.0, sqrt(2.0 / 400), sqrt(6.0 / 400)),
        ("variance_scaling(distribution='untruncated_normal')", 0.0, sqrt(1.0 / 300), None),
    ],
)
def test_parameters_count(spec: str, mean: float, deviation: float, most: float | None) -> None:
    w = drawn(spec, MATRIX)
    assert w.mean() == pytest.approx(mean, abs=0.02 * deviation)
    assert w.std() == pytest.approx(deviation, rel=0.02)
    if most is not None:
        assert 0.98 * most < np.abs(w - mean).max() <= most * (1.0 + 1e-6)


def test_constant_and_identity() -> None:
    assert (drawn("constant(value=0.5)", (3, 2)) == 0.5).all()
    np.testing.assert_array_equal(drawn("identity(gain=2.0)", (3, 4)), 2.0 * np.eye(3, 4))


@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (3, 3, 2, 5)])
def test_orthogonal_rows_or_columns_are_at_right_angles(shape: tuple[int, ...]) -> None:
    w = drawn("orthogonal(gain=3.0)", shape).reshape(-1, shape[-1])
    product = w @ w.T if w.shape[0] < w.shape[1] else w.T @ w
    np.testing.assert_allclose(product, 9.0 * np.eye(len(product)), atol=1e-5)


def test_a_seed_of_its_own_comes_before_that_of_the_run() -> None:
    first, second = (drawn("he_normal(seed=3)", (20, 30), run) for run in (1, 2))
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, drawn("he_normal(seed=4)", (20, 30), 1))
