"""Masking, and the masks of values that are filled up with zeros."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel
from graph.layers.masking import Masking


@kernel(Masking)
class MaskingKernel(Kernel[Masking]):
    """y = x where any feature of the step is not the value that pads, 0 elsewhere;  dx = dy there"""

    def __init__(self, layer: Masking, site: Site) -> None:
        super().__init__(layer, site)
        self.mask = site.scratch(*site.y[:-1], dtype=np.bool_) if site.mask is None else site.mask
        self.differs = site.scratch(*site.y, dtype=np.bool_)

    def forward(self, xs: Sequence[Array], y: Array, training: bool) -> None:
        np.not_equal(xs[0], self.layer.mask_value, out=self.differs)
        np.any(self.differs, axis=-1, out=self.mask)
        np.multiply(xs[0], self.mask[..., None], out=y)

    def backward(self, dy: Array, xs: Sequence[Array], y: Array, dxs: Sequence[Array | None]) -> None:
        np.multiply(dy, self.mask[..., None], out=dxs[0])
