"""LSTMs whose products are convolutions.

The input's part of every gate is one convolution over the steps of all samples; the state's part is one a step, but for
the gradient of its weights. Both are those of the convolution layers, with the gates side by side as filters. Where
values are dropped each gate reads its own, side by side as channels, and the convolution has a group for each.

Axes: T steps, B batch, the places, then C channels in or F filters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from engine.kernel import Array, Kernel, Site, kernel, kernel_of
from engine.kernels.dropping import draw_kept
from engine.kernels.long_memory import LongMemory
from engine.kernels.sequence import SteppingKernel
from graph.layers.axes import channels_last
from graph.layers.conv_lstm import ConvLSTM, ConvLSTM1D, ConvLSTM2D
from graph.layers.convolution import Conv1D, Conv2D, Convolution

GATES = 4
CONVOLUTIONS: dict[type[ConvLSTM], type[Convolution]] = {ConvLSTM1D: Conv1D, ConvLSTM2D: Conv2D}


@kernel(ConvLSTM1D)
@kernel(ConvLSTM2D)
class ConvLSTMKernel(SteppingKernel[ConvLSTM]):
    """i, f, o = s(x * w + h⁻ * r + b),  g = f(x * w + h⁻ * r + b),  `*` being a convolution, in the order i, f, g, o

    What becomes of them: see `LongMemory`. A stateful layer begins with the states that the batch before left.
    """

    def __init__(self, layer: ConvLSTM, site: Site) -> None:
        self.first = layer.data_format == "channels_first"
        batch, steps, *rest = site.xs[0]
        x = channels_last((batch, *rest), layer.data_format)
        given = (batch, *site.y[2:]) if layer.return_sequences else site.y
        state = channels_last(given, layer.data_format)
        super().__init__(layer, site, state, (batch, *(1 for _ in state[1:])))
        gates = (*state[:-1], GATES * layer.filters)
        self.memory = LongMemory(layer.activation, layer.recurrent_activation)
        self.x, self.dx = site.scratch(steps, *x), site.for_backward(steps, *x)
        self.h, self.c = site.scratch(steps + 1, *state), site.scratch(steps + 1, *state)
        self.z, self.q = site.scratch(steps, *gates), site.scratch(*gates)
        self.u, self.a = site.scratch(steps, GATES, *state), site.scratch(steps, *state)
        self.s, self.du = site.scratch(GATES, *state), site.for_backward(GATES, *state)
        self.dh, self.dc = site.for_backward(*state), site.for_backward(*state)
        self.dy = site.for_backward(steps, *state)
        self.states += [list(self.h), list(self.c)]
        self.slopes += [self.dh, self.dc]
        if layer.return_sequences:
            self.given = list(self.dy)
        self.carried = [site.carry(port.name, state[1:]) for port in layer.states] if layer.stateful else []
        self.of_input = Read(self.x, self.dx, layer.dropout, site)
        self.of_state = Read(self.h[:-1], self.dh, layer.recurrent_dropout, site)
        slid = {"strides": layer.strides, "padding": layer.padding, "dilation_rate": layer.dilation_rate}
        names = {"kernel": "kernel"} | ({"bias": "bias"} if layer.use_bias else {})
        self.from_input = self.convolution(merged(self.of_input.x), merged(self.z), names, **slid)
        names = {"kernel": "recurrent_kernel"}
        self.from_state = self.convolution(self.of_state.x[0], self.q, names, padding="same", trainable=False)
        self.from_states = self.convolution(merged(self.of_state.x), merged(self.z), names, padding="same")

    def convolution(self, x: Array, y: Array, names: dict[str, str], **said: Any) -> Kernel[Convolution]:
        """The kernel that makes `y` of `x`, for all gates; `names` are its weights here."""
        layer, site = self.layer, self.site
        declared = CONVOLUTIONS[type(layer)](
            filters=GATES * layer.filters,
            kernel_size=layer.kernel_size,
            groups=x.shape[-1] // site.weights[names["kernel"]].shape[-2],
            use_bias="bias" in names,
            **{"trainable": layer.trainable, **said},
        )
        weights = {name: site.weights[own] for name, own in names.items()}
        gradients = {name: site.gradients[own] for name, own in names.items()}
        inner = replace(site, xs=(x.shape,), ys=(y.shape,), weights=weights, gradients=gradients, masks=(None,))
        made = kernel_of(declared)(declared, inner)
        assert isinstance(made, Kernel), "a convolution has one output"
        return made

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        np.copyto(self.x, self.by_step(xs[0]))
        for state, before in zip(self.states, self.carried, strict=False):
            np.copyto(state[0], before)
        for state, x in zip(self.states, xs[1:], strict=False):
            np.copyto(state[0], self.last(x, 1))
        self.of_input.draw()
        self.of_state.draw()
        for t in self.steps:
            self.of_input.read(t)
        self.from_input.forward((merged(self.of_input.x),), merged(self.z), training)
        self.hide()
        self.go()
        if self.layer.return_sequences:
            np.copyto(self.last(ys[0], 2).swapaxes(0, 1), self.h[1:])
        else:
            np.copyto(self.last(ys[0], 1), self.h[-1])
        for y, state in zip(ys[1:], self.states, strict=False):
            np.copyto(self.last(y, 1), state[-1])
        for after, state in zip(self.carried, self.states, strict=False):
            np.copyto(after, state[-1])

    def step(self, t: int) -> None:
        self.of_state.read(t)
        self.from_state.forward((self.of_state.x[t],), self.q, self.site.training)
        self.q += self.z[t]
        np.copyto(self.u[t], by_gate(self.q))
        self.memory.forward(self.u[t], self.c[t], self.c[t + 1], self.a[t], self.h[t + 1], self.s)

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        for slope in self.slopes:
            slope.fill(0.0)
        for slope, dy in zip(self.slopes, dys[1:], strict=False):
            slope += self.last(dy, 1)
        if self.layer.return_sequences:
            np.copyto(self.dy, self.last(dys[0], 2).swapaxes(0, 1))
        else:
            self.dh += self.last(dys[0], 1)
        self.go_back()
        for slope, dx in zip(self.slopes, dxs[1:], strict=False):
            if dx is not None:
                np.copyto(self.last(dx, 1), slope)
        if self.layer.trainable:
            self.give_state_weights()
        dx = dxs[0]
        slopes = merged(self.of_input.dx)
        self.from_input.backward(
            merged(self.z), (merged(self.of_input.x),), merged(self.z), (None if dx is None else slopes,)
        )
        if dx is not None:
            self.of_input.back(self.dx)
            np.copyto(self.by_step(dx), self.dx)

    def back(self, t: int) -> None:
        self.memory.backward(self.u[t], self.c[t], self.a[t], self.dh, self.dc, self.du, self.s)
        np.copyto(by_gate(self.z[t]), self.du)
        self.from_state.backward(self.z[t], (self.of_state.x[t],), self.q, (self.of_state.dx,))
        self.of_state.back(self.dh)

    def give_state_weights(self) -> None:
        """Write the gradient of the weights of the state. What the gates were is written over."""
        states, y = merged(self.of_state.x), self.u.reshape(merged(self.z).shape)
        self.from_states.forward((states,), y, True)
        self.from_states.backward(merged(self.z), (states,), y, (None,))

    def by_step(self, sequence: Array) -> Array:
        """(B, T, ...) as (T, B, ...), channels last, in the order the steps are read."""
        return self.in_order(self.last(sequence, 2)).swapaxes(0, 1)

    def last(self, values: Array, axis: int) -> Array:
        """Values with their channels last; they are at `axis` where they come first."""
        return np.moveaxis(values, axis, -1) if self.first else values


class Read:
    """What a convolution reads of `x` (T, B, ..., C), and the place for its slope, that of a step or of all.

    Where nothing is dropped these are `x` and `dx` themselves; otherwise each gate has values of its own, side by side,
    of which it drops the same ones at every step.
    """

    def __init__(self, x: Array, dx: Array, rate: float, site: Site) -> None:
        self.values, self.x, self.dx = x, x, dx
        self.rate, self.generator = rate, site.generator
        self.kept: Array | None = None
        if rate and site.training:
            channels = x.shape[-1]
            self.kept = site.scratch(*x.shape[1:-1], GATES, channels)
            self.x = site.scratch(*x.shape[:-1], GATES * channels)
            self.dx = site.scratch(*dx.shape[:-1], GATES * channels)

    def draw(self) -> None:
        """Draw which values are kept."""
        if self.kept is not None:
            draw_kept(self.generator, self.rate, self.kept)

    def read(self, t: int) -> None:
        """Write what is read at step `t`."""
        if self.kept is not None:
            np.multiply(self.values[t][..., None, :], self.kept, out=parted(self.x[t]))

    def back(self, dx: Array) -> None:
        """Write the slope of the values, from that of what was read."""
        if self.kept is not None:
            slopes = parted(self.dx)
            slopes *= self.kept
            np.sum(slopes, axis=-2, out=dx)


def parted(values: Array) -> Array:
    """(..., 4 C) as (..., 4, C)."""
    return values.reshape(*values.shape[:-1], GATES, -1)


def by_gate(values: Array) -> Array:
    """(..., 4 F) seen as (4, ..., F)."""
    return np.moveaxis(parted(values), -2, 0)


def merged(values: Array) -> Array:
    """(T, B, ...) as (T B, ...)."""
    return values.reshape(prod(values.shape[:2]), *values.shape[2:])
