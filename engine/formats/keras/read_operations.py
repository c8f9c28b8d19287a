"""Operations of `keras.ops` as expressions, so that arithmetic between layers becomes a Lambda, or a merging layer.

An expression is text with a place for each input, `{0} * 2.0 + {1}`. Operations that follow each other grow into one
expression; it becomes a layer where a layer or a result needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.formats.keras.flat import Call, Ref
from engine.formats.keras.read_layer import NotUnderstood
from graph.activations import activations
from graph.expression.operations import SYMBOLS
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.layers.lambda_layer import Lambda
from graph.layers.merge import Add, Maximum, Minimum, Multiply, Subtract
from graph.layers.padding import ZeroPadding1D, ZeroPadding2D
from graph.layers.reshape import Permute, Reshape
from graph.message import Message
from graph.names import snake

Shapes = Mapping[Ref, tuple[int | None, ...]]
LONGEST = 300
"""An expression that is longer becomes a layer, so that none grows without end."""

BINARY = {name: symbol for symbol, (_, name) in SYMBOLS.items()} | {"true_divide": "/"}
FUNCTIONS = ("exp", "log", "sqrt", "square", "tanh", "sigmoid", "abs", "sin", "cos")
NAMES = {
    "absolute": "abs",
    "pow": "power",
    "truediv": "divide",
    "getitem": "get_item",
    "reduce_mean": "mean",
    "reduce_sum": "sum",
    "reduce_max": "max",
    "reduce_min": "min",
}
"""What some operations are called here, by their names in files, those of Keras 2 too."""
REDUCTIONS = ("mean", "sum", "max", "min")
MERGES: Mapping[str, Callable[[], Layer]] = {
    "{0} + {1}": Add,
    "{0} - {1}": Subtract,
    "{0} * {1}": Multiply,
    "max({0}, {1})": Maximum,
    "min({0}, {1})": Minimum,
}


@dataclass(frozen=True)
class Expression:
    """Text with numbered places, and what stands in them."""

    text: str
    inputs: tuple[Ref, ...]

    def layer(self) -> Layer:
        """The layer that computes it."""
        if self.text in MERGES:
            return MERGES[self.text]()
        names = ["x"] if len(self.inputs) == 1 else [f"x{i}" for i in range(len(self.inputs))]
        return Lambda(function=self.text.format(*names))


@dataclass(frozen=True)
class Plain:
    """An operation that is a layer of its own, with one input."""

    layer: Layer
    input: Ref


Found = Mapping[Ref, Expression]


def operation_name(call: Call) -> str:
    """What the operation does: `multiply`, in the files of all versions."""
    said = call.entry.config.get("function")
    name = said.rpartition(".")[2] if isinstance(said, str) else snake(call.entry.class_name)
    return NAMES.get(name, name)


def read_operation(call: Call, found: Found, shapes: Shapes) -> Expression | Plain:
    """What an operation computes. Raises NotUnderstood where that cannot be said here."""
    name = operation_name(call)
    options = {**call.entry.config, **call.keywords}
    given = _flattened(call.arguments) + [options[key] for key in ("x1", "x2", "y") if key in options]
    if name in BINARY and len(given) == 2:
        return _joined(f"{{0}} {BINARY[name]} {{1}}", given, found)
    if name in ("maximum", "minimum") and len(given) == 2:
        return _joined(f"{name[:3]}({{0}}, {{1}})", given, found)
    if name == "where" and len(given) == 3:
        return _joined("where({0}, {1}, {2})", given, found)
    if not given or not isinstance(given[0], Ref):
        raise _unknown(name)
    x, shape = given[0], shapes.get(given[0])
    if name == "negative":
        return _joined("-{0}", given[:1], found)
    if name in FUNCTIONS:
        return _joined(f"{name}({{0}})", given[:1], found)
    if name in REDUCTIONS:
        return _joined(f"{name}({{0}}{_axes(options, shape)})", given[:1], found)
    places = [*call.arguments[1:2], *([options["slice_spec"]] if "slice_spec" in options else [])]
    if name == "get_item" and places:
        return _joined(f"{{0}}[{_places(places[0])}]", given[:1], found)
    if name == "cast" and options.get("dtype") in ("float32", None):
        return _joined("{0}", given[:1], found)
    if name in activations.names():
        return Plain(Activation(activation=name), x)
    target = options.get("newshape", options.get("shape"))
    if name == "reshape" and isinstance(target, list):
        return Plain(Reshape(tuple(target[1:])), x)
    if name == "pad":
        return Plain(_padding(options.get("pad_width")), x)
    if name == "transpose" and isinstance(options.get("axes"), list) and options["axes"][:1] == [0]:
        return Plain(Permute(tuple(options["axes"][1:])), x)
    if name in ("expand_dims", "squeeze") and shape is not None and None not in shape[1:]:
        return Plain(Reshape(_unit_axes(name, shape, options.get("axis"))), x)
    raise _unknown(name)


def _unknown(name: str) -> NotUnderstood:
    return NotUnderstood(Message("The operation {name} is not known here.", name=name))


def _flattened(values: Sequence[Any]) -> list[Any]:
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _joined(text: str, given: Sequence[Any], found: Found) -> Expression:
    """An expression of values, some of which are expressions themselves, or numbers."""
    parts: list[str] = []
    inputs: list[Ref] = []
    for value in given:
        if isinstance(value, bool) or not isinstance(value, Ref | int | float):
            raise NotUnderstood(Message("It takes {value}, which is no number.", value=str(value)[:60]))
        if not isinstance(value, Ref):
            parts.append(repr(float(value)) if value >= 0 else f"({float(value)!r})")
            continue
        inner = found.get(value) or Expression("{0}", (value,))
        places = {}
        for old, ref in enumerate(inner.inputs):
            if ref not in inputs:
                inputs.append(ref)
            places[old] = f"{{{inputs.index(ref)}}}"
        inside = re.sub(r"\{(\d+)\}", lambda m, places=places: places[int(m[1])], inner.text)  # type: ignore[misc]
        parts.append(inside if value not in found or _is_closed(inside) or "({0" in text else f"({inside})")
    return Expression(text.format(*parts), tuple(inputs))


def _is_closed(text: str) -> bool:
    """Whether the text is one value whatever stands beside it."""
    return re.fullmatch(r"\{\d+\}", text) is not None


def _axes(options: Mapping[str, Any], shape: tuple[int | None, ...] | None) -> str:
    axis = options.get("axis")
    axes = axis if isinstance(axis, list) else [axis]
    if axis is None or not all(isinstance(one, int) for one in axes):
        raise NotUnderstood(Message("It works along all axes, also that of the samples."))
    said = str(axes[0]) if len(axes) == 1 else f"({', '.join(map(str, axes))})"
    return f", axis={said}{', keepdims=True' if options.get('keepdims') else ''}"


def _places(key: Any) -> str:
    said = []
    for one in key if isinstance(key, list) else [key]:
        if one is ...:
            said.append("...")
        elif isinstance(one, slice):
            ends = [one.start, one.stop, *([] if one.step is None else [one.step])]
            if not all(end is None or isinstance(end, int) for end in ends):
                raise NotUnderstood(Message("It takes parts that are computed."))
            said.append(":".join("" if end is None else str(end) for end in ends))
        elif isinstance(one, int):
            said.append(str(one))
        else:
            raise NotUnderstood(Message("It takes parts that are computed."))
    return ", ".join(said)


def _padding(widths: Any) -> Layer:
    """Zeros around the axes between samples and channels."""
    try:
        (first, *edges, last) = [(int(before), int(behind)) for before, behind in widths]
    except (TypeError, ValueError):
        raise _unknown("pad") from None
    if first == last == (0, 0) and len(edges) in (1, 2):
        return ZeroPadding1D(edges[0]) if len(edges) == 1 else ZeroPadding2D(tuple(edges))
    if first == edges[0] == (0, 0) and len(edges) == 2:
        return ZeroPadding2D((edges[1], last), data_format="channels_first")
    raise _unknown("pad")


def _unit_axes(name: str, shape: tuple[int | None, ...], axis: Any) -> tuple[int, ...]:
    """The shape behind the batch with an axis of size 1 more or less."""
    sizes = [size or 1 for size in shape]
    axis = axis[0] if isinstance(axis, list) and len(axis) == 1 else axis
    if not isinstance(axis, int):
        raise _unknown(name)
    if name == "expand_dims":
        sizes.insert(axis if axis >= 0 else len(sizes) + 1 + axis, 1)
    elif -len(sizes) <= axis < len(sizes):
        del sizes[axis]
    return tuple(sizes[1:])
