"""Layers with memory whose products are convolutions, so that states are images, or sequences of features.

Formulas: https://keras.io/api/layers/recurrent_layers/conv_lstm2d/ (Shi et al. 2015, without peepholes).
"""

from __future__ import annotations

from math import prod

from graph.layers.base import Port, Weight, layer
from graph.layers.filters import Dilated, Filtered
from graph.layers.parameters import Dilation, KernelSize, Strides
from graph.layers.recurrent import FIRST_C, FIRST_H, LongMemory, Memory
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, shape_text


def ports(doc: str, rank: int) -> tuple[Port, ...]:
    """The sequence and the first states, which have its axes but the steps."""
    first = [Port(p.name, p.doc, (rank - 1,), optional=True, argument=p.argument) for p in (FIRST_H, FIRST_C)]
    return (Port("x", doc, ranks=(rank,)), *first)


class ConvLSTM(LongMemory, Memory, Dilated, Filtered):
    """An LSTM that slides filters over every step and over its state."""

    def output_shapes(self, xs: Shapes) -> Shapes | Refusal:
        batch, steps, *sizes = xs[0]
        state = self.places((batch, *sizes), self.filters)
        if isinstance(state, Refusal):
            return state
        if None in state[1:]:
            return Refusal(
                Message("The size of a step is not known, so the state has no size."),
                Message("State all sizes but the steps in the Input node or in input_shape."),
            )
        refused = self.not_fixed(batch) or self._wrong_states(xs[1:], state)
        if refused is not None:
            return refused
        y = (batch, steps, *state[1:]) if self.return_sequences else state
        return (y, *[state] * (len(self.outputs) - 1))

    def _wrong_states(self, given: Shapes, state: Shape) -> Refusal | None:
        """Why the first states cannot be these."""
        for one in given:
            if one[1:] != state[1:]:
                said = {"got": shape_text(one), "need": shape_text(state)}
                return Refusal(
                    Message("The first state is {got}, but a step gives {need}.", **said),
                    Message("Give both the same size."),
                )
        return self.wrong_count(given)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        columns = 4 * self.filters
        made = {
            "kernel": self.weight("kernel", (*self.kernel_size, self._channels(xs), columns)),
            "recurrent_kernel": self.weight("recurrent", (*self.kernel_size, self.filters, columns)),
        }
        return made | ({"bias": self.bias_of(self.filters)} if self.use_bias else {})

    def macs(self, xs: Shapes, y: Shape) -> int:
        places = self.places((xs[0][0], *xs[0][2:]), 4 * self.filters)
        assert not isinstance(places, Refusal), "asked only where there is an output"
        inside = prod(self.kernel_size) * (self._channels(xs) + self.filters)
        return (xs[0][1] or 1) * prod(size or 1 for size in places[1:]) * inside

    def _channels(self, xs: Shapes) -> int:
        return self.channels(((xs[0][0], *xs[0][2:]),))


@layer(category="Recurrent")
class ConvLSTM1D(ConvLSTM):
    """Carry states along a sequence of sequences, with gates that slide filters over each."""

    inputs = ports("A sequence of sequences: (steps, places, features).", 4)

    kernel_size: tuple[int, ...] = KernelSize(1)
    strides: tuple[int, ...] = Strides(1)
    dilation_rate: tuple[int, ...] = Dilation(1)


@layer(category="Recurrent")
class ConvLSTM2D(ConvLSTM):
    """Carry states along a sequence of images, with gates that slide filters over each."""

    inputs = ports("A sequence of images: (steps, height, width, channels).", 5)
