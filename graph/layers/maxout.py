"""Maxout: an activation that is learned, because it picks among what several units have learned.

Goodfellow et al. 2013. Keras has no such layer; the parameters are those of TensorFlow Addons' Maxout.
"""

from __future__ import annotations

from graph.fields import Int
from graph.layers.base import Layer, layer
from graph.layers.named_axes import wrong_axis
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes


@layer(category="Activation")
class Maxout(Layer):
    """Keep the largest value of every group of neighbours: with a Dense before it, a function that is learned."""

    num_units: int = Int(
        default=32, min=1, max=65_536, show="value", doc="Number of groups, and so of values given on."
    )
    axis: int = Int(default=-1, min=-7, max=7, doc="The axis that is grouped, counted with the batch as 0.")

    def output(self, xs: Shapes) -> Shape | Refusal:
        x = xs[0]
        refused = wrong_axis(x, self.axis)
        if refused is not None:
            return refused
        axis = self.axis % len(x)
        count = x[axis]
        if count is not None and count % self.num_units:
            return Refusal(
                Message("{n} values cannot be split into {units} groups.", n=count, units=self.num_units),
                Message("Choose a number of groups that divides them."),
                "num_units",
                {"num_units": max(n for n in range(1, min(self.num_units, count) + 1) if count % n == 0)},
            )
        return (*x[:axis], self.num_units, *x[axis + 1 :])
