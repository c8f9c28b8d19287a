"""A network that grows while the operators of a file are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import numpy as np

from engine.formats.exporter import Note
from engine.formats.onnx.draft import Operation, Tensor
from engine.formats.onnx.file import Graph
from engine.formats.onnx.value import OPEN, Group, Scores, Unreadable, Value, regrouped, to_first
from engine.kernel import Array
from graph.layers.base import Layer, automatic_name
from graph.layers.core import Identity
from graph.layers.endpoints import Input
from graph.layers.placeholder import Placeholder
from graph.layers.reshape import Flatten, Permute, Reshape
from graph.layers.wrappers import TimeDistributed
from graph.message import Message
from graph.names import fresh
from graph.network import Wire
from graph.ranks import wrong_rank
from graph.shapes import Refusal, Shape


@dataclass
class Reading:
    """What was made of the operators so far.

    Layers are never changed in a way that others would see: a layer that became needless stays until the end, where all
    that leads nowhere is taken away.
    """

    graph: Graph
    layers: dict[str, Layer] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    weights: dict[str, Array] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    values: dict[Tensor, Value] = field(default_factory=dict)
    constants: dict[Tensor, Array] = field(default_factory=dict)
    readers: Counter[Tensor] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    """How often what a layer gives, however it is seen, is still to be read: by operators, or as a result."""
    named: Counter[str] = field(default_factory=Counter)
    """How often a name was wanted, so that the next free one is soon found."""
    wired: set[str] = field(default_factory=set)
    """The layers that others stand behind."""
    sources: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    """What comes into each layer."""
    batch: int | None = None
    """The size of the batch, where the file fixes it."""
    labels: dict[Tensor, Value] = field(default_factory=dict)
    """Names and numbers of classes, which no layer gives: the values that they are read from."""
    picks: dict[tuple[str, int], tuple[Value, tuple[int, ...]]] = field(default_factory=dict)
    """For layers that give places of another value along an axis: that value, and the places."""
    taken: dict[str, slice] = field(default_factory=dict)
    """For layers that give some of the features of their input: which."""
    scores: dict[str, Scores] = field(default_factory=dict)
    """For layers that give scores of attention: how they came about."""
    plain_outputs: set[str] = field(default_factory=set)
    """Layers of attention that have no product of their own behind yet."""
    _made: dict[Any, Value] = field(default_factory=dict)

    def begin(self) -> None:
        """Take the arrays and the inputs of the file."""
        self.constants.update(self.graph.arrays)
        self.readers.update(x for one in self.graph.operations for x in one.inputs)
        self.readers.update(self.graph.outputs)
        for name in self.graph.inputs:
            shape = self.graph.shapes.get(name)
            if not shape:
                raise Unreadable(Message("the shape of the input {name} is not stated", name=name))
            self.know(name, self._input(name, shape))

    def know(self, name: Tensor, value: Value) -> None:
        """What a value of the file is."""
        self.values[name] = value
        self.left[value.layer] += self.readers[name]

    def done(self, one: Operation) -> None:
        """An operator is read, so it reads no more."""
        self.left.subtract(self.values[x].layer for x in one.inputs if x in self.values)

    def _input(self, name: Tensor, shape: Shape) -> Value:
        """An Input. Where only the second size is left open, that is the batch: a sequence with its steps in front."""
        steps_first = len(shape) == 3 and shape[1] is None and shape[0] not in (None, 1) and shape[2] is not None
        batch, *sizes = (shape[1], shape[0], shape[2]) if steps_first else shape
        self.batch = batch if self.batch is None else self.batch
        value = Value(self.new(Input(shape=tuple(sizes)), name), "y", (None, *sizes))
        return value.turned(1, 0, 2) if steps_first else value

    def new(self, layer: Layer, wanted: str = "") -> str:
        """A layer under a name of its own."""
        stem = wanted.replace("/", ".").strip(".") or automatic_name(layer)
        name = fresh(stem, self.layers, max(self.named[stem], 1))
        self.named[stem] += 1
        self.layers[name] = layer
        return name

    def add(
        self,
        layer: Layer,
        *xs: Value,
        wanted: str = "",
        weights: Mapping[str, Array] | None = None,
        order: tuple[Group, ...] | None = None,
    ) -> Value:
        """One more layer behind others, which it sees as they are; `order` is that in which its output is seen."""
        if layer.inputs[0].many:
            xs = self._apart(xs)
        xs = tuple(x.own for x in xs)
        ys = shapes_behind(layer, xs)
        steps = xs[0].steps
        if any(x.steps != steps for x in xs):
            raise Unreadable(Message("only one of its inputs is seen step by step"))
        expected = {key: weight.shape for key, weight in layer.weights(tuple(x.shape for x in xs)).items()}
        given = {key: np.asarray(array, np.float32) for key, array in (weights or {}).items()}
        if expected != {key: array.shape for key, array in given.items()}:
            raise Unreadable(Message("its weights have other sizes than {layer} has", layer=layer.key))
        name = self.new(layer if steps is None else TimeDistributed(layer=layer), wanted)
        ports = layer.inputs * len(xs) if layer.inputs[0].many else layer.inputs
        self.wires += [Wire(x.layer, name, x.port, port.name) for x, port in zip(xs, ports, strict=False)]
        self.wired.update(x.layer for x in xs)
        self.weights |= {f"{name}/{key}": array for key, array in given.items()}
        self.sources[name] = xs
        return Value(name, layer.outputs[0].name, ys[0], order, steps)

    def port(self, y: Value, port: str) -> Value:
        """What else the layer of a value gives."""
        layer = self.layers[y.layer]
        if y.steps is not None:
            raise Unreadable(Message("its states are read for every step"))
        ys = shapes_behind(layer, self.sources[y.layer])
        return Value(y.layer, port, ys[[one.name for one in layer.outputs].index(port)])

    def _apart(self, xs: tuple[Value, ...]) -> tuple[Value, ...]:
        """Values for one port, of which each comes from a layer of its own: a wire is drawn once."""
        found: list[Value] = []
        for x in xs:
            found.append(self.add(Identity(), x) if x.own in found else x.own)
        return tuple(found)

    def weights_of(self, name: str) -> dict[str, Array]:
        """The weights of a layer, by their own names."""
        return {key.removeprefix(f"{name}/"): w for key, w in self.weights.items() if key.startswith(f"{name}/")}

    def leave_out(self, kept: set[str]) -> None:
        """Take away what leads to none of the layers `kept`."""
        before: dict[str, list[str]] = {}
        for wire in self.wires:
            before.setdefault(wire.target, []).append(wire.source)
        reached: set[str] = set()
        waiting = list(kept)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += before.get(name, [])
        self.layers = {name: layer for name, layer in self.layers.items() if name in reached}
        self.wires = [wire for wire in self.wires if wire.target in reached]
        self.weights = {key: w for key, w in self.weights.items() if key.rpartition("/")[0] in reached}

    def plain(self, x: Value) -> Value:
        """`x` with the axes it is seen with."""
        if x.order is None:
            return x
        if x not in self._made:
            self._made[x] = self._laid_out(x)
        return self._made[x]

    def _laid_out(self, x: Value) -> Value:
        first, *rest = x.groups
        merged = [axis for axis in first if x.size(axis) != 1]
        if len(merged) > 1 and merged[0] == 0 and OPEN not in map(x.size, merged):
            y = self.plain(x.seen([(0,), tuple(merged[1:]), *rest]))
            return replace(y, given=(None, *y.shape[2:]), steps=y.sizes[1])
        if merged != [0]:
            raise Unreadable(Message("the batch is not the first axis"))
        order = [*(axis for group in rest for axis in group), *(axis for axis in first if axis)]
        wide = [axis for axis in order if x.size(axis) != 1]
        y = x.own if wide == sorted(wide) else self.add(Permute(tuple(order)), x)
        return self.relaid(y, x.shape[1:])

    def relaid(self, x: Value, sizes: Sequence[int | None]) -> Value:
        """The values of a sample of `x`, which is seen as it is, in another shape."""
        wanted = (None, *sizes)
        while x.given != wanted and (source := self.unlaid(x)) is not None:
            x = source
        if x.given == wanted:
            return x
        if len(sizes) == 1:
            return self.add(Flatten(), x)
        if list(sizes).count(None) > 1:
            raise Unreadable(Message("more than one size is left open"))
        return self.add(Reshape(tuple(-1 if n is None else n for n in sizes)), x)

    def unlaid(self, x: Value) -> Value | None:
        """What was laid out in another shape to become `x`, if that is what its layer does."""
        return self.sources[x.layer][0] if isinstance(self.layers[x.layer], Flatten | Reshape) else None

    def reshaped(self, x: Value, sizes: Sequence[int]) -> Value:
        """`x` seen with axes of other sizes. Axes that must be split are."""
        found = regrouped(x, sizes)
        if found is None:
            raise Unreadable(Message("it takes samples apart or together"))
        split = [n for pieces in found.pieces[1:] for n in pieces]
        y = self.relaid(x.own, [None if n == OPEN else n for n in split])
        return y.seen(found.groups)

    def with_channels(self, x: Value) -> tuple[Value, str, tuple[Group, ...] | None]:
        """`x` for a layer with a `data_format`, that format, and the order in which its output is seen."""
        if x.order == to_first(len(x.shape)):
            return x.own, "channels_last", x.order
        return self.plain(x), "channels_first", None

    def on_last(self, x: Value) -> tuple[Value, tuple[Group, ...] | None]:
        """`x` for a layer that works along the last axis, and the order in which its output is seen."""
        if x.order is None or x.given is None:
            return x, None
        last = x.order[-1]
        if not last or last != tuple(range(last[0], len(x.given))):
            return self.plain(x), None
        known = [None if n == OPEN else n for n in x.own.sizes[1 : last[0]]]
        return self.relaid(x.own, [*known, x.shape[-1]]), (*x.order[:-1], last[:1])

    def seen(self, one: Operation, place: int = 0) -> Value:
        """An input that is computed, whatever its axes are."""
        if place < len(one.inputs) and one.inputs[place] in self.values:
            return self.values[one.inputs[place]]
        raise Unreadable(Message("an input is a constant, where a value was expected"))

    def by_axis(self, one: Operation, axis: int, place: int = 0) -> Value:
        """An input that is computed, of which an axis that is seen is one of the layer's."""
        x = self.seen(one, place)
        return x if len(x.groups[axis]) == 1 else self.plain(x)

    def value(self, one: Operation, place: int = 0) -> Value:
        """An input that is computed, every axis of which is one of the layer's."""
        x = self.seen(one, place)
        return x if x.is_simple else self.plain(x)

    def constant(self, one: Operation, place: int, default: Any = None) -> Array:
        """An input that is an array of the file."""
        if self.is_constant(one, place):
            return self.constants[one.inputs[place]]
        if default is not None and not self.is_given(one, place):
            return np.asarray(default)
        raise Unreadable(Message("an input is computed, where an array was expected"))

    def is_given(self, one: Operation, place: int) -> bool:
        """Whether an operator has such an input."""
        return place < len(one.inputs) and bool(one.inputs[place])

    def is_constant(self, one: Operation, place: int) -> bool:
        """Whether an input is an array of the file."""
        return place < len(one.inputs) and one.inputs[place] in self.constants

    def is_read(self, one: Operation, place: int) -> bool:
        """Whether anything reads an output."""
        return place < len(one.outputs) and self.readers[one.outputs[place]] > 0

    def axes(self, one: Operation, place: int = 1) -> list[int] | None:
        """Axes that are an attribute in older files and an input in newer ones."""
        if "axes" in one.attributes:
            return [int(axis) for axis in one.attributes["axes"]]
        if self.is_given(one, place):
            return [int(axis) for axis in self.constant(one, place).reshape(-1)]
        return None

    def alone(self, one: Operation, x: Value, place: int = 0) -> bool:
        """Whether nothing but an operator reads what the layer of `x` gives, so that the layer may be changed.

        `x` is an input of the operator, or what that was made of.
        """
        reads = 1 if self.seen(one, place).layer == x.layer else 0
        return self.left[x.layer] == reads and x.layer not in self.wired

    def named_after(self, one: Operation, place: int) -> str:
        """A layer's name from that of its array: `features.0` for `features.0.weight`."""
        name = one.inputs[place].replace("::", "/") if place < len(one.inputs) else ""
        for mark in (".weight", "/kernel", "_weight", "/weight"):
            if mark in name:
                return name[: name.index(mark)]
        return ""


def shapes_behind(layer: Layer, xs: Sequence[Value]) -> tuple[Shape, ...]:
    """What a layer gives for these values."""
    shapes = tuple(x.shape for x in xs)
    ys = wrong_rank(layer, shapes) or layer.output_shapes(shapes)
    if isinstance(ys, Refusal):
        raise Unreadable(ys.text)
    return ys


Reader = Callable[[Reading, Operation], Value | Sequence[Value | None]]
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
    plain = {
        key: value
        for key, value in one.attributes.items()
        if isinstance(value, int | str) or (isinstance(value, float) and isfinite(value))
    }
    text = Message("ONNX's operator {kind} is not read: {reason}.", kind=one.kind, reason=reason)
    given = {"type": f"onnx.{one.kind}", "parameters": plain}
    name = r.new(Placeholder(type_name=f"onnx.{one.kind}", given=given, reason=text), one.kind.lower())
    sources: Sequence[Value] = [r.values[x] for x in one.inputs if x in r.values]
    r.wires += [Wire(x.layer, name, x.port, "x") for x in sources]
    r.wired.update(x.layer for x in sources)
    for y in one.outputs:
        if y:
            r.know(y, Value(name, "y", _stated(r, y)))
    r.notes.append(Note(name, text))


def _stated(r: Reading, y: Tensor) -> Shape | None:
    """The shape that the file states of a value, where it begins with the batch."""
    shape = r.graph.shapes.get(y)
    return (None, *shape[1:]) if shape and shape[0] in (None, r.batch) else None
