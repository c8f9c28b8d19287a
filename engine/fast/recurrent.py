"""LSTM and GRU with the functions they usually have: behind the product of the state, one pass a step."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fast import loops
from engine.kernel import ManyKernel, Site, kernel
from engine.kernels.recurrent import GRUKernel, LSTMKernel
from graph.layers.base import Layer
from graph.layers.recurrent import GRU, LSTM


def usual(layer: Layer) -> bool:
    """Whether the functions are those of the loops, which go with the fast form of a GRU."""
    config = layer.config()
    functions = config["activation"], config["recurrent_activation"]
    return functions == ("tanh", "sigmoid") and bool(config.get("reset_after", True))


@kernel(LSTM)
class CompiledLSTM(LSTMKernel):
    """c = f c⁻ + i g,  h = o tanh c"""

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return super().for_layer(layer) if usual(layer) else LSTMKernel.for_layer(layer)

    def step(self, t: int) -> None:
        self.from_state.forward(t, self.u[t].reshape(self.s.shape))
        loops.lstm_step(self.z, self.u, self.c, self.a, self.h, t)

    def back(self, t: int) -> None:
        loops.lstm_back(self.u, self.c, self.a, self.dh, self.dc, self.z, self.dz, t)
        self.from_state.backward(self.dz, self.dh)


@kernel(GRU)
class CompiledGRU(GRUKernel):
    """g = tanh(x w + r (h⁻ r + b')),  h = z h⁻ + (1 - z) g"""

    def __init__(self, layer: GRU, site: Site) -> None:
        super().__init__(layer, site)
        self.own_b = site.scratch(3 * layer.units) if self.b is None else self.b[1]

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return super().for_layer(layer) if usual(layer) else GRUKernel.for_layer(layer)

    def step(self, t: int) -> None:
        self.from_state.forward(t, self.u[t].reshape(self.s.shape))
        loops.gru_step(self.z, self.own_b, self.u, self.q, self.h, t)

    def back(self, t: int) -> None:
        loops.gru_back(self.u, self.q, self.h, self.dh, self.kept, self.z, self.dq, self.dz, t)
        self.from_state.backward(self.dz, self.dh)
        np.add(self.dh, self.kept, out=self.dh)
