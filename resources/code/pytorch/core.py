# ruff: noqa: B905 - the functions of all files go into one, of any version of Python
import torch


def rectify(x, negative_slope=0.0, max_value=None, threshold=0.0):
    y = torch.where(x > threshold, x, 0.0)
    if max_value is not None:
        y = y.clamp(max=max_value)
    return y - negative_slope * (threshold - x).clamp(min=0)


def maxout(x, num_units, axis):
    """The largest of every group of neighbours."""
    return x.unflatten(axis, (num_units, -1)).amax(axis % x.ndim + 1)


def unit_normalize(x, axis):
    return x / torch.sqrt(x.square().sum(axis, keepdim=True)).clamp(min=1e-12)


def dot(a, b, axes, normalize=False):
    """The product of two inputs along an axis of each, for every sample."""
    a, b = a.movedim(axes[0], -1), b.movedim(axes[1], -1)
    if normalize:
        a, b = unit_normalize(a, -1), unit_normalize(b, -1)
    sizes = (*a.shape[1:-1], *b.shape[1:-1]) or (1,)
    y = a.reshape(len(a), -1, a.shape[-1]) @ b.reshape(len(b), -1, b.shape[-1]).mT
    return y.reshape(len(a), *sizes)


def joined_mask(y, xs, masks, axis=None):
    """Something is there where it is in any input; with `axis`, each input has a part of the output for itself."""
    joined = y.new_full(y.shape[:-1], axis is not None or any(mask is None for mask in masks), dtype=torch.bool)
    start = 0
    for x, mask in zip(xs, masks):
        part = joined if axis is None else joined.narrow(axis, start, x.shape[axis])
        start += x.shape[axis or 0]
        if mask is not None:
            seen = mask.reshape(len(x), *[1] * (y.ndim - x.ndim), *mask.shape[1:], *[1] * (x.ndim - 1 - mask.ndim))
            part.copy_(seen if axis is not None else part | seen)
    return joined


def present(x, mask, absent):
    """The values that are there, and `absent` in place of all others."""
    return torch.where(mask.reshape(*mask.shape, *[1] * (x.ndim - mask.ndim)), x, absent)


def at_every_step(function, x):
    """Apply a function to every step of a sequence."""
    y = function(x.reshape(-1, *x.shape[2:]))
    return y.reshape(*x.shape[:2], *y.shape[1:])


def larger(a, b):
    """The larger of two values, either of which may be a number."""
    return torch.maximum(torch.as_tensor(a), torch.as_tensor(b))


def smaller(a, b):
    """The smaller of two values, either of which may be a number."""
    return torch.minimum(torch.as_tensor(a), torch.as_tensor(b))
