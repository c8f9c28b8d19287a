"""Layers that bring values to a common scale."""

from __future__ import annotations

from graph.fields import Bool, Float, Int
from graph.layers.base import Layer, Port, Weight, layer
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, shape_text


@layer(category="Normalization")
class BatchNormalization(Layer):
    """Shift and scale every channel to mean 0 and variance 1 over the batch, then to a trained scale and centre."""

    inputs = (Port("x", "Any values; one axis is normalized.", ranks=(2, 3, 4, 5)),)

    axis: int = Int(default=-1, min=-4, max=4, doc="The axis to normalize, counted with the batch as 0.")
    momentum: float = Float(
        default=0.99,
        min=0.0,
        below=1.0,
        show="named",
        doc="How slowly the moving mean and variance follow the batches.",
    )
    epsilon: float = Float(default=1e-3, above=0.0, doc="Added to the variance, so that it is never zero.")
    center: bool = Bool(default=True, doc="Whether an offset (beta) is trained.")
    scale: bool = Bool(default=True, doc="Whether a factor (gamma) is trained.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        rank = len(xs[0])
        if not -rank < self.axis < rank or self.axis == 0:
            return Refusal(
                Message("axis {axis} is not an axis of {shape}.", axis=self.axis, shape=shape_text(xs[0])),
                Message("Use -1 for the channels."),
                "axis",
                {"axis": -1},
            )
        if xs[0][self.axis] is None:
            return Refusal(
                Message("The size of axis {axis} is not known.", axis=self.axis),
                Message("State it in the Input node or in input_shape."),
            )
        return xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        shape = (xs[0][self.axis] or 1,)
        trained = {"gamma": Weight(shape, "ones")} if self.scale else {}
        trained |= {"beta": Weight(shape, "zeros")} if self.center else {}
        return trained | {
            "moving_mean": Weight(shape, "zeros", trainable=False),
            "moving_variance": Weight(shape, "ones", trainable=False),
        }


@layer(category="Normalization")
class Rescaling(Layer):
    """Multiply by a fixed scale and add a fixed offset: y = x · scale + offset."""

    scale: float = Float(default=1.0, show="value", doc="Factor of every value, such as the deviation of a target.")
    offset: float = Float(default=0.0, show="value", doc="Added to every value, such as the mean of a target.")

    def card(self, xs: Shapes | None) -> str:
        offset = f" {'+' if self.offset > 0 else '−'} {abs(self.offset):,g}" if self.offset else ""
        return f"× {self.scale:,g}{offset}"
