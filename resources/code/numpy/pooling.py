# ruff: noqa: F821 - the functions of all files go into one, of any version of Python
import numpy as np


def max_pool(x, size, strides, padding="valid"):
    ones = [1] * len(size)
    seen = windows(padded(x, size, strides, ones, padding, -np.inf), size, strides, ones)
    return seen.max(tuple(range(x.ndim, seen.ndim)))


def sum_pool(x, size, strides, padding="valid"):
    ones = [1] * len(size)
    seen = windows(padded(x, size, strides, ones, padding), size, strides, ones)
    return seen.sum(tuple(range(x.ndim, seen.ndim)))


def average_pool(x, size, strides, padding="valid"):
    """The mean of every window; padding does not count."""
    return sum_pool(x, size, strides, padding) / sum_pool(np.ones_like(x), size, strides, padding)


def masked_mean(x, mask, keepdims=False):
    """The mean over the steps that are there."""
    there = mask[..., None].astype(x.dtype)
    return (x * there).sum(1, keepdims=keepdims) / np.maximum(there.sum(1, keepdims=keepdims), 1)
