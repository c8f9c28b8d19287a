"""What computes a layer: a forward and its backward, bound to arrays once and then only run.

A kernel is made for one layer in one plan. In its constructor it takes what it needs from the site (shapes, weights,
scratch, randomness); `forward` and `backward` then allocate nothing and decide nothing about types.

Axes in comments and tests: B batch, T time, H height, W width, C channels in, O channels out, I features in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from graph.layers.axes import channels_last
from graph.layers.base import Layer

Array = NDArray[Any]
Sizes = tuple[int, ...]
View = Literal["never", "in inference", "always"]


@dataclass(frozen=True)
class Site:
    """The place of a layer in a plan: everything its kernel may use.

    `xs` and `ys` are shapes with the batch. `gradients` has an array for every weight; that of a frozen layer nobody
    reads, and its kernel need not write it. `needs_dx` says for each input whether its gradient is wanted; where it is
    not, `backward` gets None in its place. `generator` is the layer's own and lives as long as the run.

    `masks` has the mask of each input that has one, written before `forward` runs: True where there is something, for
    the first axes of the input. `mask` is that of the first output where the layer makes it: `forward` writes it.

    `carry` gives an array (batch, ...) by a name of the layer's own; what a batch leaves there, the next one finds.
    """

    xs: tuple[Sizes, ...]
    ys: tuple[Sizes, ...]
    dtype: np.dtype[Any]
    weights: Mapping[str, Array]
    gradients: Mapping[str, Array]
    needs_dx: tuple[bool, ...]
    generator: np.random.Generator
    training: bool
    allocate: Callable[[Sizes, DTypeLike], Array]
    masks: tuple[Array | None, ...]
    mask: Array | None
    carry: Callable[[str, Sizes], Array]

    @property
    def y(self) -> Sizes:
        """The sizes of the output, or of the first of several."""
        return self.ys[0]

    def for_backward(self, *sizes: int, dtype: DTypeLike | None = None) -> Array:
        """Scratch that only training uses; an empty array in a plan for inference."""
        return self.scratch(*(sizes if self.training else (0,) * len(sizes)), dtype=dtype)

    def ones(self, count: int) -> Array:
        """A row of ones: `ones @ rows` is the sum of the rows, faster than `np.sum` and as exact as BLAS adds."""
        row = self.allocate((count,), self.dtype)
        row.fill(1.0)
        return row

    def scratch(self, *sizes: int, dtype: DTypeLike | None = None) -> Array:
        """An array of the plan's own, zero at first, counted in its memory."""
        return self.allocate(tuple(sizes), self.dtype if dtype is None else dtype)


L = TypeVar("L", bound=Layer)


class Kernel(ABC, Generic[L]):
    """The computation of one layer."""

    view: ClassVar[View] = "never"
    """When the output is the input in another shape: nothing is computed then, and both share their numbers."""
    reads_output: ClassVar[bool] = False
    """`backward` reads `y`, so no step behind may work in place on it."""
    in_place: ClassVar[bool] = False
    """`y` may be the array of `x`, and `dx` that of `dy`: the slope follows from the output alone."""

    def __init__(self, layer: L, site: Site) -> None:
        self.layer = layer
        self.site = site

    @classmethod
    def for_layer(cls, layer: Layer) -> type[Kernel[Any]]:
        """The kernel for these parameters of the layer; where channels come first, one that turns them around."""
        first = layer.config().get("data_format") == "channels_first"
        return ChannelsFirst if first and cls.view != "in inference" else cls

    @abstractmethod
    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        """Write the output for the inputs `xs` into `y`."""

    @abstractmethod
    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        """Write the gradient of every weight, and of every input that has a place in `dxs`."""


class ManyKernel(ABC, Generic[L]):
    """The computation of a layer that may have several outputs: a Kernel with a tuple in the place of `y` and `dy`.

    An output that nobody reads has a `dy` of zeros.
    """

    view: ClassVar[View] = "never"
    reads_output: ClassVar[bool] = False
    in_place: ClassVar[bool] = False

    def __init__(self, layer: L, site: Site) -> None:
        self.layer = layer
        self.site = site

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        """The kernel for these parameters of the layer."""
        return cls

    @abstractmethod
    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        """Write the outputs for the inputs `xs` into `ys`."""

    @abstractmethod
    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        """Write the gradient of every weight, and of every input that has a place in `dxs`."""


class ViewKernel(Kernel[L]):
    """The kernel of a layer that only lays its input out in another shape; a plan runs neither method."""

    view = "always"

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(y, xs[0].reshape(y.shape))

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        dx = dxs[0]
        if dx is not None:
            np.copyto(dx, dy.reshape(dx.shape))


K = TypeVar("K", bound=type[Kernel[Any]])
AnyKernel = type[Kernel[Any]] | type[ManyKernel[Any]]
AK = TypeVar("AK", bound=AnyKernel)

_kernels: dict[type[Layer], AnyKernel] = {}
_activations: dict[str, type[Kernel[Any]]] = {}


def kernel(layer: type[Layer]) -> Callable[[AK], AK]:
    """Register the kernel of a layer."""

    def register(cls: AK) -> AK:
        _kernels[layer] = cls
        return cls

    return register


def activation_kernel(name: str) -> Callable[[K], K]:
    """Register the kernel of an activation function."""

    def register(cls: K) -> K:
        _activations[name] = cls
        return cls

    return register


def kernel_of(layer: Layer) -> AnyKernel:
    """The kernel of a layer; an Activation has that of its function. Raises KeyError where there is none."""
    if layer.key == "Activation":
        return _activations[layer.config()["activation"]]
    return _kernels[type(layer)].for_layer(layer)


class ChannelsFirst(Kernel[Layer]):
    """The kernel of a layer whose channels come first: that for channels last, between two transpositions."""

    def __init__(self, layer: Layer, site: Site) -> None:
        super().__init__(layer, site)
        last = layer.with_(data_format="channels_last")
        self.axis = min(1, len(site.xs[0]) - 1)
        x = channels_last(site.xs[0], "channels_first") if self.axis else site.xs[0]
        self.moves = len(site.y) == len(x)
        y = channels_last(site.y, "channels_first") if self.moves else site.y
        self.x, self.y = site.scratch(*x), site.scratch(*y)
        self.dy, self.dx = site.for_backward(*y), site.for_backward(*x)
        kernel = kernel_of(last)(last, replace(site, xs=(x,), ys=(y,), masks=(None,)))
        assert isinstance(kernel, Kernel), "a layer with channels has one output"
        self.kernel = kernel

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.copyto(self.x, np.moveaxis(xs[0], self.axis, -1))
        self.kernel.forward((self.x,), self.y, training)
        np.copyto(y, np.moveaxis(self.y, -1, 1) if self.moves else self.y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.copyto(self.dy, np.moveaxis(dy, 1, -1) if self.moves else dy)
        dx = dxs[0]
        self.kernel.backward(self.dy, (self.x,), self.y, (None if dx is None else self.dx,))
        if dx is not None:
            np.copyto(dx, np.moveaxis(self.dx, -1, self.axis))
