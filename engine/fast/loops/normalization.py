"""Normalization over rows of channels: every channel by itself (batch), or every row by itself (layer)."""

from __future__ import annotations

import numpy as np

from engine.fast.loops.compiled import compiled
from engine.kernel import Array

ROWS = 256
"""Rows whose sums are added up by themselves, so that no sum of many loses its digits."""


@compiled
def batch_norm_sums(x: Array, shift: Array, block: Array, sums: Array) -> None:
    """sums = sum x - shift and sum (x - shift)² for every channel; `block` is scratch of the same shape"""
    rows, channels = x.shape
    sums[:] = 0
    for start in range(0, rows, ROWS):
        block[:] = 0
        first, second = block[0], block[1]
        for row in range(start, min(start + ROWS, rows)):
            for c in range(channels):
                d = x[row, c] - shift[c]
                first[c] += d
                second[c] += d * d
        sums += block


@compiled
def batch_norm_factors(
    sums: Array,
    count: int,
    momentum: float,
    epsilon: float,
    gamma: Array,
    beta: Array,
    moving_mean: Array,
    moving_variance: Array,
    mean: Array,
    r: Array,
    factor: Array,
    offset: Array,
) -> None:
    """mean and r = 1 / sqrt(variance + epsilon) from the sums of all parts, `mean` having been what was subtracted

    y = x factor + offset = gamma (x - mean) r + beta;  the moving mean and variance follow.
    """
    of_type = mean.dtype.type
    share, follow, least = of_type(1.0 / count), of_type(1.0 - momentum), of_type(epsilon)
    for c in range(mean.size):
        first, second = of_type(0), of_type(0)
        for part in range(sums.shape[0]):
            first += sums[part, 0, c]
            second += sums[part, 1, c]
        beside = first * share
        variance = max(second * share - beside * beside, of_type(0))
        mean[c] += beside
        moving_mean[c] += follow * (mean[c] - moving_mean[c])
        moving_variance[c] += follow * (variance - moving_variance[c])
        r[c] = of_type(1) / np.sqrt(variance + least)
        factor[c] = gamma[c] * r[c]
        offset[c] = beta[c] - mean[c] * factor[c]


@compiled
def batch_norm_moving(
    gamma: Array, beta: Array, moving_mean: Array, moving_variance: Array, epsilon: float, factor: Array, offset: Array
) -> None:
    """y = x factor + offset by the moving mean and variance"""
    for c in range(gamma.size):
        factor[c] = gamma[c] / np.sqrt(moving_variance[c] + gamma.dtype.type(epsilon))
        offset[c] = beta[c] - moving_mean[c] * factor[c]


@compiled
def batch_norm(x: Array, factor: Array, offset: Array, y: Array) -> None:
    """y = x factor + offset"""
    for row in range(x.shape[0]):
        for c in range(x.shape[1]):
            y[row, c] = x[row, c] * factor[c] + offset[c]


@compiled
def batch_norm_slope_sums(dy: Array, x: Array, mean: Array, block: Array, sums: Array) -> None:
    """sums = sum dy and sum dy (x - mean) for every channel; `block` is scratch of the same shape"""
    rows, channels = x.shape
    sums[:] = 0
    for start in range(0, rows, ROWS):
        block[:] = 0
        first, second = block[0], block[1]
        for row in range(start, min(start + ROWS, rows)):
            for c in range(channels):
                slope = dy[row, c]
                first[c] += slope
                second[c] += slope * (x[row, c] - mean[c])
        sums += block


@compiled
def batch_norm_slope_factors(
    sums: Array, count: int, r: Array, factor: Array, dgamma: Array, dbeta: Array, along: Array, aside: Array
) -> None:
    """dbeta = sum dy,  dgamma = sum dy n, and what `batch_norm_slope` takes"""
    of_type = r.dtype.type
    share = of_type(1.0 / count)
    for c in range(r.size):
        first, second = of_type(0), of_type(0)
        for part in range(sums.shape[0]):
            first += sums[part, 0, c]
            second += sums[part, 1, c]
        dbeta[c] = first
        dgamma[c] = second * r[c]
        along[c] = factor[c] * r[c] * dgamma[c] * share
        aside[c] = factor[c] * first * share


@compiled
def batch_norm_slope(dy: Array, x: Array, mean: Array, factor: Array, along: Array, aside: Array, dx: Array) -> None:
    """dx = factor dy - along (x - mean) - aside"""
    for row in range(x.shape[0]):
        for c in range(x.shape[1]):
            dx[row, c] = factor[c] * dy[row, c] - along[c] * (x[row, c] - mean[c]) - aside[c]


@compiled
def layer_norm(x: Array, gamma: Array, beta: Array, epsilon: float, stats: Array, y: Array) -> None:
    """y = gamma (x - mean) r + beta with r = 1 / sqrt(variance + epsilon); stats = mean and r of every row"""
    rows, channels = x.shape
    of_type = x.dtype.type
    share = of_type(1.0 / channels)
    for row in range(rows):
        total = of_type(0)
        for c in range(channels):
            total += x[row, c]
        mean = total * share
        squares = of_type(0)
        for c in range(channels):
            d = x[row, c] - mean
            squares += d * d
        r = of_type(1) / np.sqrt(squares * share + of_type(epsilon))
        stats[row, 0] = mean
        stats[row, 1] = r
        for c in range(channels):
            y[row, c] = (x[row, c] - mean) * r * gamma[c] + beta[c]


@compiled
def layer_norm_slope(dy: Array, x: Array, gamma: Array, stats: Array, dgamma: Array, dbeta: Array, dx: Array) -> None:
    """dbeta = sum dy,  dgamma = sum dy n,  dx = r (d - mean d - n mean(d n)) with d = gamma dy, n = (x - mean) r"""
    rows, channels = x.shape
    of_type = x.dtype.type
    share = of_type(1.0 / channels)
    dgamma[:] = 0
    dbeta[:] = 0
    for row in range(rows):
        mean, r = stats[row, 0], stats[row, 1]
        total, along = of_type(0), of_type(0)
        for c in range(channels):
            n = (x[row, c] - mean) * r
            slope = dy[row, c]
            dgamma[c] += slope * n
            dbeta[c] += slope
            d = slope * gamma[c]
            total += d
            along += d * n
        total *= share
        along *= share
        for c in range(channels):
            n = (x[row, c] - mean) * r
            dx[row, c] = r * (dy[row, c] * gamma[c] - total - n * along)
