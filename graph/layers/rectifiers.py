"""Activation functions with parameters of their own, as layers.

Formulas and defaults: https://keras.io/api/layers/activation_layers/
"""

from __future__ import annotations

from graph.fields import Float, Int, Sizes
from graph.layers.base import Layer, Weight, layer
from graph.layers.parameters import ConstraintName, InitializerName, RegularizerName
from graph.masks import PASSES
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes, shape_text


@layer(category="Activation")
class ReLU(Layer):
    """Cut values below a threshold to zero, or scale them; and cut values above a limit."""

    masking = PASSES

    max_value: float | None = Float(
        default=None, optional=True, min=0.0, none_text="no limit", doc="Larger values become this one."
    )
    negative_slope: float = Float(default=0.0, min=0.0, doc="Factor of the distance below the threshold.")
    threshold: float = Float(default=0.0, min=0.0, doc="Values up to here are cut.")


@layer(category="Activation")
class LeakyReLU(Layer):
    """Scale negative values by a small factor instead of cutting them."""

    masking = PASSES

    negative_slope: float = Float(default=0.3, min=0.0, show="value", doc="Factor of negative values.")


@layer(category="Activation")
class PReLU(Layer):
    """Scale negative values by a trained factor, one for every place."""

    masking = PASSES

    alpha_initializer: str = InitializerName("zeros", "How the factors begin.")
    alpha_regularizer: str | None = RegularizerName("the factors")
    alpha_constraint: str | None = ConstraintName("the factors")
    shared_axes: tuple[int, ...] | None = Sizes(
        default=None,
        optional=True,
        none_text="none",
        doc="Axes along which one factor serves all, counted from 1 behind the batch: (1, 2) for one a channel.",
    )

    def output(self, xs: Shapes) -> Shape | Refusal:
        wrong = [axis for axis in self.shared_axes or () if axis >= len(xs[0])]
        if wrong:
            return Refusal(
                Message("Axis {axis} is not an axis of {shape}.", axis=wrong[0], shape=shape_text(xs[0])),
                Message("Axes count from 1, the first behind the batch."),
                "shared_axes",
                {"shared_axes": None},
            )
        if None in self.weight_shape(xs[0]):
            return Refusal(
                Message("Not every size is known, so the number of factors is not."),
                Message("Name the axes of unknown size in shared_axes, or state the whole shape in the Input node."),
                "shared_axes",
                {"shared_axes": tuple(i for i, n in enumerate(xs[0]) if i and n is None)},
            )
        return xs[0]

    def weight_shape(self, x: Shape) -> Shape:
        """One factor for every place of a sample, or for those that share it."""
        return tuple(1 if axis in (self.shared_axes or ()) else n for axis, n in enumerate(x[1:], start=1))

    def weights(self, xs: Shapes) -> dict[str, Weight]:
        return {"alpha": self.weight("alpha", tuple(n or 1 for n in self.weight_shape(xs[0])))}


@layer(category="Activation")
class ELU(Layer):
    """Bend negative values smoothly towards a lower limit."""

    masking = PASSES

    alpha: float = Float(default=1.0, min=0.0, show="value", doc="The lower limit, as a positive number.")


@layer(category="Activation")
class Softmax(Layer):
    """Turn the values along an axis into probabilities that add up to 1."""

    masking = PASSES

    only_activates = True

    axis: int = Int(default=-1, min=-7, max=7, doc="The axis, counted with the batch as 0.")

    @property
    def activation_behind(self) -> str:
        return "softmax" if self.axis == -1 else "linear"

    def output(self, xs: Shapes) -> Shape | Refusal:
        rank = len(xs[0])
        if not -rank < self.axis < rank or self.axis == 0:
            return Refusal(
                Message("axis {axis} is not an axis of {shape}.", axis=self.axis, shape=shape_text(xs[0])),
                Message("Use -1 for the last axis."),
                "axis",
                {"axis": -1},
            )
        return xs[0]
