"""Layers with memory: they read a sequence step by step and carry a state along.

Formulas: https://keras.io/api/layers/recurrent_layers/ (Elman 1990; Hochreiter and Schmidhuber 1997; Cho et al. 2014).
"""

from __future__ import annotations

from typing import ClassVar

from graph.fields import Bool, Choice, Float, Int
from graph.initializers import initializers
from graph.layers.base import Layer, Port, Weight, layer
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes

FUNCTIONS = ("linear", "relu", "elu", "selu", "sigmoid", "hard_sigmoid", "tanh", "softsign", "softplus")
"""The functions a recurrent layer may use: their slope follows from their output, so no step keeps more than that."""

SEQUENCE = Port("x", "A sequence: (steps, features).", ranks=(3,))


class Recurrent(Layer):
    """What all layers with memory share: their parameters, their shapes, their weights by gates."""

    inputs: ClassVar[tuple[Port, ...]] = (SEQUENCE,)
    gates: ClassVar[int] = 1
    activates_output: ClassVar[bool] = False

    units: int = Int(default=64, min=1, max=65_536, show="value", doc="Length of the state, and of the output.")
    activation: str = Choice(default="tanh", choices=FUNCTIONS, what="activation", doc="Function of the new state.")
    use_bias: bool = Bool(default=True, doc="Whether a bias is added.")
    kernel_initializer: str = Choice(
        default="glorot_uniform",
        choices=initializers.names,
        what="initializer",
        show="never",
        doc="How the weights of the input begin.",
    )
    recurrent_initializer: str = Choice(
        default="orthogonal",
        choices=initializers.names,
        what="initializer",
        show="never",
        doc="How the weights of the state begin.",
    )
    bias_initializer: str = Choice(
        default="zeros", choices=initializers.names, what="initializer", show="never", doc="How the bias begins."
    )
    dropout: float = Float(
        default=0.0, min=0.0, below=1.0, doc="Share of the input's features dropped, the same ones at every step."
    )
    recurrent_dropout: float = Float(
        default=0.0, min=0.0, below=1.0, doc="Share of the state's values dropped, the same ones at every step."
    )
    return_sequences: bool = Bool(default=False, doc="Whether the output of every step is given on, not only the last.")
    go_backwards: bool = Bool(default=False, doc="Whether the sequence is read from its end.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, steps, features = xs[0]
        if features is None:
            return Refusal(
                Message("The number of features in a step is not known, so the weights have no size."),
                Message("State it in the Input node or in input_shape, such as (None, 16)."),
            )
        return (batch, steps, self.units) if self.return_sequences else (batch, self.units)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        columns = self.gates * self.units
        made = {
            "kernel": Weight((xs[0][-1] or 1, columns), self.kernel_initializer),
            "recurrent_kernel": Weight((self.units, columns), self.recurrent_initializer),
        }
        return made | ({"bias": self.bias()} if self.use_bias else {})

    def bias(self) -> Weight:
        """The bias of all gates."""
        return Weight((self.gates * self.units,), self.bias_initializer)

    def macs(self, xs: Shapes, y: Shape) -> int:
        return (xs[0][1] or 1) * ((xs[0][2] or 1) + self.units) * self.gates * self.units


@layer(category="Recurrent")
class SimpleRNN(Recurrent):
    """Carry one state along a sequence: h = tanh(x W + h R + b)."""


@layer(category="Recurrent")
class LSTM(Recurrent):
    """Carry a long and a short memory along a sequence, with gates that write, keep and read it."""

    gates = 4

    recurrent_activation: str = Choice(
        default="sigmoid", choices=FUNCTIONS, what="activation", doc="Function of the three gates."
    )
    unit_forget_bias: bool = Bool(default=True, doc="Whether the forget gate's bias begins at 1, so that it remembers.")

    def bias(self) -> Weight:
        forget = (self.units, 2 * self.units) if self.unit_forget_bias else (0, 0)
        return Weight((4 * self.units,), self.bias_initializer, ones=forget)


@layer(category="Recurrent")
class GRU(Recurrent):
    """Carry one state along a sequence, with a gate that renews it and a gate that resets it."""

    gates = 3

    recurrent_activation: str = Choice(
        default="sigmoid", choices=FUNCTIONS, what="activation", doc="Function of the two gates."
    )
    reset_after: bool = Bool(default=True, doc="Whether the state is reset after its product with the weights.")

    def bias(self) -> Weight:
        columns = 3 * self.units
        return Weight((2, columns) if self.reset_after else (columns,), self.bias_initializer)
