"""Layers with memory: what is done for all steps of a sequence at once, and how its steps follow each other.

The input's part of every gate is one matrix product over the whole sequence; only the state's part is taken step by
step. All arrays have their features first: `z` is (gates x units, T, B), so that a gate of one step is one block, and
what the weights' gradients need is one product over all steps again.

Axes: T steps, B batch, I features in, U units.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from engine.kernel import Array, ManyKernel, Site, Sizes
from engine.kernels.dropping import draw_kept
from engine.kernels.gate_products import product
from engine.kernels.shards import by_samples
from graph.layers.base import Layer
from graph.layers.recurrent import Memory, Recurrent

M = TypeVar("M", bound=Memory)
R = TypeVar("R", bound=Recurrent)


class SteppingKernel(ManyKernel[M]):
    """What all kernels share that go along a sequence step by step.

    `step` writes the states behind a step, and `back` turns their slopes into those of the states before. `states` are
    those carried along, each as a list of T + 1 arrays, and `slopes` what becomes of their slopes on the way back; all
    are 0 where a slope is 0. The first state is what a step gives on; `given` are the slopes of that where every step
    does, and empty where only the last one does.

    At a masked step the states stay as they were, and so does the output.
    """

    def __init__(self, layer: M, site: Site, state: Sizes, samples: Sizes) -> None:
        """`state` are the sizes of one state, `samples` those of one value for each sample, laid out as a state is."""
        super().__init__(layer, site)
        steps = site.xs[0][1]
        self.states: list[list[Array]] = []
        self.slopes: list[Array] = []
        self.given: list[Array] = []
        self.steps = range(steps)
        self.mask = site.masks[0] if len(site.xs) == 1 else None
        """The mask that is read. As in Keras there is none where first states come in."""
        self.hidden = site.scratch(steps, *samples, dtype=np.bool_) if self.mask is not None else None
        self.any_hidden = site.scratch(steps, dtype=np.bool_)
        self.some_hidden = [False] * steps
        self.past = [site.for_backward(*state) for _ in layer.states if self.mask is not None]

    @abstractmethod
    def step(self, t: int) -> None:
        """Write the states behind step `t`."""

    @abstractmethod
    def back(self, t: int) -> None:
        """Take the slopes of the states behind step `t` back to those before it."""

    def go(self) -> None:
        """Take all steps."""
        for t in self.steps:
            self.step(t)
            if self.some_hidden[t]:
                self.stay(t)

    def go_back(self) -> None:
        """Take all steps back."""
        for t in reversed(self.steps):
            if self.given:
                self.slopes[0] += self.given[t]
            if self.some_hidden[t]:
                self.back_where_seen(t)
            else:
                self.back(t)

    def in_order(self, sequence: Array) -> Array:
        """The steps in the order they are read."""
        return sequence[:, ::-1] if self.layer.go_backwards else sequence

    def hide(self) -> None:
        """Read the mask: which samples are hidden at a step, and whether any is."""
        if self.mask is not None and self.hidden is not None:
            by_step = self.hidden.reshape(self.mask.shape[::-1])
            np.logical_not(self.in_order(self.mask).T, out=by_step)
            np.any(by_step, axis=1, out=self.any_hidden)
            self.some_hidden = self.any_hidden.tolist()

    def stay(self, t: int) -> None:
        """Where step `t` is hidden, the states stay as they were before it."""
        assert self.hidden is not None
        for state in self.states:
            np.copyto(state[t + 1], state[t], where=self.hidden[t])

    def back_where_seen(self, t: int) -> None:
        """Take back the slopes of the samples that see step `t`; those of the others go past it."""
        assert self.hidden is not None
        hidden = self.hidden[t]
        for slope, past in zip(self.slopes, self.past, strict=True):
            np.multiply(slope, hidden, out=past)
            slope -= past
        self.back(t)
        for slope, past in zip(self.slopes, self.past, strict=True):
            slope += past


class RecurrentKernel(SteppingKernel[R]):
    """What the cells share.

    A cell gives `step`, which writes the state `h[:, t + 1]`, and `back`, which turns `dh`, the slope of that state,
    into that of the state before, and `z[:, t]` into its own slope. States have their features first: (U, B).

    A stateful layer begins with the states that the batch before left, unless others come in; no slope goes back
    through them.
    """

    def __init__(self, layer: R, site: Site) -> None:
        batch, steps, features = site.xs[0]
        units, columns = layer.units, layer.gates * layer.units
        super().__init__(layer, site, (units, batch), (batch,))
        self.b, self.db = site.weights.get("bias"), site.gradients.get("bias")
        self.x = site.scratch(features, steps, batch)
        self.z = site.scratch(columns, steps, batch)
        self.rows = self.z.reshape(columns, -1)
        self.h = site.scratch(units, steps + 1, batch)
        self.s = site.scratch(columns, batch)
        self.dh = site.for_backward(units, batch)
        self.dz = site.for_backward(columns, batch)
        self.dx = site.for_backward(features, steps, batch)
        self.dy = site.for_backward(units, steps, batch)
        self.ones = site.ones(steps * batch)
        self.states.append([self.h[:, t] for t in range(steps + 1)])
        self.slopes.append(self.dh)
        if site.training and layer.return_sequences:
            self.given = [self.dy[:, t] for t in self.steps]
        self.carried = [site.carry(port.name, (units,)) for port in layer.states] if layer.stateful else []
        masks = layer.gates if layer.recurrent_dropout else 1
        self.kept_x = site.scratch(masks, features, 1, batch) if layer.dropout and site.training else None
        self.kept_h = site.scratch(masks, units, 1, batch) if layer.recurrent_dropout and site.training else None
        of_input = site.weights["kernel"], site.gradients["kernel"]
        of_state = site.weights["recurrent_kernel"], site.gradients["recurrent_kernel"]
        self.from_input = product(*of_input, self.x, [slice(None)], self.kept_x, site)
        self.from_state = product(*of_state, self.h[:, :-1], [slice(t, t + 1) for t in self.steps], self.kept_h, site)

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return by_samples(cls, layer)

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        np.copyto(self.x, self.in_order(xs[0].transpose(2, 1, 0)))
        for state, x in zip(self.states, xs[1:] or self.carried, strict=False):
            np.copyto(state[0], x.T)
        self.drop()
        self.from_input.forward(0, self.rows)
        if self.b is not None:
            self.rows += self.b.reshape(-1)[: len(self.rows), None]
        self.hide()
        self.go()
        if self.layer.return_sequences:
            np.copyto(ys[0], self.h[:, 1:].transpose(2, 1, 0))
        else:
            np.copyto(ys[0], self.h[:, -1].T)
        for y, state in (*zip(ys[1:], self.states, strict=False), *zip(self.carried, self.states, strict=False)):
            np.copyto(y, state[-1].T)

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
        self.go_back()
        if self.layer.trainable:
            self.from_input.gradient(self.rows)
            self.give_state_weights()
            if self.db is not None:
                np.matmul(self.rows, self.ones, out=self.db.reshape(-1)[: len(self.rows)])
        for slope, dx in zip(self.slopes, dxs[1:], strict=False):
            if dx is not None:
                np.copyto(dx, slope.T)
        dx = dxs[0]
        if dx is not None:
            self.from_input.backward(self.rows, self.dx)
            np.copyto(self.in_order(dx.transpose(2, 1, 0)), self.dx)

    def give_state_weights(self) -> None:
        """Write the gradient of the weights of the state, and of a bias of its own."""
        self.from_state.gradient(self.rows)

    def drop(self) -> None:
        """Draw which values are kept."""
        for kept, rate in ((self.kept_x, self.layer.dropout), (self.kept_h, self.layer.recurrent_dropout)):
            if kept is not None:
                draw_kept(self.site.generator, rate, kept)
