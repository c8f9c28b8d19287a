"""A network that grows while the operators of a file are read.

A value may be known in another order of its axes than the layer gives it: ONNX has channels first, and files made from
Keras turn images around before and behind every convolution. Such a turn is remembered, not made: a layer that has a
`data_format` takes the value as it lies. Only where nothing else helps it becomes a Permute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.formats.exporter import Note
from engine.formats.onnx.draft import Operation, Tensor
from engine.formats.onnx.file import Graph
from engine.kernel import Array
from graph.layers.base import Layer, automatic_name
from graph.layers.core import Identity
from graph.layers.endpoints import Input
from graph.layers.placeholder import Placeholder
from graph.layers.reshape import Permute
from graph.message import Message
from graph.names import fresh
from graph.network import Wire
from graph.ranks import wrong_rank
from graph.shapes import Refusal, Shape


class Unreadable(Exception):
    """An operator that no layer says; the text says why."""

    def __init__(self, text: Message) -> None:
        self.text = text
        super().__init__(text)


@dataclass(frozen=True)
class Value:
    """What a layer gives, as an operator sees it: with its axes in `order`, where that is another one.

    `given` is the layer's own shape.
    """

    layer: str
    port: str
    given: Shape | None
    order: tuple[int, ...] | None = None

    @property
    def shape(self) -> Shape:
        """The shape in the order that is seen."""
        if self.given is None:
            raise Unreadable(Message("the shape of what comes in is not known"))
        return self.given if self.order is None else tuple(self.given[axis] for axis in self.order)

    def axis(self, seen: int) -> int:
        """The layer's own axis for one that is seen."""
        axis = seen % len(self.shape)
        return axis if self.order is None else self.order[axis]


def to_first(rank: int) -> tuple[int, ...]:
    """The order that brings channels to the front."""
    return (0, rank - 1, *range(1, rank - 1))


@dataclass
class Reading:
    """What was made of the operators so far."""

    graph: Graph
    layers: dict[str, Layer] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    weights: dict[str, Array] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    values: dict[Tensor, Value] = field(default_factory=dict)
    constants: dict[Tensor, Array] = field(default_factory=dict)
    readers: Counter[Tensor] = field(default_factory=Counter)

    def begin(self) -> None:
        """Take the arrays and the inputs of the file."""
        self.constants.update(self.graph.arrays)
        self.readers.update(x for one in self.graph.operations for x in one.inputs)
        self.readers.update(self.graph.outputs)
        for name in self.graph.inputs:
            shape = self.graph.shapes.get(name)
            if not shape:
                raise Unreadable(Message("the shape of the input {name} is not stated", name=name))
            layer = self.new(Input(shape=shape[1:]), name)
            self.values[name] = Value(layer, "y", (None, *shape[1:]))

    def new(self, layer: Layer, wanted: str = "") -> str:
        """A layer under a name of its own."""
        name = fresh(wanted.replace("/", ".").strip(".") or automatic_name(layer), self.layers)
        self.layers[name] = layer
        return name

    def add(
        self,
        layer: Layer,
        *xs: Value,
        wanted: str = "",
        weights: Mapping[str, Array] | None = None,
        order: tuple[int, ...] | None = None,
    ) -> Value:
        """One more layer behind others; `order` is that in which its output is seen."""
        if layer.inputs[0].many:
            xs = self._apart(xs)
        shapes = tuple(replace(x, order=None).shape for x in xs)
        ys = wrong_rank(layer, shapes) or layer.output_shapes(shapes)
        if isinstance(ys, Refusal):
            raise Unreadable(ys.text)
        expected = {key: weight.shape for key, weight in layer.weights(shapes).items()}
        given = {key: np.asarray(array, np.float32) for key, array in (weights or {}).items()}
        if expected != {key: array.shape for key, array in given.items()}:
            raise Unreadable(Message("its weights have other sizes than {layer} has", layer=layer.key))
        name = self.new(layer, wanted)
        ports = layer.inputs * len(xs) if layer.inputs[0].many else layer.inputs
        self.wires += [Wire(x.layer, name, x.port, port.name) for x, port in zip(xs, ports, strict=False)]
        self.weights |= {f"{name}/{key}": array for key, array in given.items()}
        return Value(name, "y", ys[0], order)

    def _apart(self, xs: tuple[Value, ...]) -> tuple[Value, ...]:
        """Values for one port, of which each comes from a layer of its own: a wire is drawn once."""
        found: list[Value] = []
        for x in xs:
            found.append(self.add(Identity(), x) if x in found else x)
        return tuple(found)

    def remove(self, name: str) -> None:
        """Take a layer away again that nothing reads."""
        del self.layers[name]
        self.wires = [wire for wire in self.wires if wire.target != name]

    def plain(self, x: Value) -> Value:
        """`x` with the axes it is seen with."""
        if x.order is None or x.order == tuple(range(len(x.order))):
            return replace(x, order=None)
        if x.order[0] != 0:
            raise Unreadable(Message("the batch is not the first axis"))
        return self.add(Permute(x.order[1:]), replace(x, order=None))

    def with_channels(self, x: Value) -> tuple[Value, str, tuple[int, ...] | None]:
        """`x` for a layer with a `data_format`, that format, and the order in which its output is seen."""
        rank = len(x.shape)
        if x.order == to_first(rank):
            return replace(x, order=None), "channels_last", x.order
        return self.plain(x), "channels_first", None

    def value(self, one: Operation, place: int = 0) -> Value:
        """An input that is computed."""
        if place < len(one.inputs) and one.inputs[place] in self.values:
            return self.values[one.inputs[place]]
        raise Unreadable(Message("an input is a constant, where a value was expected"))

    def constant(self, one: Operation, place: int, default: Any = None) -> Array:
        """An input that is an array of the file."""
        if place < len(one.inputs) and one.inputs[place] in self.constants:
            return self.constants[one.inputs[place]]
        if default is not None and (place >= len(one.inputs) or not one.inputs[place]):
            return np.asarray(default)
        raise Unreadable(Message("an input is computed, where an array was expected"))

    def is_constant(self, one: Operation, place: int) -> bool:
        """Whether an input is an array of the file."""
        return place < len(one.inputs) and one.inputs[place] in self.constants

    def axes(self, one: Operation, place: int = 1) -> list[int] | None:
        """Axes that are an attribute in older files and an input in newer ones."""
        if "axes" in one.attributes:
            return [int(axis) for axis in one.attributes["axes"]]
        if place < len(one.inputs) and one.inputs[place]:
            return [int(axis) for axis in self.constant(one, place).reshape(-1)]
        return None

    def alone(self, one: Operation, place: int = 0) -> bool:
        """Whether nothing else reads an input, so that its layer may be changed."""
        return self.readers[one.inputs[place]] == 1

    def named_after(self, one: Operation, place: int) -> str:
        """A layer's name from that of its array: `features.0` for `features.0.weight`."""
        name = one.inputs[place].replace("::", "/") if place < len(one.inputs) else ""
        for mark in (".weight", "/kernel", "_weight", "/weight"):
            if mark in name:
                return name[: name.index(mark)]
        return ""


Reader = Callable[[Reading, Operation], Value]
readers: dict[str, Reader] = {}


def reader(*kinds: str) -> Callable[[Reader], Reader]:
    """A decorator: this function reads these operators."""

    def decorate(function: Reader) -> Reader:
        for kind in kinds:
            readers[kind] = function
        return function

    return decorate


def not_read(r: Reading, one: Operation, reason: Message) -> None:
    """A Placeholder for an operator, and a notice."""
    plain = {key: value for key, value in one.attributes.items() if isinstance(value, int | float | str)}
    text = Message("ONNX's operator {kind} is not read: {reason}.", kind=one.kind, reason=reason)
    given = {"type": f"onnx.{one.kind}", "parameters": plain}
    name = r.new(Placeholder(type_name=f"onnx.{one.kind}", given=given, reason=text), one.kind.lower())
    sources: Sequence[Value] = [r.values[x] for x in one.inputs if x in r.values]
    r.wires += [Wire(x.layer, name, x.port, "x") for x in sources]
    for y in one.outputs:
        if y:
            r.values[y] = Value(name, "y", r.graph.shapes.get(y))
    r.notes.append(Note(name, text))
