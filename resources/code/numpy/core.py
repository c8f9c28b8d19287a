# ruff: noqa: F821 - the functions of all files go into one, of any version of Python
import numpy as np


def affine(x, kernel, bias=0.0):
    return x @ kernel + bias


def look_up(x, embeddings):
    return embeddings[x.astype(int)]


def flatten(x):
    return x.reshape(len(x), -1)


def average(*xs):
    return sum(xs) / len(xs)


def aligned(*xs):
    """The inputs with the same number of axes, the new ones behind the batch."""
    rank = max(x.ndim for x in xs)
    return [x.reshape(len(x), *[1] * (rank - x.ndim), *x.shape[1:]) for x in xs]


def dot(a, b, axes, normalize=False):
    """The product of two inputs along an axis of each, for every sample."""
    a, b = np.moveaxis(a, axes[0], -1), np.moveaxis(b, axes[1], -1)
    if normalize:
        a, b = unit_normalize(a, -1), unit_normalize(b, -1)
    rows, columns = a.shape[1:-1], b.shape[1:-1]
    y = a.reshape(len(a), -1, a.shape[-1]) @ b.reshape(len(b), -1, b.shape[-1]).swapaxes(1, 2)
    return y.reshape(len(a), *((*rows, *columns) or (1,)))


def upsample(x, size):
    """Repeat every value along the axes behind the batch."""
    for axis, times in enumerate(size, start=1):
        x = x.repeat(times, axis)
    return x


def upsample_bilinear(x, size):
    """Blend between the values along height and width."""
    for axis, times in enumerate(size, start=1):
        n = x.shape[axis]
        place = np.clip((np.arange(n * times) + 0.5) / times - 0.5, 0, n - 1)
        parts = np.maximum(1 - np.abs(place[:, None] - np.arange(n)), 0).astype(x.dtype)
        x = np.moveaxis(np.tensordot(parts, x, (1, axis)), 0, axis)
    return x
