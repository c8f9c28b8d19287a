"""The matrix products of layers with memory: from what is read at a step into the columns of all gates, and back.

What is read may be dropped while training, by a mask that holds for all steps of a sequence (Gal and Ghahramani 2016).
As in Keras, all gates share one mask, or each has one of its own where the state is dropped.

Axes: T steps, B batch, I features read, U units, G gates; x is (I, T, B), w is (I, G·U).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.kernel import Array, Site


class Product:
    """s = wᵀ (x m),  dx = m (w ds),  dw = (x m) dsᵀ,  m being one mask for all gates, (I, 1, B), or none

    x is read piece by piece: all steps at once, or one step after another. A product takes the first columns of w, as
    many as `s` has rows.
    """

    def __init__(self, w: Array, dw: Array, x: Array, pieces: Sequence[slice], m: Array | None, site: Site) -> None:
        self.w, self.dw, self.m = w, dw, m
        self.read = x if m is None else site.scratch(*x.shape)
        self.pieces = [(x[:, at], self.read[:, at]) for at in pieces]
        self.columns = [flat(read) for _, read in self.pieces]

    def forward(self, piece: int, s: Array) -> None:
        """Write `s` for one piece of x."""
        if self.m is not None:
            x, read = self.pieces[piece]
            np.multiply(x, self.m, out=read)
        np.matmul(self.w[:, : len(s)].T, self.columns[piece], out=s)

    def backward(self, ds: Array, dx: Array) -> None:
        """Write `dx` for one piece."""
        np.matmul(self.w[:, : len(ds)], ds, out=flat(dx))
        if self.m is not None:
            steps = dx.reshape(len(dx), -1, self.m.shape[-1])
            steps *= self.m

    def gradient(self, ds: Array) -> None:
        """Write the gradient of the columns, `ds` being that of all steps."""
        np.matmul(flat(self.read), ds.T, out=self.dw[:, : len(ds)])

    def of_last_gate(self, piece: int) -> Array:
        """What the last gate reads, after `forward`."""
        return self.columns[piece]

    def drop_of_last_gate(self, dx: Array) -> None:
        """Take the slope of what the last gate reads back to that of the state."""
        if self.m is not None:
            dx *= self.m[:, 0]


class ProductByGate(Product):
    """The same with a mask for each gate: m is (G, I, 1, B), and x m is kept for each of them."""

    def __init__(self, w: Array, dw: Array, x: Array, pieces: Sequence[slice], m: Array, site: Site) -> None:
        super().__init__(w, dw, x, pieces, None, site)
        self.masks, gates = m, len(m)
        self.units = w.shape[1] // gates
        self.by_gate = w.reshape(len(w), gates, self.units).transpose(1, 0, 2)
        self.reads = site.scratch(gates, *x.shape)
        self.read_pieces = [self.reads[:, :, at] for at in pieces]
        self.slopes = site.scratch(*self.read_pieces[0].shape)

    def forward(self, piece: int, s: Array) -> None:
        np.multiply(self.pieces[piece][0], self.masks, out=self.read_pieces[piece])
        gates = len(s) // self.units
        read = self.read_pieces[piece][:gates].reshape(gates, len(self.w), -1)
        np.matmul(self.by_gate[:gates].transpose(0, 2, 1), read, out=s.reshape(gates, self.units, -1))

    def backward(self, ds: Array, dx: Array) -> None:
        gates = len(ds) // self.units
        slopes = self.slopes[:gates]
        np.matmul(self.by_gate[:gates], ds.reshape(gates, self.units, -1), out=slopes.reshape(gates, len(self.w), -1))
        slopes *= self.masks[:gates]
        np.sum(slopes, axis=0, out=dx.reshape(slopes.shape[1:]))

    def gradient(self, ds: Array) -> None:
        for gate in range(len(ds) // self.units):
            own = slice(gate * self.units, (gate + 1) * self.units)
            np.matmul(flat(self.reads[gate]), ds[own].T, out=self.dw[:, own])

    def of_last_gate(self, piece: int) -> Array:
        return flat(self.read_pieces[piece][-1])

    def drop_of_last_gate(self, dx: Array) -> None:
        dx *= self.masks[-1][:, 0]


def product(w: Array, dw: Array, x: Array, pieces: Sequence[slice], m: Array | None, site: Site) -> Product:
    """The product for these masks: one for each gate where there is a first axis of gates."""
    by_gate = m is not None and m.ndim == 4 and len(m) > 1
    if m is not None and by_gate:
        return ProductByGate(w, dw, x, pieces, m, site)
    return Product(w, dw, x, pieces, None if m is None else m[0], site)


def flat(x: Array) -> Array:
    """(I, T, B) as (I, T·B); of all but the last state of each row this is a view, too."""
    return x.reshape(len(x), -1)
