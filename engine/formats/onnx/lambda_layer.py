"""Expressions: every operation is an operator or two."""

from __future__ import annotations

import numpy as np

from engine.formats.onnx.draft import Draft, Tensor
from engine.formats.onnx.emit import Place, emitter
from graph.expression import Call, Input, Node, Number, Part, Range, Reduce, shapes_of
from graph.expression.shapes import reduced_axes, spelled_out
from graph.layers.lambda_layer import Lambda
from graph.shapes import Shape

OPERATORS = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "divide": "Div",
    "power": "Pow",
    "negative": "Neg",
    "exp": "Exp",
    "log": "Log",
    "sqrt": "Sqrt",
    "tanh": "Tanh",
    "sigmoid": "Sigmoid",
    "abs": "Abs",
    "sin": "Sin",
    "cos": "Cos",
    "maximum": "Max",
    "minimum": "Min",
    "less": "Less",
    "less_equal": "LessOrEqual",
    "greater": "Greater",
    "greater_equal": "GreaterOrEqual",
    "equal": "Equal",
    "not_equal": "Equal",
}
REDUCTIONS = {"mean": "Mean", "sum": "Sum", "max": "Max", "min": "Min"}
COMPARING = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")


@emitter(Lambda)
def expression(layer: Lambda, at: Place) -> Tensor:
    """The tree, part by part."""
    return written(layer.tree, at.draft, at.xs, shapes_of(layer.tree, at.shapes))


def written(node: Node, draft: Draft, xs: tuple[Tensor, ...], shapes: dict[Node, Shape]) -> Tensor:
    """The value of a node."""
    if isinstance(node, Number):
        return draft.constant(node.value)
    if isinstance(node, Input):
        return xs[node.place]
    if isinstance(node, Reduce):
        axes = reduced_axes(node, len(shapes[node.argument]))
        inner = written(node.argument, draft, xs, shapes)
        return draft.reduce(REDUCTIONS[node.operation], inner, axes, node.keepdims)
    if isinstance(node, Part):
        return _part(node, draft, written(node.argument, draft, xs, shapes), len(shapes[node.argument]))
    return _call(node, draft, [written(one, draft, xs, shapes) for one in node.arguments])


def _call(node: Call, draft: Draft, given: list[Tensor]) -> Tensor:
    if node.operation == "square":
        return draft.op("Mul", given[0], given[0])
    if node.operation == "where":
        is_zero = draft.op("Equal", given[0], draft.constant(0.0))
        return draft.op("Where", is_zero, given[2], given[1])
    y = draft.op(OPERATORS[node.operation], *given)
    if node.operation == "not_equal":
        y = draft.op("Not", y)
    return draft.cast(y, np.float32) if node.operation in COMPARING else y


def _part(node: Part, draft: Draft, x: Tensor, rank: int) -> Tensor:
    y, dropped = x, []
    for axis, place in enumerate(spelled_out(node, rank)):
        if isinstance(place, int):
            y = draft.slice(y, axis, place, place + 1 if place != -1 else None)
            dropped.append(axis)
        elif place != Range():
            y = draft.slice(y, axis, place.start, place.stop, 1 if place.step is None else place.step)
    return draft.squeeze(y, *dropped)
