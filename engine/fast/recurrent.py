"""LSTM and GRU with the functions they usually have: behind the product of the state, one pass a step.

Where the sizes suit the registers, nothing is masked and no state is dropped, a whole sequence is one call.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.fast import loops, wide
from engine.kernel import ManyKernel, Site, kernel
from engine.kernels.gate_products import Product
from engine.kernels.recurrent import GRUKernel, LSTMKernel
from engine.kernels.sequence import RecurrentKernel
from graph.layers.base import Layer
from graph.layers.recurrent import GRU, LSTM

ROWS, LANES = 8, 16


def usual(layer: Layer) -> bool:
    """Whether the functions are those of the loops, which go with the fast form of a GRU."""
    config = layer.config()
    functions = config["activation"], config["recurrent_activation"]
    return functions == ("tanh", "sigmoid") and bool(config.get("reset_after", True))


def at_once(kernel: RecurrentKernel[Any], site: Site) -> bool:
    """Whether a sequence can be one call."""
    product = kernel.from_state
    return (
        wide()
        and site.dtype == np.float32
        and kernel.mask is None
        and type(product) is Product
        and product.m is None
        and kernel.layer.units % ROWS == 0
        and site.y[0] % LANES == 0
    )


@kernel(LSTM)
class CompiledLSTM(LSTMKernel):
    """c = f c⁻ + i g,  h = o tanh c"""

    def __init__(self, layer: LSTM, site: Site) -> None:
        super().__init__(layer, site)
        self.at_once, self.none = at_once(self, site), site.scratch(site.y[0])
        self.r = site.weights["recurrent_kernel"]

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return super().for_layer(layer) if usual(layer) else LSTMKernel.for_layer(layer)

    def go(self) -> None:
        if self.at_once:
            loops.lstm_sequence(self.r, self.z, self.none, self.u, self.c, self.a, self.h)
        else:
            super().go()

    def go_back(self) -> None:
        if self.at_once:
            slopes = (self.dy, self.layer.return_sequences, self.none, self.dh, self.dc, self.z, self.dz)
            loops.lstm_sequence_back(self.r, self.u, self.c, self.a, *slopes)
        else:
            super().go_back()

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
        self.at_once, self.none = at_once(self, site), site.scratch(site.y[0])

    @classmethod
    def for_layer(cls, layer: Layer) -> type[ManyKernel[Any]]:
        return super().for_layer(layer) if usual(layer) else GRUKernel.for_layer(layer)

    def go(self) -> None:
        if self.at_once:
            loops.gru_sequence(self.r, self.z, self.own_b, self.none, self.u, self.q, self.h)
        else:
            super().go()

    def go_back(self) -> None:
        if self.at_once:
            slopes = (self.dy, self.layer.return_sequences, self.none, self.dh, self.kept, self.z, self.dq, self.dz)
            loops.gru_sequence_back(self.r, self.u, self.q, self.h, *slopes)
        else:
            super().go_back()

    def step(self, t: int) -> None:
        self.from_state.forward(t, self.u[t].reshape(self.s.shape))
        loops.gru_step(self.z, self.own_b, self.u, self.q, self.h, t)

    def back(self, t: int) -> None:
        loops.gru_back(self.u, self.q, self.h, self.dh, self.kept, self.z, self.dq, self.dz, t)
        self.from_state.backward(self.dz, self.dh)
        np.add(self.dh, self.kept, out=self.dh)
