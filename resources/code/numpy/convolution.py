# ruff: noqa: B905 - the functions of all files go into one, of any version of Python
import numpy as np


def channels_last(x, axis=1):
    return np.moveaxis(x, axis, -1)


def channels_first(x, axis=1):
    return np.moveaxis(x, -1, axis)


def padded(x, size, strides, dilation, padding, value=0.0):
    """Values around every axis between batch and channels, as Keras puts them there."""
    edges = [(0, 0)]
    for n, k, s, d in zip(x.shape[1:-1], size, strides, dilation):
        span = (k - 1) * d + 1
        total = {"valid": 0, "causal": span - 1, "same": max((-(-n // s) - 1) * s + span - n, 0)}[padding]
        before = total if padding == "causal" else total // 2
        edges.append((before, total - before))
    return np.pad(x, [*edges, (0, 0)], constant_values=value)


def windows(x, size, strides, dilation):
    """What a window sees at every place: (batch, *places, channels, *size)."""
    span = [(k - 1) * d + 1 for k, d in zip(size, dilation)]
    seen = np.lib.stride_tricks.sliding_window_view(x, span, tuple(range(1, x.ndim - 1)))
    steps = [slice(None, None, step) for step in (1, *strides, 1, *dilation)]
    return seen[tuple(steps)]


def convolve(x, kernel, bias=0.0, strides=None, dilation=None, padding="valid", groups=1):
    """Slide filters over all axes between batch and channels; the kernel is (*size, channels / groups, filters)."""
    *size, channels, filters = kernel.shape
    strides, dilation = strides or [1] * len(size), dilation or [1] * len(size)
    seen = windows(padded(x, size, strides, dilation, padding), size, strides, dilation)
    places = seen.shape[: x.ndim - 1]
    seen = np.moveaxis(seen, x.ndim - 1, -1)
    each = filters // groups
    parts = [
        seen[..., g * channels : (g + 1) * channels].reshape(*places, -1)
        @ kernel[..., g * each : (g + 1) * each].reshape(-1, each)
        for g in range(groups)
    ]
    return np.concatenate(parts, -1) + bias


def convolve_depthwise(x, kernel, bias=0.0, strides=None, dilation=None, padding="valid"):
    """Filters of one channel each; the kernel is (*size, channels, multiplier)."""
    *size, channels, multiplier = kernel.shape
    kernel = kernel.reshape(*size, 1, channels * multiplier)
    return convolve(x, kernel, bias, strides, dilation, padding, groups=channels)


def convolve_separable(x, depthwise_kernel, pointwise_kernel, bias=0.0, **options):
    """Filters of one channel each, and then a mixture of the channels at every place."""
    return convolve(convolve_depthwise(x, depthwise_kernel, **options), pointwise_kernel, bias)


def convolve_transposed(x, kernel, bias=0.0, strides=None, dilation=None, cut=(), sizes=()):
    """Spread every value over a window; `cut` is left out before each axis, `sizes` are those that are left."""
    *size, filters, _ = kernel.shape
    spans = [(n - 1) * s + (k - 1) * d + 1 for n, s, k, d in zip(x.shape[1:-1], strides, size, dilation)]
    room = [max(span, c + n) for span, c, n in zip(spans, cut, sizes)]
    y = np.zeros((len(x), *room, filters), x.dtype)
    for tap in np.ndindex(*size):
        starts = [i * d for i, d in zip(tap, dilation)]
        taken = [slice(a, a + (n - 1) * s + 1, s) for a, n, s in zip(starts, x.shape[1:-1], strides)]
        y[(slice(None), *taken)] += x @ kernel[tap].T
    return y[(slice(None), *(slice(c, c + n) for c, n in zip(cut, sizes)))] + bias
