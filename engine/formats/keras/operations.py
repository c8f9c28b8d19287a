"""Layers that Keras has no class for, as operations of `keras.ops`, which files hold without any code.

The last operation of a layer has its name, the others stand near it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from engine.formats.keras.calls import NUMPY, Sheet, Tensor
from engine.formats.keras_functions import (
    functions,
    lambda_function,
    maxout_function,
    whole_sum_function,
    window_sum_function,
)
from graph.expression import Call, Input, Node, Number, Part, Range, Reduce, shapes_of
from graph.expression.operations import COMPARISONS
from graph.expression.shapes import reduced_axes
from graph.inference import Inferred
from graph.layers.axes import as_laid_out, channels_last
from graph.layers.base import Layer
from graph.layers.lambda_layer import Lambda
from graph.layers.maxout import Maxout
from graph.layers.pooling import GlobalPooling, Pooling
from graph.layers.windows import pads
from graph.message import Message
from graph.problem import FileProblem
from graph.shapes import Shape

Value = Tensor | float
Emitter = Callable[[Any, Sheet, str, Sequence[Tensor], Inferred], Tensor]

CORE, NN = "keras.src.ops.core", "keras.src.ops.nn"
CLASSES = {"abs": "Absolute", "sigmoid": "Sigmoid"}
"""Operations whose class is not called as they are."""


def operations_of(layer: Layer, sheet: Sheet, name: str, xs: Sequence[Tensor], inferred: Inferred) -> Tensor | None:
    """What the operations give that compute this layer; None where Keras has the layer itself."""
    emitter = emitters.get(type(layer))
    if emitter is None:
        return None
    y = emitter(layer, sheet, name, xs, inferred)
    if y in xs:
        sheet.layer(name, "Identity", {}, (y,))
        return Tensor(name, y.shape)
    return sheet.renamed(y, name)


def lambda_operations(layer: Lambda, sheet: Sheet, name: str, xs: Sequence[Tensor], inferred: Inferred) -> Tensor:
    """An expression, an operation for every node of its tree."""
    shapes = shapes_of(layer.tree, inferred.inputs)
    found: dict[Node, Value] = {}

    def value(node: Node) -> Value:
        if node not in found:
            found[node] = one(node, shapes[node])
        return found[node]

    def one(node: Node, shape: Shape) -> Value:
        match node:
            case Number(value=number):
                return number
            case Input(place=place):
                return xs[place]
            case Part(argument=argument, places=places):
                return sheet.operation(
                    "GetItem", (value(argument), [_place(place) for place in places]), shape, near=name
                )
            case Reduce(operation=operation, argument=argument, keepdims=keepdims):
                config = {"axis": list(reduced_axes(node, len(shapes[argument]))), "keepdims": keepdims}
                return sheet.operation(operation.title(), (value(argument),), shape, config, near=name)
        return called(node, shape)

    def called(node: Call, shape: Shape) -> Value:
        given = [value(argument) for argument in node.arguments]
        if node.operation == "where" and not isinstance(given[0], Tensor):
            given[0] = bool(given[0])
        elif node.operation == "where":
            given[0] = sheet.operation("NotEqual", (given[0], 0.0), shapes[node.arguments[0]], near=name, dtype="bool")
        class_name = CLASSES.get(node.operation, node.operation.title().replace("_", ""))
        compared = node.operation in COMPARISONS
        module = NN if node.operation == "sigmoid" else NUMPY
        dtype = "bool" if compared else "float32"
        y = sheet.operation(class_name, tuple(given), shape, near=name, dtype=dtype, module=module)
        return sheet.operation("Cast", (y,), shape, {"dtype": "float32"}, near=name, module=CORE) if compared else y

    y = value(layer.tree)
    assert isinstance(y, Tensor), "an expression of no input was refused"
    return y


def _place(place: Any) -> Any:
    return slice(place.start, place.stop, place.step) if isinstance(place, Range) else place


def maxout_operations(layer: Maxout, sheet: Sheet, name: str, xs: Sequence[Tensor], inferred: Inferred) -> Tensor:
    """The groups one after another, and their largest side by side."""
    (x,), (y,) = inferred.inputs, inferred.outputs or ()
    axis = layer.axis % len(x)
    count = x[axis]
    config = {"indices_or_sections": layer.num_units, "axis": axis}
    group = (*x[:axis], None if count is None else count // layer.num_units, *x[axis + 1 :])
    first = sheet.operation("Split", (xs[0],), group, config, near=name)
    largest = [
        sheet.operation("Max", (Tensor(first.call, group, index=i),), _without(group, axis), {"axis": axis}, near=name)
        for i in range(layer.num_units)
    ]
    return sheet.operation("Stack", (largest,), y, {"axis": axis}, near=name)


def _without(shape: Shape, axis: int) -> Shape:
    return (*shape[:axis], *shape[axis + 1 :])


def window_sum_operations(layer: Pooling, sheet: Sheet, name: str, xs: Sequence[Tensor], inferred: Inferred) -> Tensor:
    """Zeros around where they are asked for, the mean of every window, and times the number of its values."""
    (x,), (y,) = inferred.inputs, inferred.outputs or ()
    strides, given = layer.strides or layer.pool_size, xs[0]
    if layer.padding == "same":
        batch, *sizes, channels = channels_last(x, layer.data_format)
        if any(n is None and s > 1 for n, s in zip(sizes, strides, strict=True)):
            raise FileProblem(
                Message("{name}: the zeros around an image of unknown size cannot be said in Keras.", name=name),
                Message("State the whole shape in the Input node, or use padding='valid'."),
            )
        edges = [pads(n or k, k, s, 1, "same") for n, k, s in zip(sizes, layer.pool_size, strides, strict=True)]
        padded = (None if n is None else n + sum(edge) for n, edge in zip(sizes, edges, strict=True))
        first = layer.data_format == "channels_first"
        widths = [(0, 0), *([(0, 0)] if first else []), *edges, *([] if first else [(0, 0)])]
        shape = as_laid_out((batch, *padded, channels), layer.data_format)
        given = sheet.operation("Pad", (given,), shape, {"pad_width": [[*width] for width in widths]}, near=name)
    config = {"pool_size": layer.pool_size, "strides": strides, "data_format": layer.data_format}
    mean = Tensor(sheet.fresh(f"{name}_mean"), y)
    sheet.layer(mean.call, f"AveragePooling{len(strides)}D", config, (given,))
    return sheet.operation("Multiply", (mean, float(prod(layer.pool_size))), y, near=name)


def whole_sum_operations(
    layer: GlobalPooling, sheet: Sheet, name: str, xs: Sequence[Tensor], inferred: Inferred
) -> Tensor:
    """The sum over the axes that are no channels."""
    (x,), (y,) = inferred.inputs, inferred.outputs or ()
    axes = range(2, len(x)) if layer.data_format == "channels_first" else range(1, len(x) - 1)
    return sheet.operation("Sum", (xs[0],), y, {"axis": list(axes), "keepdims": layer.keepdims}, near=name)


_by_function: dict[Any, Emitter] = {
    lambda_function: lambda_operations,
    maxout_function: maxout_operations,
    window_sum_function: window_sum_operations,
    whole_sum_function: whole_sum_operations,
}
"""What Keras code says as a function, a file says as operations."""
emitters: dict[type[Layer], Emitter] = {layer: _by_function[function] for layer, function in functions.items()}
