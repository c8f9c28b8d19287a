"""Means and maxima over all places of a sample: x is (batch, places, channels), y (batch, channels)."""

from __future__ import annotations

import numpy as np

from engine.fast.loops.compiled import compiled
from engine.kernel import Array


@compiled
def mean_places(x: Array, y: Array) -> None:
    """y = mean of x"""
    batch, places, channels = x.shape
    share = y.dtype.type(1.0 / places)
    for n in range(batch):
        out = y[n]
        out[:] = 0
        for place in range(places):
            values = x[n, place]
            for c in range(channels):
                out[c] += values[c]
        for c in range(channels):
            out[c] *= share


@compiled
def mean_places_slope(dy: Array, dx: Array) -> None:
    """dx = dy / places"""
    batch, places, channels = dx.shape
    share = dy.dtype.type(1.0 / places)
    for n in range(batch):
        slope = dy[n]
        for place in range(places):
            values = dx[n, place]
            for c in range(channels):
                values[c] = slope[c] * share


@compiled
def max_places(x: Array, y: Array) -> None:
    """y = max of x"""
    batch, places, channels = x.shape
    for n in range(batch):
        out = y[n]
        out[:] = -np.inf
        for place in range(places):
            values = x[n, place]
            for c in range(channels):
                value = values[c]
                out[c] = value if value > out[c] or value != value else out[c]


@compiled
def max_places_slope(dy: Array, x: Array, y: Array, share: Array, dx: Array) -> None:
    """dx = dy, shared by the values that are equal to y; `share` is scratch for one sample"""
    batch, places, channels = x.shape
    zero = dx.dtype.type(0)
    for n in range(batch):
        most = y[n]
        share[:] = 0
        for place in range(places):
            values = x[n, place]
            for c in range(channels):
                share[c] += values[c] == most[c]
        for c in range(channels):
            share[c] = dy[n, c] / share[c]
        for place in range(places):
            values, slopes = x[n, place], dx[n, place]
            for c in range(channels):
                slopes[c] = share[c] if values[c] == most[c] else zero
