"""The arrays of one plan: values that flow along wires, gradients, masks and scratch, counted by what they are for.

A plan for inference computes forwards alone, so an array whose last reader has run holds what comes next: the largest
few stand for all, and they stay in the cache. In a plan for training every value waits for its backward.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from engine.kernel import Array, Sizes


@dataclass
class Tensor:
    """An array that flows along wires, and the gradients that its consumers write.

    `readers` counts, at the root, who is still to read the array: the layer that is being bound, those at the other
    ends of its wires, and whoever runs the plan.
    """

    y: Array
    needs_gradient: bool
    disposable: bool = False
    """Only the next step reads `y`, so it may write over it."""
    contributions: list[Array] = field(default_factory=list)
    seen_in: Tensor | None = None
    mask: Array | None = None
    readers: int = 1

    @property
    def root(self) -> Tensor:
        """The tensor whose array this one shows in another shape, or itself."""
        return self if self.seen_in is None else self.seen_in.root


class Arrays:
    """Makes arrays of zeros and counts their bytes. With `reuse`, it makes new ones of those that were read."""

    def __init__(self, dtype: np.dtype[np.generic], reuse: bool) -> None:
        self.dtype = dtype
        self.bytes = {"tensors": 0, "gradients": 0, "scratch": 0}
        self._reuse = reuse
        self._free: list[Array] = []

    def values(self, sizes: Sizes) -> Array:
        """What flows along a wire: the smallest free array with room for it, or a new one."""
        size = prod(sizes)
        fitting = [i for i, free in enumerate(self._free) if free.size >= size]
        if fitting:
            flat = self._free.pop(min(fitting, key=lambda i: self._free[i].size))
        else:
            flat = self._new("tensors", (size,), self.dtype)
        return flat[:size].reshape(sizes)

    def mask(self, sizes: Sizes) -> Array:
        """The mask of what flows along a wire."""
        return self._new("tensors", sizes, np.bool_)

    def gradient(self, sizes: Sizes) -> Array:
        """A place for a gradient."""
        return self._new("gradients", sizes, self.dtype)

    def scratch(self, sizes: Sizes, dtype: DTypeLike) -> Array:
        """An array of a kernel's own."""
        return self._new("scratch", sizes, dtype)

    def read(self, tensor: Tensor) -> None:
        """One reader of the tensor is done; after the last one, its array is free."""
        root = tensor.root
        root.readers -= 1
        if self._reuse and not root.readers:
            assert root.y.base is not None, "values are views of a flat array"
            self._free.append(root.y.base)

    def _new(self, purpose: str, sizes: Sizes, dtype: DTypeLike) -> Array:
        array = np.zeros(sizes, dtype)
        self.bytes[purpose] += array.nbytes
        return array
