"""Layers that hold a layer: their kernels run the kernel of that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from engine.kernel import Array, Kernel, ManyKernel, Site, Sizes, ViewKernel, kernel, kernel_of
from engine.kernels.directions import joins
from graph.layers.base import Layer
from graph.layers.wrappers import BACKWARD, FORWARD, Bidirectional, TimeDistributed, mixes_samples
from graph.shapes import Refusal, Shapes


@kernel(TimeDistributed)
class TimeDistributedKernel(Kernel[TimeDistributed]):
    """y[:, t] = layer(x[:, t])

    All steps are taken together, unless the samples of a batch act on each other: then each step is a batch by itself.
    An activation inside is a step behind, as that of every layer is.
    """

    def __init__(self, layer: TimeDistributed, site: Site) -> None:
        super().__init__(layer, site)
        inner = inside(layer, layer.layer)
        self.steps = Apart(inner, site) if site.training and mixes_samples(inner) else Together(inner, site)

    @classmethod
    def for_layer(cls, layer: Layer) -> type[Kernel[Any]]:
        assert isinstance(layer, TimeDistributed)
        behind = layer.layer.only_activates and layer.layer.activation_behind != "linear"
        inner = ViewKernel if behind else kernel_of(layer.layer)
        if inner.view == "never":
            return ReadingKernel if inner.reads_output else TimeDistributedKernel
        return ViewKernel if inner.view == "always" else NoiseKernel

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        self.steps.forward(xs[0], y, training)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        self.steps.backward(dy, xs[0], y, dxs[0])


class ReadingKernel(TimeDistributedKernel):
    """That of a layer whose slope follows from its output."""

    reads_output = True


class NoiseKernel(TimeDistributedKernel):
    """That of a layer that gives on what it gets, but while training."""

    view = "in inference"


class Together:
    """The steps of all samples are the samples of the layer inside: (B, T, ...) is seen as (B T, ...).

    So is a mask, where it says of the places within a step which are there.
    """

    def __init__(self, inner: Layer, site: Site) -> None:
        self.x, self.y = merged(site.xs[0]), merged(site.y)
        mask = site.masks[0]
        within = None if mask is None or mask.ndim < 3 else mask.reshape(merged(mask.shape))
        self.kernel = Single(inner, replace(site, xs=(self.x,), ys=(self.y,), masks=(within,)))

    def forward(self, x: Array, y: Array, training: bool) -> None:
        """Write `y`."""
        self.kernel.forward((x.reshape(self.x),), y.reshape(self.y), training)

    def backward(self, dy: Array, x: Array, y: Array, dx: Array | None) -> None:
        """Write the gradients."""
        seen = None if dx is None else dx.reshape(self.x)
        self.kernel.backward(dy.reshape(self.y), (x.reshape(self.x),), y.reshape(self.y), (seen,))


class Apart:
    """One kernel a step, each with its own scratch: (B, T, ...) is laid out as (T, B, ...)."""

    def __init__(self, inner: Layer, site: Site) -> None:
        x, y = turned(site.xs[0]), turned(site.y)
        self.x, self.dx = site.scratch(*x), site.scratch(*x)
        self.y, self.dy = site.scratch(*y), site.scratch(*y)
        own = {name: site.scratch(*w.shape) for name, w in site.weights.items()}
        self.sums = [(site.gradients[name], dw) for name, dw in own.items()]
        at_step = replace(site, xs=(x[1:],), ys=(y[1:],), gradients=own)
        mask = site.masks[0]
        masks = [None if mask is None else mask[:, t] for t in range(x[0])]
        self.kernels = [Single(inner, replace(at_step, masks=(seen,))) for seen in masks]

    def forward(self, x: Array, y: Array, training: bool) -> None:
        """Write `y`."""
        np.copyto(self.x, x.swapaxes(0, 1))
        for t, step in enumerate(self.kernels):
            step.forward((self.x[t],), self.y[t], training)
        np.copyto(y, self.y.swapaxes(0, 1))

    def backward(self, dy: Array, x: Array, y: Array, dx: Array | None) -> None:
        """Write the gradients: those of the weights are the sum over the steps."""
        np.copyto(self.dy, dy.swapaxes(0, 1))
        for total, _ in self.sums:
            total.fill(0.0)
        for t, step in enumerate(self.kernels):
            step.backward(self.dy[t], (self.x[t],), self.y[t], (None if dx is None else self.dx[t],))
            for total, dw in self.sums:
                total += dw
        if dx is not None:
            np.copyto(dx, self.dx.swapaxes(0, 1))


class Single:
    """The kernel of a layer with one output, called as such whether it might have several or not."""

    def __init__(self, layer: Layer, site: Site) -> None:
        made = kernel_of(layer)(layer, site)
        self.forward: Callable[[Sequence[Array], Array, bool], None]
        self.backward: Callable[[Array, Sequence[Array], Array, Sequence[Array | None]], None]
        if isinstance(made, ManyKernel):
            self.forward = lambda xs, y, training: made.forward(xs, (y,), training)
            self.backward = lambda dy, xs, y, dxs: made.backward((dy,), xs, (y,), dxs)
        else:
            self.forward, self.backward = made.forward, made.backward


@kernel(Bidirectional)
class BidirectionalKernel(ManyKernel[Bidirectional]):
    """y = join(layer(x), the layer backwards(x)), their steps in the same order

    `dx` is the sum of what both give. Where every step is given on, those that are masked are 0, as in Keras.
    """

    def __init__(self, layer: Bidirectional, site: Site) -> None:
        super().__init__(layer, site)
        count = len(layer.parts(site.xs)[0])
        self.forwards = Direction(inside(layer, layer.layer), site, slice(1, count), FORWARD)
        self.backwards = Direction(inside(layer, layer.backwards), site, slice(count, None), BACKWARD)
        self.join = joins[layer.merge_mode]
        self.results = 1 if layer.merge_mode else 2
        states = len(layer.layer.outputs) - 1
        self.states = slice(self.results, self.results + states), slice(self.results + states, None)
        self.dx = site.for_backward(*site.xs[0])
        config = layer.layer.config()
        turned = config["return_sequences"]
        self.a, self.da = self.forwards.y, self.forwards.dy
        self.b, self.db = (y[:, ::-1] if turned else y for y in (self.backwards.y, self.backwards.dy))
        """What each direction gives, and its slope, the steps in the order of time."""
        self.seen: Array | None = None
        mask = site.masks[0] if turned and len(site.xs) == 1 else None
        if mask is not None:
            steps = mask[:, ::-1] if config["go_backwards"] else mask
            self.seen = steps.reshape(*mask.shape, *(1 for _ in self.a.shape[2:]))

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        for one, states in zip((self.forwards, self.backwards), self.states, strict=True):
            one.kernel.forward((xs[0], *xs[one.states]), (one.y, *ys[states]), training)
        if self.seen is not None:
            np.multiply(self.a, self.seen, out=self.a)
            np.multiply(self.b, self.seen, out=self.b)
        self.join.forward(self.a, self.b, ys[: self.results])

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        self.join.backward(dys[: self.results], self.a, self.b, self.da, self.db)
        if self.seen is not None:
            np.multiply(self.da, self.seen, out=self.da)
            np.multiply(self.db, self.seen, out=self.db)
        dx = dxs[0]
        for one, states, own in zip((self.forwards, self.backwards), self.states, (dx, self.dx), strict=True):
            one.kernel.backward(
                (one.dy, *dys[states]),
                (xs[0], *xs[one.states]),
                (one.y, *ys[states]),
                (None if dx is None else own, *dxs[one.states]),
            )
        if dx is not None:
            dx += self.dx


class Direction:
    """One of the two layers, with its output and the slope of that. `states` are its first states among the inputs."""

    def __init__(self, layer: Layer, site: Site, states: slice, prefix: str) -> None:
        self.states = states
        xs = (site.xs[0], *site.xs[states])
        ys = sizes(layer.output_shapes(xs))
        self.y, self.dy = site.scratch(*ys[0]), site.for_backward(*ys[0])
        made = kernel_of(layer)(
            layer,
            replace(
                site,
                xs=xs,
                ys=ys,
                weights=part(site.weights, prefix),
                gradients=part(site.gradients, prefix),
                needs_dx=(site.needs_dx[0], *site.needs_dx[states]),
                masks=(site.masks[0], *site.masks[states]),
                carry=lambda key, shape: site.carry(prefix + key, shape),
            ),
        )
        assert isinstance(made, ManyKernel), "a layer with memory may give its states"
        self.kernel = made


def inside(outer: Layer, inner: Layer) -> Layer:
    """The layer inside, frozen where one of them is."""
    return inner.with_(trainable=outer.trainable and inner.trainable)


def merged(sizes: Sizes) -> Sizes:
    """(B, T, ...) as (B T, ...)."""
    return (sizes[0] * sizes[1], *sizes[2:])


def turned(sizes: Sizes) -> Sizes:
    """(B, T, ...) as (T, B, ...)."""
    return (sizes[1], sizes[0], *sizes[2:])


def sizes(shapes: Shapes | Refusal) -> tuple[Sizes, ...]:
    """Shapes whose sizes are all known."""
    assert not isinstance(shapes, Refusal), "a network is checked before it is bound"
    return tuple(tuple(size for size in shape if size is not None) for shape in shapes)


def part(arrays: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    """What belongs to one direction, by its own names."""
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
