"""A layer whose samples do not know of each other, worked through by several threads, each with samples of its own.

The gradients of the weights are added up in the order of the samples, whoever was first. A layer that draws random
numbers, or keeps something from one batch to the next, stays whole: what it draws must not follow from the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

from engine.crew import share, split
from engine.kernel import Array, ManyKernel, Site
from graph.layers.base import Layer

RANDOM_OR_STATEFUL = ("dropout", "recurrent_dropout", "stateful")

Part = tuple[slice, ManyKernel[Any], Site]


def by_samples(kernel: type[ManyKernel[Any]], layer: Layer) -> type[ManyKernel[Any]]:
    """The kernel for shares of the batch, or as it is where the layer must stay whole."""
    config = layer.config()
    return kernel if any(config.get(name) for name in RANDOM_OR_STATEFUL) else _shards_of(kernel)


@cache
def _shards_of(kernel: type[ManyKernel[Any]]) -> type[ManyKernel[Any]]:
    return type(f"{kernel.__name__}BySamples", (Shards,), {"inner": kernel, "__doc__": kernel.__doc__})


class Shards(ManyKernel[Layer]):
    """Several kernels of one kind, each for some samples."""

    inner: ClassVar[type[ManyKernel[Any]]]

    def __init__(self, layer: Layer, site: Site) -> None:
        super().__init__(layer, site)
        batch = site.y[0]
        shares = split(batch, macs=float(batch * layer.macs(site.xs, site.y)))
        sites = [part_of(site, samples, samples.start == 0) for samples in shares]
        self.parts: list[Part] = [
            (samples, self.inner(layer, own), own) for samples, own in zip(shares, sites, strict=True)
        ]

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        def run(part: Part) -> None:
            samples, kernel, _ = part
            kernel.forward([x[samples] for x in xs], [y[samples] for y in ys], training)

        share(run, self.parts)

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        def run(part: Part) -> None:
            samples, kernel, _ = part
            written, read, out = ([a[samples] for a in arrays] for arrays in (dys, xs, ys))
            kernel.backward(written, read, out, [None if dx is None else dx[samples] for dx in dxs])

        share(run, self.parts)
        for _, _, own in self.parts[1:]:
            for name, gradient in own.gradients.items():
                whole = self.site.gradients[name]
                whole += gradient


def part_of(site: Site, samples: slice, first: bool) -> Site:
    """The site of some samples; only the first share writes into the gradients of the whole."""
    count = samples.stop - samples.start
    return replace(
        site,
        xs=tuple((count, *x[1:]) for x in site.xs),
        ys=tuple((count, *y[1:]) for y in site.ys),
        gradients=site.gradients if first else {k: site.for_backward(*g.shape) for k, g in site.gradients.items()},
        masks=tuple(None if mask is None else mask[samples] for mask in site.masks),
        mask=None if site.mask is None else site.mask[samples],
    )
