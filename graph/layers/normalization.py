"""Layers that bring values to a common scale."""

from __future__ import annotations

from typing import Any

from graph.fields import Bool, Float, Int
from graph.layers.base import Layer, Port, Weight, layer
from graph.masks import PASSES, PASSES_AND_READS
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, shape_text


@layer(category="Normalization")
class BatchNormalization(Layer):
    """Shift and scale every channel to mean 0 and variance 1 over the batch, then to a trained scale and centre."""

    inputs = (Port("x", "Any values; one axis is normalized.", ranks=(2, 3, 4, 5)),)
    masking = PASSES_AND_READS

    axis: int = Int(default=-1, min=-4, max=4, doc="The axis to normalize, counted with the batch as 0.")
    momentum: float = Float(
        default=0.99,
        min=0.0,
        below=1.0,
        show="named",
        doc="How slowly the moving mean and variance follow the batches.",
    )
    epsilon: float = Float(default=1e-3, above=0.0, rare=True, doc="Added to the variance, so that it is never zero.")
    center: bool = Bool(default=True, doc="Whether an offset (beta) is trained.")
    scale: bool = Bool(default=True, doc="Whether a factor (gamma) is trained.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        return unknown_axis(xs[0], self.axis) or xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        shape = (xs[0][self.axis] or 1,)
        return scale_and_centre(shape[0], self.scale, self.center) | {
            "moving_mean": Weight(shape, "zeros", trainable=False),
            "moving_variance": Weight(shape, "ones", trainable=False),
        }


@layer(category="Normalization")
class Rescaling(Layer):
    """Multiply by a fixed scale and add a fixed offset: y = x · scale + offset."""

    masking = PASSES

    scale: float = Float(default=1.0, show="value", doc="Factor of every value, such as the deviation of a target.")
    offset: float = Float(default=0.0, show="value", doc="Added to every value, such as the mean of a target.")

    def card(self, xs: Shapes | None) -> str:
        offset = f" {'+' if self.offset > 0 else '−'} {abs(self.offset):,g}" if self.offset else ""
        return f"× {self.scale:,g}{offset}"


ANY = (Port("x", "Any values.", ranks=(2, 3, 4, 5)),)


def Axis() -> Any:
    """The parameter `axis`."""
    return Int(default=-1, min=-4, max=4, doc="The axis to normalize along, counted with the batch as 0.")


@layer(category="Normalization")
class LayerNormalization(Layer):
    """Shift and scale the features of every place to mean 0 and variance 1, then to a trained scale and centre."""

    inputs = ANY
    masking = PASSES

    axis: int = Axis()
    epsilon: float = Float(default=1e-3, above=0.0, rare=True, doc="Added to the variance, so that it is never zero.")
    center: bool = Bool(default=True, doc="Whether an offset (beta) is trained.")
    scale: bool = Bool(default=True, doc="Whether a factor (gamma) is trained.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        return unknown_axis(xs[0], self.axis) or xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return scale_and_centre(xs[0][self.axis] or 1, self.scale, self.center)


@layer(category="Normalization")
class GroupNormalization(Layer):
    """Shift and scale groups of channels, each sample by itself, then to a trained scale and centre."""

    inputs = ANY
    masking = PASSES

    groups: int = Int(
        default=32, min=-1, max=65_536, show="named", doc="Number of groups; -1 makes every channel one of its own."
    )
    axis: int = Int(default=-1, min=-4, max=4, doc="The axis of the channels, counted with the batch as 0.")
    epsilon: float = Float(default=1e-3, above=0.0, rare=True, doc="Added to the variance, so that it is never zero.")
    center: bool = Bool(default=True, doc="Whether an offset (beta) is trained.")
    scale: bool = Bool(default=True, doc="Whether a factor (gamma) is trained.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        refused = unknown_axis(xs[0], self.axis)
        if refused is not None:
            return refused
        channels = xs[0][self.axis] or 1
        if self.groups == 0 or channels % self.groups:
            return Refusal(
                Message("{n} channels cannot be split into {groups} groups.", n=channels, groups=self.groups),
                Message("Choose a number of groups that divides the channels."),
                "groups",
                {"groups": max(n for n in range(1, 33) if channels % n == 0)},
            )
        return xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return scale_and_centre(xs[0][self.axis] or 1, self.scale, self.center)


@layer(category="Normalization")
class RMSNormalization(Layer):
    """Divide the features of every place by their root mean square, then scale them by trained factors."""

    inputs = ANY

    axis: int = Axis()
    epsilon: float = Float(
        default=1e-6, above=0.0, rare=True, doc="Added to the mean square, so that it is never zero."
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        refused = unknown_axis(xs[0], self.axis)
        if refused is None and self.axis % len(xs[0]) != len(xs[0]) - 1:
            return Refusal(
                Message("RMSNormalization works along the last axis only, as in Keras."),
                Message("Use -1, or put a Permute before it."),
                "axis",
                {"axis": -1},
            )
        return refused or xs[0]

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return {"scale": Weight((xs[0][self.axis] or 1,), "ones")}


@layer(category="Normalization")
class UnitNormalization(Layer):
    """Divide the values along an axis by their length, so that they have length 1."""

    inputs = ANY
    masking = PASSES

    axis: int = Axis()

    def output(self, xs: Shapes) -> Shape | Refusal:
        return wrong_axis(xs[0], self.axis) or xs[0]


def scale_and_centre(count: int, scale: bool, center: bool) -> dict[str, Weight]:
    """The trained factors and offsets that are asked for."""
    trained = {"gamma": Weight((count,), "ones")} if scale else {}
    return trained | ({"beta": Weight((count,), "zeros")} if center else {})


def wrong_axis(x: Shape, axis: int) -> Refusal | None:
    """A refusal where `x` has no such axis behind the batch."""
    if -len(x) < axis < len(x) and axis != 0:
        return None
    return Refusal(
        Message("axis {axis} is not an axis of {shape}.", axis=axis, shape=shape_text(x)),
        Message("Use -1 for the channels."),
        "axis",
        {"axis": -1},
    )


def unknown_axis(x: Shape, axis: int) -> Refusal | None:
    """A refusal where `x` has no such axis, or its size is not known."""
    refused = wrong_axis(x, axis)
    if refused is None and x[axis] is None:
        return Refusal(
            Message("The size of axis {axis} is not known.", axis=axis),
            Message("State it in the Input node or in input_shape."),
        )
    return refused
