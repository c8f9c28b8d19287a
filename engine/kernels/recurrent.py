"""Layers with memory.

The input's part of every gate is one matrix product over the whole sequence; only the state's part is taken step by
step. All arrays have their features first: `z` is (gates x units, T, B), so that a gate of one step is one block, and
what the weights' gradients need is one product over all steps again.

Axes: T steps, B batch, I features in, U units.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from engine.kernel import Array, ManyKernel, Site, kernel
from engine.kernels.cell_functions import functions
from graph.layers.recurrent import GRU, LSTM, Recurrent, SimpleRNN

R = TypeVar("R", bound=Recurrent)


class RecurrentKernel(ManyKernel[R]):
    """What the three cells share: everything that is done for all steps at once.

    A cell gives `step`, which writes the state `h[:, t + 1]`, and `back`, which turns `dh`, the slope of that state,
    into that of the state before, and `z[:, t]` into its own slope. `first`, `last` and `slopes` are its states before
    the first step and behind the last one, and what becomes of their slopes on the way back.

    An input and a state are dropped by one mask for all steps and gates, as by Gal and Ghahramani (2016).
    """

    def __init__(self, layer: R, site: Site) -> None:
        super().__init__(layer, site)
        batch, steps, features = site.xs[0]
        units, columns = layer.units, layer.gates * layer.units
        self.w, self.r = site.weights["kernel"], site.weights["recurrent_kernel"]
        self.dw, self.dr = site.gradients["kernel"], site.gradients["recurrent_kernel"]
        self.b, self.db = site.weights.get("bias"), site.gradients.get("bias")
        self.x = site.scratch(features, steps, batch)
        self.z = site.scratch(columns, steps, batch)
        self.h = site.scratch(units, steps + 1, batch)
        self.s = site.scratch(columns, batch)
        self.dh = site.for_backward(units, batch)
        self.dz = site.for_backward(columns, batch)
        self.dx = site.for_backward(features, steps, batch)
        self.dy = site.for_backward(units, steps, batch)
        self.ones = site.ones(steps * batch)
        self.first, self.last, self.slopes = [self.h[:, 0]], [self.h[:, -1]], [self.dh]
        self.steps = range(steps)
        self.kept_x = site.for_backward(features, 1, batch)
        self.kept_h = site.for_backward(units, batch)
        dropping = layer.recurrent_dropout > 0.0 and site.training
        self.read = site.scratch(units, steps, batch) if dropping else self.h[:, :steps]
        """The state as it goes into the products of each step."""

    @abstractmethod
    def step(self, t: int) -> None:
        """Write the state behind step `t`."""

    @abstractmethod
    def back(self, t: int) -> None:
        """Take the slope of the state behind step `t` back to that before it."""

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        np.copyto(self.x, self.in_order(xs[0].transpose(2, 1, 0)))
        for state, x in zip(self.first, xs[1:], strict=False):
            np.copyto(state, x.T)
        dropping = training and self.layer.recurrent_dropout > 0.0
        if training and self.layer.dropout:
            self.drop(self.kept_x, self.layer.dropout)
            self.x *= self.kept_x
        if dropping:
            self.drop(self.kept_h, self.layer.recurrent_dropout)
        rows = self.z.reshape(len(self.z), -1)
        np.matmul(self.w.T, self.x.reshape(len(self.x), -1), out=rows)
        if self.b is not None:
            rows += self.b.reshape(-1)[: len(rows), None]
        for t in self.steps:
            if dropping:
                np.multiply(self.h[:, t], self.kept_h, out=self.read[:, t])
            self.step(t)
        if self.layer.return_sequences:
            np.copyto(ys[0], self.h[:, 1:].transpose(2, 1, 0))
        else:
            np.copyto(ys[0], self.h[:, -1].T)
        for y, state in zip(ys[1:], self.last, strict=False):
            np.copyto(y, state.T)

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        for slope in self.slopes:
            slope.fill(0.0)
        for slope, dy in zip(self.slopes, dys[1:], strict=False):
            slope += dy.T
        if self.layer.return_sequences:
            np.copyto(self.dy, dys[0].transpose(2, 1, 0))
        else:
            self.dh += dys[0].T
        for t in reversed(self.steps):
            if self.layer.return_sequences:
                self.dh += self.dy[:, t]
            self.back(t)
        rows = self.z.reshape(len(self.z), -1)
        if self.layer.trainable:
            np.matmul(self.x.reshape(len(self.x), -1), rows.T, out=self.dw)
            self.give_state_weights(rows)
            if self.db is not None:
                np.matmul(rows, self.ones, out=self.db.reshape(-1)[: len(rows)])
        for slope, dx in zip(self.slopes, dxs[1:], strict=False):
            if dx is not None:
                np.copyto(dx, slope.T)
        dx = dxs[0]
        if dx is not None:
            np.matmul(self.w, rows, out=self.dx.reshape(len(self.x), -1))
            if self.layer.dropout:
                self.dx *= self.kept_x
            np.copyto(self.in_order(dx.transpose(2, 1, 0)), self.dx)

    def give_state_weights(self, rows: Array) -> None:
        """Write the gradient of the weights of the state: dr = h dzᵀ"""
        np.matmul(flat(self.read), rows.T, out=self.dr)

    def into_state(self, r: Array, dz: Array) -> None:
        """dh = r dz, for the state as it was read."""
        np.matmul(r, dz, out=self.dh)
        if self.layer.recurrent_dropout:
            self.dh *= self.kept_h

    def in_order(self, sequence: Array) -> Array:
        """The steps in the order they are read."""
        return sequence[:, ::-1] if self.layer.go_backwards else sequence

    def drop(self, kept: Array, rate: float) -> None:
        """Draw which values are kept: 0 with the probability `rate`, and 1 / (1 - rate) otherwise."""
        self.site.generator.random(dtype=kept.dtype.type, out=kept)
        np.greater_equal(kept, rate, out=kept)
        kept /= 1.0 - rate


def flat(states: Array) -> Array:
    """(U, T, B) as (U, T B); of all but the last state of each row this is a view, too."""
    return states.reshape(len(states), -1)


@kernel(SimpleRNN)
class SimpleRNNKernel(RecurrentKernel[SimpleRNN]):
    """h = f(x w + h⁻ r + b), h⁻ being the state before

    dz = dh f',  dh⁻ = dz rᵀ,  dw = xᵀ dz,  dr = h⁻ᵀ dz,  db = sum dz
    """

    def __init__(self, layer: SimpleRNN, site: Site) -> None:
        super().__init__(layer, site)
        self.f = functions[layer.activation]
        self.new = site.scratch(layer.units, site.xs[0][0])

    def step(self, t: int) -> None:
        h = self.new
        self.from_state.forward(t, h)
        h += self.z[:, t]
        self.f.forward(h, self.s)
        np.copyto(self.h[:, t + 1], h)

    def back(self, t: int) -> None:
        np.copyto(self.dz, self.dh)
        self.f.slope(self.h[:, t + 1], self.dz, self.s)
        np.copyto(self.z[:, t], self.dz)
        self.from_state.backward(self.dz, self.dh)


@kernel(LSTM)
class LSTMKernel(RecurrentKernel[LSTM]):
    """i, f, o = s(x w + h⁻ r + b),  g = f(x w + h⁻ r + b),  each with its own columns, in the order i, f, g, o

    c = f c⁻ + i g,  a = f(c),  h = o a

    do = dh a,  dc += dh o f'(a),  di = dc g,  df = dc c⁻,  dg = dc i,  dc⁻ = dc f
    """

    def __init__(self, layer: LSTM, site: Site) -> None:
        super().__init__(layer, site)
        batch, steps, _ = site.xs[0]
        units = layer.units
        self.f, self.gate = functions[layer.activation], functions[layer.recurrent_activation]
        self.u = site.scratch(steps, 4, units, batch)
        self.c = site.scratch(steps + 1, units, batch)
        self.a = site.scratch(steps, units, batch)
        self.dc = site.for_backward(units, batch)
        self.states.append(list(self.c))
        self.slopes.append(self.dc)
        self.s4 = self.s.reshape(4, units, batch)
        self.dz4 = self.dz.reshape(4, units, batch) if site.training else self.dz

    def step(self, t: int) -> None:
        u, s, c, a = self.u[t], self.s4, self.c[t + 1], self.a[t]
        rows = u.reshape(self.s.shape)
        self.from_state.forward(t, rows)
        rows += self.z[:, t]
        self.gate.forward(u[:2], s[:2])
        self.f.forward(u[2], s[2])
        self.gate.forward(u[3], s[3])
        i, f, g, o = u
        np.multiply(f, self.c[t], out=c)
        np.multiply(i, g, out=a)
        c += a
        np.copyto(a, c)
        self.f.forward(a, s[0])
        np.multiply(o, a, out=self.h[:, t + 1])

    def back(self, t: int) -> None:
        u, s, dc, a = self.u[t], self.s4, self.dc, self.a[t]
        i, f, g, o = u
        di, df, dg, do = self.dz4
        np.multiply(self.dh, a, out=do)
        np.multiply(self.dh, o, out=dg)
        self.f.slope(a, dg, s[0])
        dc += dg
        np.multiply(dc, g, out=di)
        np.multiply(dc, self.c[t], out=df)
        np.multiply(dc, i, out=dg)
        dc *= f
        self.gate.slope(u[:2], self.dz4[:2], s[:2])
        self.f.slope(g, dg, s[2])
        self.gate.slope(o, do, s[3])
        np.copyto(self.z[:, t], self.dz)
        self.from_state.backward(self.dz, self.dh)


@kernel(GRU)
class GRUKernel(RecurrentKernel[GRU]):
    """z, r = s(x w + h⁻ r + b),  g = f(x w + r (h⁻ r + b')),  each with its own columns, in the order z, r, g

    h = z h⁻ + (1 - z) g

    dz = dh (h⁻ - g),  dg = dh (1 - z),  dh⁻ = dh z and what comes through the gates.

    With `reset_after=False` the state is reset before its product: g = f(x w + (r h⁻) r + b).
    """

    def __init__(self, layer: GRU, site: Site) -> None:
        super().__init__(layer, site)
        batch, steps, _ = site.xs[0]
        units = layer.units
        self.f, self.gate = functions[layer.activation], functions[layer.recurrent_activation]
        self.u = site.scratch(steps, 3, units, batch)
        self.q = site.scratch(units, steps, batch)
        """What the reset gate works on behind it: the state's product, or the state that goes into it."""
        self.s3 = self.s.reshape(3, units, batch)
        self.dz3 = self.dz.reshape(3, units, batch) if site.training else self.dz
        self.dq = site.for_backward(3 * units if layer.reset_after else units, steps, batch)
        self.kept = site.scratch(units, batch)
        self.units = units
        self.r, self.dr = site.weights["recurrent_kernel"], site.gradients["recurrent_kernel"]

    def step(self, t: int) -> None:
        u, s, n = self.u[t], self.s3, self.units
        before, zx = self.h[:, t], self.z[:, t]
        z, r, g = u
        rows = u.reshape(self.s.shape)
        if self.layer.reset_after:
            self.from_state.forward(t, rows)
            if self.b is not None:
                rows += self.b[1][:, None]
            np.copyto(self.q[:, t], g)
            rows[: 2 * n] += zx[: 2 * n]
            self.gate.forward(u[:2], s[:2])
            g *= r
        else:
            np.matmul(self.r[:, : 2 * n].T, self.read[:, t], out=rows[: 2 * n])
            rows[: 2 * n] += zx[: 2 * n]
            self.gate.forward(u[:2], s[:2])
            np.multiply(r, self.read[:, t], out=s[0])
            np.copyto(self.q[:, t], s[0])
            np.matmul(self.r[:, 2 * n :].T, s[0], out=g)
        g += zx[2 * n :]
        self.f.forward(g, s[2])
        np.subtract(before, g, out=s[0])
        s[0] *= z
        np.add(s[0], g, out=self.h[:, t + 1])

    def back(self, t: int) -> None:
        u, s, n = self.u[t], self.s3, self.units
        z, r, g = u
        dz, dr, dg = self.dz3
        np.subtract(self.h[:, t], g, out=dz)
        dz *= self.dh
        np.subtract(1.0, z, out=dg)
        dg *= self.dh
        self.f.slope(g, dg, s[2])
        np.multiply(self.dh, z, out=self.kept)
        if self.layer.reset_after:
            np.multiply(dg, self.q[:, t], out=dr)
            self.gate.slope(u[:2], self.dz3[:2], s[:2])
            np.copyto(self.z[:, t], self.dz)
            dg *= r
            np.copyto(self.dq[:, t], self.dz)
            self.into_state(self.r, self.dz)
        else:
            through = s[2]
            np.matmul(self.r[:, 2 * n :], dg, out=through)
            np.multiply(through, self.read[:, t], out=dr)
            through *= r
            if self.layer.recurrent_dropout:
                through *= self.kept_h
            self.kept += through
            self.gate.slope(u[:2], self.dz3[:2], s[:2])
            np.copyto(self.z[:, t], self.dz)
            self.into_state(self.r[:, : 2 * n], self.dz[: 2 * n])
        self.dh += self.kept

    def give_state_weights(self, rows: Array) -> None:
        n = 2 * self.units
        if self.layer.reset_after:
            dq = self.dq.reshape(len(rows), -1)
            np.matmul(flat(self.read), dq.T, out=self.dr)
            if self.db is not None:
                np.matmul(dq, self.ones, out=self.db[1])
        else:
            np.matmul(flat(self.read), rows[:n].T, out=self.dr[:, :n])
            np.matmul(self.q.reshape(self.units, -1), rows[n:].T, out=self.dr[:, n:])
