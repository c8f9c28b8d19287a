"""Layers with memory: they read a sequence step by step and carry a state along.

Formulas: https://keras.io/api/layers/recurrent_layers/ (Elman 1990; Hochreiter and Schmidhuber 1997; Cho et al. 2014).
"""

from __future__ import annotations

from typing import ClassVar

from graph.fields import Bool, Choice, Float, Int
from graph.layers.base import Layer, Port, Weight, layer
from graph.layers.parameters import ConstraintName, InitializerName, RegularizerName, Seed
from graph.masks import PASSES_AND_READS_STEPS, READS_STEPS, MaskRule
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, shape_text

FUNCTIONS = ("linear", "relu", "elu", "selu", "sigmoid", "hard_sigmoid", "tanh", "softsign", "softplus")
"""The functions a recurrent layer may use: their slope follows from their output, so no step keeps more than that."""

SEQUENCE = Port("x", "A sequence: (steps, features).", ranks=(3,))
FIRST_H = Port("h", "The state before the first step.", ranks=(2,), optional=True, argument="initial_state")
FIRST_C = Port("c", "The long memory before the first step.", ranks=(2,), optional=True, argument="initial_state")
LAST_H = Port("h", "The state behind the last step.")
LAST_C = Port("c", "The long memory behind the last step.")


class Units(Layer):
    """How long a state is."""

    units: int = Int(default=64, min=1, max=65_536, show="value", doc="Length of the state, and of the output.")


class Memory(Layer):
    """What all layers share that carry a state along: how weights begin and are held, what is dropped, what comes out.

    The layers of filters that do so name their own parameters before these.
    """

    states: ClassVar[tuple[Port, ...]] = (LAST_H,)
    activates_output: ClassVar[bool] = False

    activation: str = Choice(default="tanh", choices=FUNCTIONS, what="activation", doc="Function of the new state.")
    use_bias: bool = Bool(default=True, doc="Whether a bias is added.")
    kernel_initializer: str = InitializerName("glorot_uniform", "How the weights of the input begin.")
    recurrent_initializer: str = InitializerName("orthogonal", "How the weights of the state begin.")
    bias_initializer: str = InitializerName("zeros", "How the bias begins.")
    kernel_regularizer: str | None = RegularizerName("the weights of the input")
    recurrent_regularizer: str | None = RegularizerName("the weights of the state")
    bias_regularizer: str | None = RegularizerName("the bias")
    activity_regularizer: str | None = RegularizerName("what is given on")
    kernel_constraint: str | None = ConstraintName("the weights of the input")
    recurrent_constraint: str | None = ConstraintName("the weights of the state")
    bias_constraint: str | None = ConstraintName("the bias")
    dropout: float = Float(
        default=0.0, min=0.0, below=1.0, doc="Share of the input's features dropped, the same ones at every step."
    )
    recurrent_dropout: float = Float(
        default=0.0, min=0.0, below=1.0, doc="Share of the state's values dropped, the same ones at every step."
    )
    seed: int | None = Seed()
    return_sequences: bool = Bool(default=False, doc="Whether the output of every step is given on, not only the last.")
    return_state: bool = Bool(default=False, doc="Whether the state behind the last step is given on as well.")
    go_backwards: bool = Bool(default=False, doc="Whether the sequence is read from its end.")
    stateful: bool = Bool(
        default=False,
        rare=True,
        doc="Whether each sample of a batch goes on from the state of that in its place in the batch before.",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.return_state:
            object.__setattr__(self, "outputs", (*type(self).outputs, *self.states))

    @property
    def mask_rule(self) -> MaskRule:
        return PASSES_AND_READS_STEPS if self.return_sequences else READS_STEPS

    def wrong_count(self, given: Shapes) -> Refusal | None:
        """A refusal where some of the first states are given, but not all."""
        if len(given) in (0, len(self.states)):
            return None
        return Refusal(
            Message(
                "{layer} takes {n} first states together, but has {got}.",
                layer=self.key,
                n=len(self.states),
                got=len(given),
            ),
            Message("Wire the other one as well, or remove it: without any, they begin at 0."),
        )

    def not_fixed(self, batch: int | None) -> Refusal | None:
        """A refusal where states are carried from batch to batch, but the size of a batch is open."""
        if not self.stateful or batch is not None:
            return None
        return Refusal(
            Message("A stateful layer keeps a state for every sample of a batch, but how many those are is not fixed."),
            Message("Set batch_size in the Input node, to the batch size of the training."),
            "stateful",
            {"stateful": False},
        )


class Recurrent(Memory, Units):
    """What the layers share whose state is a row of numbers: their shapes, and their weights by gates."""

    inputs: ClassVar[tuple[Port, ...]] = (SEQUENCE, FIRST_H)
    gates: ClassVar[int] = 1

    def output_shapes(self, xs: Shapes) -> Shapes | Refusal:
        y = self.output(xs)
        if isinstance(y, Refusal):
            return y
        state = (xs[0][0], self.units)
        return self._wrong_states(xs[1:]) or (y, *[state] * (len(self.outputs) - 1))

    def _wrong_states(self, given: Shapes) -> Refusal | None:
        """Why the first states cannot be these."""
        for state in given:
            if state[-1] != self.units:
                return Refusal(
                    Message(
                        "The first state has {got} values, but units is {units}.",
                        got=shape_text(state),
                        units=self.units,
                    ),
                    Message("Give both the same size, for example with a Dense before the state."),
                    "units",
                    {} if state[-1] is None else {"units": state[-1]},
                )
        return self.wrong_count(given)

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, steps, features = xs[0]
        if features is None:
            return Refusal(
                Message("The number of features in a step is not known, so the weights have no size."),
                Message("State it in the Input node or in input_shape, such as (None, 16)."),
            )
        y: Shape = (batch, steps, self.units) if self.return_sequences else (batch, self.units)
        return self.not_fixed(batch) or y

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        columns = self.gates * self.units
        made = {
            "kernel": self.weight("kernel", (xs[0][-1] or 1, columns)),
            "recurrent_kernel": self.weight("recurrent", (self.units, columns)),
        }
        return made | ({"bias": self.bias()} if self.use_bias else {})

    def bias(self) -> Weight:
        """The bias of all gates."""
        return self.weight("bias", (self.gates * self.units,))

    def macs(self, xs: Shapes, y: Shape) -> int:
        return (xs[0][1] or 1) * ((xs[0][2] or 1) + self.units) * self.gates * self.units


@layer(category="Recurrent")
class SimpleRNN(Recurrent):
    """Carry one state along a sequence: h = tanh(x W + h R + b)."""


class LongMemory(Layer):
    """What all LSTMs share: a long memory besides the state, and gates that write, keep and read it."""

    states: ClassVar[tuple[Port, ...]] = (LAST_H, LAST_C)

    recurrent_activation: str = Choice(
        default="sigmoid", choices=FUNCTIONS, what="activation", doc="Function of the three gates."
    )
    unit_forget_bias: bool = Bool(
        default=True, rare=True, doc="Whether the forget gate's bias begins at 1, so that it remembers."
    )

    def bias_of(self, size: int) -> Weight:
        """The bias of the four gates of states of `size` features."""
        return self.weight("bias", (4 * size,), ones=(size, 2 * size) if self.unit_forget_bias else (0, 0))


@layer(category="Recurrent")
class LSTM(LongMemory, Recurrent):
    """Carry a long and a short memory along a sequence, with gates that write, keep and read it."""

    inputs = (SEQUENCE, FIRST_H, FIRST_C)
    gates = 4

    def bias(self) -> Weight:
        return self.bias_of(self.units)


@layer(category="Recurrent")
class GRU(Recurrent):
    """Carry one state along a sequence, with a gate that renews it and a gate that resets it."""

    gates = 3

    recurrent_activation: str = Choice(
        default="sigmoid", choices=FUNCTIONS, what="activation", doc="Function of the two gates."
    )
    reset_after: bool = Bool(
        default=True, rare=True, doc="Whether the state is reset after its product with the weights."
    )

    def bias(self) -> Weight:
        columns = 3 * self.units
        return self.weight("bias", (2, columns) if self.reset_after else (columns,))
