"""A layer that computes an expression of its inputs."""

from __future__ import annotations

from math import prod

from graph.expression import ExpressionError, Input, Node, Number, parse, shape_of, shapes_of
from graph.expression.field import Expression
from graph.fields.kinds import shortened
from graph.layers.base import Layer, Port, layer
from graph.message import Message
from graph.shapes import Refusal, Shape, Shapes


@layer(category="Core")
class Lambda(Layer):
    """Compute an expression of the inputs, such as x ** 2 or x0 * exp(-x1)."""

    inputs = (Port("x", "One value or more: x or x0 is the first, x1 the second.", many=True, least=1),)

    function: str = Expression(
        default="x",
        doc="The expression. Inputs are x, or x0, x1, ...; there are + - * / **, comparisons, exp, log, sqrt, square, "
        "tanh, sigmoid, abs, sin, cos, min, max, where, mean, sum, and parts as x[:, 0]. Axes count the batch as 0.",
    )

    @property
    def tree(self) -> Node:
        """The expression, read. Raises ExpressionError where it is wrong."""
        return parse(self.function)

    def output(self, xs: Shapes) -> Shape | Refusal:
        try:
            return shape_of(self.tree, xs)
        except ExpressionError as error:
            return Refusal(error.text, error.hint or Message("Change the expression."), "function")

    def macs(self, xs: Shapes, y: Shape) -> int:
        shapes = shapes_of(self.tree, xs)
        computed = [shape for node, shape in shapes.items() if not isinstance(node, Number | Input)]
        return sum(prod(n or 1 for n in shape[1:]) for shape in computed)

    def card(self, xs: Shapes | None) -> str:
        return shortened(self.function, 40)
