"""Points that grow: kept as given, smoothed as the formula says, thinned out without losing a peak."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.series import Series, thinned

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400)


@given(numbers, st.integers(1, 50))
def test_points_stay_as_they_were_given(values: list[float], chunk: int) -> None:
    series = Series()
    for start in range(0, len(values), chunk):
        part = values[start : start + chunk]
        series.extend(range(start, start + len(part)), part)
    assert series.y.tolist() == values
    assert series.x.tolist() == list(range(len(values)))


@given(numbers, st.floats(0.05, 0.95), st.integers(1, 50))
def test_smoothing_is_the_exponential_mean_however_the_points_arrive(
    values: list[float], smoothing: float, chunk: int
) -> None:
    expected = []
    for value in values:
        expected.append(value if not expected else smoothing * expected[-1] + (1 - smoothing) * value)
    series = Series()
    for start in range(0, len(values), chunk):
        part = values[start : start + chunk]
        series.extend(range(start, start + len(part)), part)
        series.smoothed(smoothing)
    np.testing.assert_allclose(series.smoothed(smoothing), expected, rtol=1e-9, atol=1e-6)


def test_smoothing_goes_over_values_that_are_no_numbers() -> None:
    series = Series()
    series.extend(range(4), [1.0, float("nan"), float("inf"), 3.0])
    assert series.smoothed(0.5).tolist() == [1.0, 1.0, 1.0, 2.0]


@given(st.integers(1, 5000), st.integers(10, 300), st.randoms())
def test_thinning_keeps_order_extremes_and_the_ends(count: int, pixels: int, random: object) -> None:
    y = np.random.default_rng(random.getrandbits(32)).normal(size=count)  # type: ignore[attr-defined]
    x = np.arange(count, dtype=float)
    few_x, few_y = thinned(x, y, pixels)
    assert len(few_x) <= max(2 * pixels + 2 * (count // pixels + 1), 3 * pixels + 3)
    assert (np.diff(few_x) >= 0).all()
    assert few_y.min() == y.min()
    assert few_y.max() == y.max()
    assert (few_y == y[few_x.astype(int)]).all()
