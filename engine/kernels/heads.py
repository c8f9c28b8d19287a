"""The heads of attention: one product for all of them."""

from __future__ import annotations

import numpy as np

from engine.kernel import Array, Site, Sizes


class Heads:
    """x w + b with the heads in front: (B, T, I) becomes (B, H, T, F);  w is (I, H, F) and b (H, F)

    dw = xᵀ dz,  db = sum dz,  dx = dz wᵀ
    """

    def __init__(self, name: str, x: Sizes, site: Site) -> None:
        self.w, self.dw = site.weights[f"{name}_kernel"], site.gradients[f"{name}_kernel"]
        self.b, self.db = site.weights.get(f"{name}_bias"), site.gradients.get(f"{name}_bias")
        features, heads, size = self.w.shape
        self.columns = (features, heads * size)
        self.rows = site.scratch(x[0], x[1], heads, size)
        self.z = site.scratch(x[0], heads, x[1], size)
        self.dz = site.for_backward(x[0], heads, x[1], size)
        self.dx = site.for_backward(*x)
        self.ones = site.ones(x[0] * x[1])

    def forward(self, x: Array) -> Array:
        """`z` for `x`."""
        flat = self.rows.reshape(-1, self.columns[1])
        np.matmul(x.reshape(-1, self.columns[0]), self.w.reshape(self.columns), out=flat)
        if self.b is not None:
            flat += self.b.reshape(-1)
        np.copyto(self.z, self.rows.swapaxes(1, 2))
        return self.z

    def backward(self, x: Array, weights: bool) -> None:
        """Write `dx` and the weights' gradients for the slope in `dz`."""
        np.copyto(self.rows, self.dz.swapaxes(1, 2))
        flat = self.rows.reshape(-1, self.columns[1])
        if weights:
            np.matmul(x.reshape(-1, self.columns[0]).T, flat, out=self.dw.reshape(self.columns))
            if self.db is not None:
                np.matmul(self.ones, flat, out=self.db.reshape(-1))
        np.matmul(flat, self.w.reshape(self.columns).T, out=self.dx.reshape(-1, self.columns[0]))
