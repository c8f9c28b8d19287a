"""Several inputs made one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import ClassVar, TypeVar

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from engine.kernels.merge_masks import JoinedMask, Present, aligned
from graph.layers.merge import (
    Add,
    Average,
    Concatenate,
    Elementwise,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
)

E = TypeVar("E", bound=Elementwise)


class ElementwiseKernel(Kernel[E]):
    """Inputs brought to the axes of `y`; where one was repeated, its gradient is summed."""

    def __init__(self, layer: E, site: Site) -> None:
        super().__init__(layer, site)
        self.shapes = [aligned(x, len(site.y)) for x in site.xs]
        self.repeated = [tuple(i for i, (n, m) in enumerate(zip(x, site.y, strict=True)) if n < m) for x in self.shapes]
        self.joined = JoinedMask(site) if site.mask is not None else None

    def fold(self, operation: np.ufunc, xs: Sequence[Array], y: Array) -> None:
        """y = the x joined by `operation`, from the first to the last; and so their masks."""
        if self.joined is not None:
            self.joined.write()
        operation(xs[0].reshape(self.shapes[0]), xs[1].reshape(self.shapes[1]), out=y)
        for x, shape in zip(xs[2:], self.shapes[2:], strict=True):
            operation(y, x.reshape(shape), out=y)

    def give(self, dy: Array, dxs: Sequence[Array | None], i: int) -> None:
        """The gradient of input `i` for every value of y, summed where the input was repeated."""
        dx = dxs[i]
        if dx is not None:
            np.sum(dy, axis=self.repeated[i], keepdims=True, out=dx.reshape(self.shapes[i]))


@kernel(Add)
class AddKernel(ElementwiseKernel[Add]):
    """y = sum of the x;  each dx = dy"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.fold(np.add, xs, y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        for i in range(len(xs)):
            self.give(dy, dxs, i)


@kernel(Subtract)
class SubtractKernel(ElementwiseKernel[Subtract]):
    """y = x - x2;  dx = dy,  dx2 = -dy"""

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.fold(np.subtract, xs, y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        self.give(dy, dxs, 0)
        self.give(dy, dxs, 1)
        if dxs[1] is not None:
            np.negative(dxs[1], out=dxs[1])


@kernel(Average)
class AverageKernel(ElementwiseKernel[Average]):
    """y = sum of the x / their number;  each dx = dy / their number"""

    def __init__(self, layer: Average, site: Site) -> None:
        super().__init__(layer, site)
        self.share = 1.0 / len(site.xs)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.fold(np.add, xs, y)
        y *= self.share

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        for i, dx in enumerate(dxs):
            self.give(dy, dxs, i)
            if dx is not None:
                dx *= self.share


@kernel(Multiply)
class MultiplyKernel(ElementwiseKernel[Multiply]):
    """y = product of the x that are there, 0 where none is;  each dx = dy times the other x"""

    def __init__(self, layer: Multiply, site: Site) -> None:
        super().__init__(layer, site)
        self.s = site.for_backward(*site.y)
        self.present = Present(site, absent=1.0)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.fold(np.multiply, self.present.read(xs), y)
        if self.joined is not None:
            np.copyto(y, 0.0, where=self.joined.nowhere[..., None])

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        read = self.present.again(xs)
        for i in range(len(xs)):
            np.copyto(self.s, dy)
            for j, x in enumerate(read):
                if j != i:
                    self.s *= x.reshape(self.shapes[j])
            self.give(self.s, dxs, i)
            self.present.give(dxs, i)


class ExtremeKernel(ElementwiseKernel[E]):
    """y = the one of the x that are there that `pick` keeps;  its dy goes to the first that is equal to y

    Where none is there, y is the first x.
    """

    reads_output = True
    pick: ClassVar[np.ufunc]
    worst: ClassVar[float]

    def __init__(self, layer: E, site: Site) -> None:
        super().__init__(layer, site)
        self.chosen = site.for_backward(*site.y, dtype=np.bool_)
        self.open = site.for_backward(*site.y, dtype=np.bool_)
        self.s = site.for_backward(*site.y)
        self.present = Present(site, absent=self.worst)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.fold(self.pick, self.present.read(xs), y)
        if self.joined is not None:
            np.copyto(y, xs[0].reshape(self.shapes[0]), where=self.joined.nowhere[..., None])

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        self.open.fill(True)
        for i, x in enumerate(self.present.again(xs)):
            np.equal(x.reshape(self.shapes[i]), y, out=self.chosen)
            if i == 0 and self.joined is not None:
                self.chosen |= self.joined.nowhere[..., None]
            self.chosen &= self.open
            self.open ^= self.chosen
            np.multiply(dy, self.chosen, out=self.s)
            self.give(self.s, dxs, i)


@kernel(Maximum)
class MaximumKernel(ExtremeKernel[Maximum]):
    """y = max of the x"""

    pick = np.maximum
    worst = -np.inf


@kernel(Minimum)
class MinimumKernel(ExtremeKernel[Minimum]):
    """y = min of the x"""

    pick = np.minimum
    worst = np.inf


@kernel(Concatenate)
class ConcatenateKernel(Kernel[Concatenate]):
    """y = the x one after another;  each dx = its part of dy"""

    def __init__(self, layer: Concatenate, site: Site) -> None:
        super().__init__(layer, site)
        axis = layer.axis % len(site.y)
        ends = accumulate((x[axis] for x in site.xs), initial=0)
        self.parts = [(slice(None),) * axis + (slice(start, end),) for start, end in pairwise(ends)]
        last = axis == len(site.y) - 1
        self.joined = JoinedMask(site, () if last else self.parts) if site.mask is not None else None

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        if self.joined is not None:
            self.joined.write()
        for x, part in zip(xs, self.parts, strict=True):
            y[part] = x

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        for dx, part in zip(dxs, self.parts, strict=True):
            if dx is not None:
                np.copyto(dx, dy[part])
