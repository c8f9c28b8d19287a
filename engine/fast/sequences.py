"""LSTM and GRU as one call a sequence: one product takes the input and the state of a step.

That is for float32, where nothing is masked and nothing dropped. Prediction keeps no step but the last one.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from engine.fast import loops, wide
from engine.fast.panels import ROWS, Panels, filled
from engine.kernel import Array, ManyKernel, Site
from graph.layers.recurrent import GRU, LSTM, Recurrent

R = TypeVar("R", bound=Recurrent)


def suits(layer: Recurrent, site: Site) -> bool:
    """Whether a sequence can be one call."""
    masked = site.masks[0] is not None and len(site.xs) == 1
    dropped = site.training and (layer.dropout or layer.recurrent_dropout)
    return wide() and site.dtype == np.float32 and not masked and not dropped


class SequenceKernel(ManyKernel[R]):
    """What both share; see `engine.fast.loops.sequence` for the arrays.

    `states` are those of all steps, and `slopes` what becomes of their slopes. `dw` is the gradient of all weights, its
    rows as in `read` and its columns as in `u`, and `sums` that of all biases; `parts` are pieces of them, each with
    where it goes.
    """

    def __init__(self, layer: R, site: Site, columns: int) -> None:
        super().__init__(layer, site)
        batch, self.steps, features = site.xs[0]
        units, kept, rows = layer.units, self.steps if site.training else 1, filled(batch, ROWS)
        self.place = filled(features, ROWS)
        self.depth = self.place + filled(units, ROWS)
        self.w, self.r, self.b = site.weights["kernel"], site.weights["recurrent_kernel"], site.weights.get("bias")
        self.read, self.u = site.scratch(kept + 1, rows, self.depth), site.scratch(kept, rows, columns)
        self.offsets, self.sums = site.scratch(columns), site.for_backward(columns)
        self.dw = site.for_backward(self.depth if layer.trainable else 0, columns)
        self.dh, self.dx = site.for_backward(rows, filled(units)), site.for_backward(rows, filled(features))
        self.none = site.for_backward(filled(max(units, features)))
        self.unwanted = site.for_backward(batch, 0, features)
        self.states = [self.read[:, :batch, self.place : self.place + units]]
        self.slopes = [self.dh[:batch, :units]]
        self.carried = [site.carry(port.name, (units,)) for port in layer.states] if layer.stateful else []
        self.y_sizes = batch, self.steps if layer.return_sequences else 1, units
        self.of_x, self.of_h = self.dw[:features], self.dw[self.place : self.place + units]
        self.panels: list[Panels] = []
        self.panels_back: list[Panels] = []
        self.parts: list[tuple[Array, Array]] = []

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        for state in self.states:
            state[0].fill(0.0)
        for state, first in zip(self.states, xs[1:] or self.carried, strict=False):
            np.copyto(state[0], first)
        for panels in self.panels:
            panels.lay()
        if self.b is not None:
            self.offset(self.b)
        self.go([panels.array for panels in self.panels], xs[0], ys[0].reshape(self.y_sizes))
        for out in (ys[1:], self.carried):
            for y, state in zip(out, self.states, strict=False):
                np.copyto(y, state[self.steps % len(state)])

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        for added_to in (self.dw, self.sums, *self.slopes):
            added_to.fill(0.0)
        for slope, dy in zip(self.slopes, dys[1:], strict=False):
            slope += dy
        for panels in self.panels_back:
            panels.lay()
        dx = self.unwanted if dxs[0] is None else dxs[0]
        self.go_back([panels.array for panels in self.panels_back], dys[0].reshape(self.y_sizes), dx)
        for slope, first in zip(self.slopes, dxs[1:], strict=False):
            if first is not None:
                np.copyto(first, slope)
        if self.layer.trainable:
            for part, dw in self.parts:
                np.copyto(dw, part)

    @abstractmethod
    def offset(self, b: Array) -> None:
        """Write `offsets`."""

    @abstractmethod
    def go(self, weights: Sequence[Array], x: Array, y: Array) -> None:
        """Take all steps, the weights being laid out in `panels`."""

    @abstractmethod
    def go_back(self, weights: Sequence[Array], dy: Array, dx: Array) -> None:
        """Take all steps back, the weights being laid out in `panels_back`."""


class LSTMSequence(SequenceKernel[LSTM]):
    """i, f, o = s(x w + h⁻ r + b),  g = tanh(x w + h⁻ r + b),  c = f c⁻ + i g,  h = o tanh c"""

    def __init__(self, layer: LSTM, site: Site) -> None:
        gates = 4 * layer.units
        columns = filled(gates)
        super().__init__(layer, site, columns)
        batch, units, kept = site.y[0], layer.units, len(self.u)
        self.c, self.a = site.scratch(kept + 1, batch, units), site.scratch(kept, batch, units)
        self.dc = site.for_backward(batch, units)
        self.states.append(self.c)
        self.slopes.append(self.dc)
        both = Panels(site, self.depth, gates)
        both.give(self.w)
        both.give(self.r, self.place)
        self.panels = [both]
        if site.training:
            self.panels_back = [Panels(site, columns, len(w)) for w in (self.w, self.r)]
            for panels, w in zip(self.panels_back, (self.w, self.r), strict=True):
                panels.give(w.T)
            for name, of_all in (("kernel", self.of_x), ("recurrent_kernel", self.of_h), ("bias", self.sums)):
                if name in site.gradients:
                    self.parts.append((of_all[..., :gates], site.gradients[name]))

    def offset(self, b: Array) -> None:
        np.copyto(self.offsets[: len(b)], b)

    def go(self, weights: Sequence[Array], x: Array, y: Array) -> None:
        kept = self.read, self.u, self.c, self.a
        loops.lstm_sequence(x, self.layer.go_backwards, *weights, self.offsets, *kept, y)

    def go_back(self, weights: Sequence[Array], dy: Array, dx: Array) -> None:
        kept = self.read, self.c, self.a
        slopes = self.u, self.dh, self.dc, self.dw, self.sums, self.dx
        loops.lstm_sequence_back(*weights, *kept, dy, self.layer.go_backwards, self.none, *slopes, dx)


class GRUSequence(SequenceKernel[GRU]):
    """z, r = s(x w + h⁻ r + b),  g = tanh(x w + r q + b) with q = h⁻ r + b',  h = z h⁻ + (1 - z) g

    `u` has q, then z and r, then g: so what reads the state is side by side, and what reads the input.
    """

    def __init__(self, layer: GRU, site: Site) -> None:
        units, two, width = layer.units, 2 * layer.units, filled(layer.units)
        last = width + filled(two)
        super().__init__(layer, site, last + width)
        self.two = two
        self.q, self.zr, self.g = slice(units), slice(width, width + two), slice(last, last + units)
        both, of_g, of_q = (
            Panels(site, *sizes) for sizes in ((self.depth, two), (self.place, units), (self.depth - self.place, units))
        )
        both.give(self.w[:, :two])
        both.give(self.r[:, :two], self.place)
        of_g.give(self.w[:, two:])
        of_q.give(self.r[:, two:])
        self.panels = [both, of_g, of_q]
        if site.training:
            self.prepare_back(last, width)

    def prepare_back(self, last: int, width: int) -> None:
        """Lay out what only training needs; g is at `last`, and filled up to `width` as q is."""
        two, of_weights, biases = self.two, self.site.gradients, self.site.gradients.get("bias", ())
        w, r = Panels(self.site, last, len(self.w)), Panels(self.site, last, len(self.r))
        w.give(self.w[:, :two].T)
        w.give(self.w[:, two:].T, last - width)
        r.give(self.r[:, two:].T)
        r.give(self.r[:, :two].T, width)
        self.panels_back = [w, r]
        goes = [(self.of_x, self.g, of_weights["kernel"]), (self.of_h, self.q, of_weights["recurrent_kernel"])]
        goes += [(self.sums, own, db) for own, db in zip((self.g, self.q), biases, strict=False)]
        for of_all, own, dw in goes:
            self.parts += [(of_all[..., self.zr], dw[..., :two]), (of_all[..., own], dw[..., two:])]

    def offset(self, b: Array) -> None:
        of_input, of_state = b
        np.add(of_input[: self.two], of_state[: self.two], out=self.offsets[self.zr])
        np.copyto(self.offsets[self.g], of_input[self.two :])
        np.copyto(self.offsets[self.q], of_state[self.two :])

    def go(self, weights: Sequence[Array], x: Array, y: Array) -> None:
        loops.gru_sequence(x, self.layer.go_backwards, *weights, self.offsets, self.read, self.u, y)

    def go_back(self, weights: Sequence[Array], dy: Array, dx: Array) -> None:
        slopes = self.u, self.dh, self.dw, self.sums, self.dx
        loops.gru_sequence_back(*weights, self.read, dy, self.layer.go_backwards, self.none, *slopes, dx)
