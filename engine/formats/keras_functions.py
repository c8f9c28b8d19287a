"""Layers that Keras has no class for, as functions in its operations: each becomes a `layers.Lambda`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.formats.python_text import call, python
from graph.expression import Call, Input, Node, Number, Part, Range, Reduce, shapes_of
from graph.expression.operations import COMPARISONS, SIGN, SYMBOLS
from graph.expression.shapes import reduced_axes
from graph.inference import Inferred
from graph.layers.axes import channels_last
from graph.layers.base import Layer
from graph.layers.lambda_layer import Lambda
from graph.layers.maxout import Maxout
from graph.layers.pooling import GlobalPooling, Pooling
from graph.layers.sum_pooling import (
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)
from graph.shapes import Shape

BINDS = {name: (binds, symbol) for symbol, (binds, name) in SYMBOLS.items()}
TIGHTEST = 6
"""How tightly a call or a name binds: more than any operator."""


def function_of(layer: Layer, inferred: Inferred) -> str | None:
    """The Python function that computes this layer; None where Keras has the layer itself."""
    written = _functions.get(type(layer))
    return None if written is None else written(layer, inferred)


def lambda_function(layer: Lambda, inferred: Inferred) -> str:
    """An expression as a function of one value, or of a list of them."""
    several = len(inferred.inputs) > 1
    names = [f"xs[{i}]" for i in range(len(inferred.inputs))] if several else ["x"]
    body, _ = written(layer.tree, names, shapes_of(layer.tree, inferred.inputs))
    return f"lambda {'xs' if several else 'x'}: {body}"


def written(node: Node, names: list[str], shapes: dict[Node, Shape]) -> tuple[str, int]:
    """The source of a node, and how tightly its outermost operator binds."""
    if isinstance(node, Number):
        return (python(node.value), TIGHTEST if node.value >= 0 else SIGN)
    if isinstance(node, Input):
        return names[node.place], TIGHTEST
    if isinstance(node, Part):
        return f"{within(node.argument, TIGHTEST, names, shapes)}[{', '.join(map(_place, node.places))}]", TIGHTEST
    if isinstance(node, Reduce):
        axes = reduced_axes(node, len(shapes[node.argument]))
        axis = python(axes[0] if len(axes) == 1 else axes)
        kept = ", keepdims=True" if node.keepdims else ""
        return f"ops.{node.operation}({written(node.argument, names, shapes)[0]}, axis={axis}{kept})", TIGHTEST
    return _call(node, names, shapes)


def _call(node: Call, names: list[str], shapes: dict[Node, Shape]) -> tuple[str, int]:
    if node.operation in COMPARISONS:
        return f'ops.cast({_compared(node, names, shapes)}, "float32")', TIGHTEST
    if node.operation == "negative":
        return f"-{within(node.arguments[0], SIGN, names, shapes)}", SIGN
    if node.operation in BINDS:
        binds, symbol = BINDS[node.operation]
        tight = (TIGHTEST, SIGN) if node.operation == "power" else (binds, binds + 1)
        a, b = (within(one, least, names, shapes) for one, least in zip(node.arguments, tight, strict=True))
        return f"{a} {symbol} {b}", binds
    given = [written(one, names, shapes)[0] for one in node.arguments]
    if node.operation == "where":
        condition = node.arguments[0]
        is_compared = isinstance(condition, Call) and condition.operation in COMPARISONS
        given[0] = (
            _compared(condition, names, shapes) if is_compared else f"{within(condition, 2, names, shapes)} != 0.0"
        )
    return f"ops.{node.operation}({', '.join(given)})", TIGHTEST


def _compared(node: Node, names: list[str], shapes: dict[Node, Shape]) -> str:
    assert isinstance(node, Call)
    a, b = (within(one, 2, names, shapes) for one in node.arguments)
    return f"{a} {BINDS[node.operation][1]} {b}"


def within(node: Node, least: int, names: list[str], shapes: dict[Node, Shape]) -> str:
    """The source of a node, in brackets where it binds less tightly than `least`."""
    source, binds = written(node, names, shapes)
    return source if binds >= least else f"({source})"


def _place(place: Any) -> str:
    if place is ...:
        return "..."
    if not isinstance(place, Range):
        return str(place)
    ends = [place.start, place.stop, *([] if place.step is None else [place.step])]
    return ":".join("" if end is None else str(end) for end in ends)


def maxout_function(layer: Maxout, inferred: Inferred) -> str:
    """The groups one after another, and their largest side by side."""
    axis = f"axis={layer.axis}"
    groups = f"[ops.max(group, {axis}) for group in ops.split(x, {layer.num_units}, {axis})]"
    return f"lambda x: ops.stack({groups}, {axis})"


def window_sum_function(layer: Pooling, inferred: Inferred) -> str:
    """A convolution of every channel by itself, with filters of ones."""
    channels = channels_last(inferred.inputs[0], layer.data_format)[-1] or 1
    said = {
        "strides": python(layer.strides or layer.pool_size),
        "padding": python(layer.padding),
        "data_format": python(layer.data_format),
    }
    return f"lambda x: {call('ops.conv', ['x', f'ops.ones({python((*layer.pool_size, 1, channels))})'], said)}"


def whole_sum_function(layer: GlobalPooling, inferred: Inferred) -> str:
    """The sum over the axes that are no channels."""
    rank = len(inferred.inputs[0])
    axes = tuple(range(2, rank)) if layer.data_format == "channels_first" else tuple(range(1, rank - 1))
    return f"lambda x: ops.sum(x, axis={python(axes)}{', keepdims=True' if layer.keepdims else ''})"


_functions: dict[type[Layer], Callable[[Any, Inferred], str]] = {
    Lambda: lambda_function,
    Maxout: maxout_function,
    SumPooling1D: window_sum_function,
    SumPooling2D: window_sum_function,
    SumPooling3D: window_sum_function,
    GlobalSumPooling1D: whole_sum_function,
    GlobalSumPooling2D: whole_sum_function,
    GlobalSumPooling3D: whole_sum_function,
}
