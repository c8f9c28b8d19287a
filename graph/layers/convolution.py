"""Layers that slide filters over their input."""

from __future__ import annotations

from graph.activations import activations
from graph.fields import Bool, Choice, Int, Ints
from graph.initializers import initializers
from graph.layers.base import Layer, Port, Weight, layer
from graph.layers.windows import PADDINGS, places
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes


@layer(category="Convolution")
class Conv2D(Layer):
    """Slide filters over height and width, and sum over channels."""

    inputs = (Port("x", "Images: height, width, channels.", ranks=(4,)),)

    filters: int = Int(
        default=32, min=1, max=65_536, show="value", doc="Number of filters, and so of channels given on."
    )
    kernel_size: tuple[int, ...] = Ints(default=(3, 3), max=255, show="value", doc="Height and width of a filter.")
    strides: tuple[int, ...] = Ints(default=(1, 1), max=255, doc="Steps between places, down and across.")
    padding: str = Choice(
        default="valid",
        choices=PADDINGS,
        show="value",
        doc="valid: filters stay inside the image. same: zeros around it, so that it keeps its size at stride 1.",
    )
    dilation_rate: tuple[int, ...] = Ints(default=(1, 1), max=255, doc="Distance between the values a filter looks at.")
    activation: str = Choice(
        default="linear",
        choices=activations.names,
        what="activation",
        show="value",
        doc="Function applied to the result.",
    )
    use_bias: bool = Bool(default=True, doc="Whether a bias is added to each channel.")
    kernel_initializer: str = Choice(
        default="glorot_uniform",
        choices=initializers.names,
        what="initializer",
        show="never",
        doc="How the filters begin.",
    )
    bias_initializer: str = Choice(
        default="zeros", choices=initializers.names, what="initializer", show="never", doc="How the bias begins."
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        batch, *sizes, channels = xs[0]
        if channels is None:
            return Refusal(
                Message("The number of channels is not known, so the filters have no size."),
                Message("State the last size of the shape in the Input node."),
            )
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            return Refusal(
                Message("strides and dilation_rate are both above 1."),
                Message("Set one of them to 1."),
                "dilation_rate",
                {"dilation_rate": (1, 1)},
            )
        out = places(sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return out if isinstance(out, Refusal) else (batch, *out, self.filters)

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        kernel = Weight((*self.kernel_size, xs[0][-1] or 1, self.filters), self.kernel_initializer)
        bias = {"bias": Weight((self.filters,), self.bias_initializer)} if self.use_bias else {}
        return {"kernel": kernel} | bias

    def macs(self, xs: Shapes, y: Shape) -> int:
        count = self.filters * (xs[0][-1] or 1)
        for n in (*self.kernel_size, *y[1:-1]):
            count *= n or 1
        return count
