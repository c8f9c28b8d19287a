# ruff: noqa: B905 - the functions of all files go into one, of any version of Python
import numpy as np


def joined_mask(y, xs, masks, axis=None):
    """Something is there where it is in any input; with `axis`, each input has a part of the output for itself."""
    joined = np.full(y.shape[:-1], axis is not None or any(mask is None for mask in masks))
    start = 0
    for x, mask in zip(xs, masks):
        part = joined if axis is None else joined[(slice(None),) * axis + (slice(start, start + x.shape[axis]),)]
        start += x.shape[axis or 0]
        if mask is not None:
            seen = mask.reshape(len(x), *[1] * (y.ndim - x.ndim), *mask.shape[1:], *[1] * (x.ndim - 1 - mask.ndim))
            part[...] = seen if axis is not None else part | seen
    return joined


def present(x, mask, absent):
    """The values that are there, and `absent` in place of all others."""
    return np.where(mask.reshape(*mask.shape, *[1] * (x.ndim - mask.ndim)), x, np.asarray(absent, x.dtype))
