"""LSTM and GRU with the functions they usually have: a whole sequence in one call, or a step in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

import numpy as np

from engine.fast import loops
from engine.fast.sequences import GRUSequence, LSTMSequence, suits
from engine.kernel import Array, ManyKernel, Site, kernel
from engine.kernels.recurrent import GRUKernel, LSTMKernel
from engine.kernels.shards import by_samples
from graph.layers.base import Layer
from graph.layers.recurrent import GRU, LSTM, Recurrent

R = TypeVar("R", bound=Recurrent)


def usual(layer: Layer) -> bool:
    """Whether the functions are those of the loops, which go with the fast form of a GRU."""
    config = layer.config()
    functions = config["activation"], config["recurrent_activation"]
    return functions == ("tanh", "sigmoid") and bool(config.get("reset_after", True))


class Compiled(ManyKernel[R]):
    """A sequence at once where that can be, and else step by step; as NumPy does it where the functions are others."""

    at_once: ClassVar[type[ManyKernel[Any]]]
    by_steps: ClassVar[type[ManyKernel[Any]]]
    plain: ClassVar[type[ManyKernel[Any]]]

    def __init__(self, layer: R, site: Site) -> None:
        super().__init__(layer, site)
        self.kernel = (self.at_once if suits(layer, site) else self.by_steps)(layer, site)

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return by_samples(cls if usual(layer) else cls.plain, layer)

    def forward(self, xs: Sequence[Array], ys: Sequence[Array], training: bool) -> None:
        self.kernel.forward(xs, ys, training)

    def backward(
        self, dys: Sequence[Array], xs: Sequence[Array], ys: Sequence[Array], dxs: Sequence[Array | None]
    ) -> None:
        self.kernel.backward(dys, xs, ys, dxs)


class LSTMSteps(LSTMKernel):
    """c = f c⁻ + i g,  h = o tanh c: one pass a step behind the product of the state"""

    def step(self, t: int) -> None:
        self.from_state.forward(t, self.u[t].reshape(self.s.shape))
        loops.lstm_step(self.z, self.u, self.c, self.a, self.h, t)

    def back(self, t: int) -> None:
        loops.lstm_back(self.u, self.c, self.a, self.dh, self.dc, self.z, self.dz, t)
        self.from_state.backward(self.dz, self.dh)


class GRUSteps(GRUKernel):
    """g = tanh(x w + r (h⁻ r + b')),  h = z h⁻ + (1 - z) g: one pass a step behind the product of the state"""

    def __init__(self, layer: GRU, site: Site) -> None:
        super().__init__(layer, site)
        self.own_b = site.scratch(3 * layer.units) if self.b is None else self.b[1]

    def step(self, t: int) -> None:
        self.from_state.forward(t, self.u[t].reshape(self.s.shape))
        loops.gru_step(self.z, self.own_b, self.u, self.q, self.h, t)

    def back(self, t: int) -> None:
        loops.gru_back(self.u, self.q, self.h, self.dh, self.kept, self.z, self.dq, self.dz, t)
        self.from_state.backward(self.dz, self.dh)
        np.add(self.dh, self.kept, out=self.dh)


@kernel(LSTM)
class CompiledLSTM(Compiled[LSTM]):
    """c = f c⁻ + i g,  h = o tanh c"""

    at_once, by_steps, plain = LSTMSequence, LSTMSteps, LSTMKernel


@kernel(GRU)
class CompiledGRU(Compiled[GRU]):
    """g = tanh(x w + r (h⁻ r + b')),  h = z h⁻ + (1 - z) g"""

    at_once, by_steps, plain = GRUSequence, GRUSteps, GRUKernel
