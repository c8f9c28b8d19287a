"""The cells of layers with memory: one step forward, and one step back."""

from __future__ import annotations

import numpy as np

from engine.kernel import Site, kernel
from engine.kernels.cell_functions import functions
from engine.kernels.long_memory import LongMemory
from engine.kernels.sequence import RecurrentKernel
from graph.layers.recurrent import GRU, LSTM, SimpleRNN


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

    What becomes of them: see `LongMemory`.
    """

    def __init__(self, layer: LSTM, site: Site) -> None:
        super().__init__(layer, site)
        batch, steps, _ = site.xs[0]
        units = layer.units
        self.memory = LongMemory(layer.activation, layer.recurrent_activation)
        self.u = site.scratch(steps, 4, units, batch)
        self.c = site.scratch(steps + 1, units, batch)
        self.a = site.scratch(steps, units, batch)
        self.dc = site.for_backward(units, batch)
        self.states.append(list(self.c))
        self.slopes.append(self.dc)
        self.s4 = self.s.reshape(4, units, batch)
        self.dz4 = self.dz.reshape(4, units, batch) if site.training else self.dz

    def step(self, t: int) -> None:
        u = self.u[t]
        rows = u.reshape(self.s.shape)
        self.from_state.forward(t, rows)
        rows += self.z[:, t]
        self.memory.forward(u, self.c[t], self.c[t + 1], self.a[t], self.h[:, t + 1], self.s4)

    def back(self, t: int) -> None:
        self.memory.backward(self.u[t], self.c[t], self.a[t], self.dh, self.dc, self.dz4, self.s4)
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
            self.from_state.forward(t, rows[: 2 * n])
            rows[: 2 * n] += zx[: 2 * n]
            self.gate.forward(u[:2], s[:2])
            np.multiply(r, self.from_state.of_last_gate(t), out=s[0])
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
            self.from_state.backward(self.dz, self.dh)
        else:
            through = s[2]
            np.matmul(self.r[:, 2 * n :], dg, out=through)
            np.multiply(through, self.from_state.of_last_gate(t), out=dr)
            through *= r
            self.from_state.drop_of_last_gate(through)
            self.kept += through
            self.gate.slope(u[:2], self.dz3[:2], s[:2])
            np.copyto(self.z[:, t], self.dz)
            self.from_state.backward(self.dz[: 2 * n], self.dh)
        self.dh += self.kept

    def give_state_weights(self) -> None:
        n = 2 * self.units
        if self.layer.reset_after:
            dq = self.dq.reshape(len(self.rows), -1)
            self.from_state.gradient(dq)
            if self.db is not None:
                np.matmul(dq, self.ones, out=self.db[1])
        else:
            self.from_state.gradient(self.rows[:n])
            np.matmul(self.q.reshape(self.units, -1), self.rows[n:].T, out=self.dr[:, n:])
