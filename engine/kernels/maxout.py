"""The largest value of every group along an axis."""

from __future__ import annotations

from math import prod

from engine.kernel import Site, kernel
from engine.kernels.largest import LargestKernel
from graph.layers.maxout import Maxout


@kernel(Maxout)
class MaxoutKernel(LargestKernel[Maxout]):
    """y = max of the group;  its dy is shared by the values that are equal to it"""

    def __init__(self, layer: Maxout, site: Site) -> None:
        x, axis = site.xs[0], layer.axis % len(site.y)
        before, behind = prod(x[:axis]), prod(x[axis + 1 :])
        super().__init__(layer, site, (before, layer.num_units, x[axis] // layer.num_units, behind), axis=2)
