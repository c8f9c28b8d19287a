"""Where samples come in and where results leave."""

from __future__ import annotations

from graph.fields import Sizes
from graph.layers.base import Layer, layer
from graph.masks import PASSES
from graph.shapes import Refusal, Shape, Shapes


@layer(category="Input & output")
class Input(Layer):
    """Take the samples in: one value, row, sequence or image each."""

    inputs = ()

    shape: tuple[int | None, ...] | None = Sizes(
        default=None,
        optional=True,
        unknown=True,
        show="never",
        none_text="from the data",
        doc="The sizes of one sample, without the batch, such as (28, 28, 1). Left empty, the data says it.",
    )

    def stated_input(self) -> Shape | Refusal | None:
        if self.shape is not None:
            return (self.batch_size, *self.shape)
        return super().stated_input()

    def card(self, xs: Shapes | None) -> str:
        return "Input"


@layer(category="Input & output")
class Output(Layer):
    """Mark a result of the network, also where the wire goes on to other layers."""

    masking = PASSES

    def card(self, xs: Shapes | None) -> str:
        return "Output"
