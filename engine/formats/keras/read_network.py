"""The calls of a model of Keras as a network: layers, wires, and which entry of the file each layer is.

Masks are left out, because layers here make and read them by themselves. A layer that is called several times becomes
several, each with the same weights, which then train apart; the report says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.formats.exporter import Note
from engine.formats.keras.flat import Call, Entry, Flat, Ref, refs_in
from engine.formats.keras.read_layer import NotUnderstood, layer_of, plain
from engine.formats.keras.read_operations import LONGEST, Expression, Plain, operation_name, read_operation
from graph.layers.base import Layer
from graph.layers.endpoints import Output
from graph.layers.placeholder import Placeholder
from graph.message import Message
from graph.names import fresh, mended_name
from graph.network import Network, Wire

MASKS = ("mask", "query_mask", "value_mask", "key_mask", "attention_mask")
LOGIC = ("not_equal", "any", "all", "logical_or", "logical_and", "logical_not", "expand_dims", "zeros_like")
LOGIC_TOO = ("ones_like", "concatenate", "cast", "equal", "broadcast_to", "squeeze")


@dataclass
class Found:
    """A network as far as it is read."""

    layers: dict[str, Layer] = field(default_factory=dict)
    wires: list[Wire] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    """What each layer is in the file."""
    notes: list[Note] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    """The layer that gives each output of the file."""

    @property
    def network(self) -> Network:
        """The network."""
        return Network.of(self.layers, self.wires)


def read_network(flat: Flat) -> Found:
    """The network that these calls make."""
    reader = _Reader(flat)
    for call in flat.calls:
        reader.read(call)
    reader.end()
    return reader.found


class _Reader:
    def __init__(self, flat: Flat) -> None:
        self.flat = flat
        self.found = Found()
        self.given: dict[Ref, tuple[str, str]] = {}
        """The layer and port that give each tensor."""
        self.expressions: dict[Ref, Expression] = {}
        self.names: dict[Ref, str] = {}
        self.masks = _masks(flat)
        self.needed = _needed_by_layers(flat)
        self.shared = Counter((call.entry.group, call.entry.names) for call in flat.calls)

    def read(self, call: Call) -> None:
        """Read one call."""
        name = call.entry.name
        if (name, call.call) in self.masks:
            return
        if call.entry.is_operation:
            self._operation(call)
            return
        own = self._name(call)
        layer = layer_of(call.entry.class_name, _called(call), lambda text: self._tell(own, text))
        self.found.entries[own] = call.entry
        if self.shared[call.entry.group, call.entry.names] > 1 and call.call:
            text = Message("It is another call of {name}. Here it has the same weights, but learns apart.", name=name)
            self._tell(own, text)
        self._put(own, layer, call)

    def end(self) -> None:
        """Write what the results need."""
        for ref in self.flat.outputs.values():
            self._made(ref)
        followed = {wire.source for wire in self.found.wires}
        for title, ref in self.flat.outputs.items():
            source, port = self.given.get(ref, (None, ""))
            if source is None:
                continue
            called = ref.layer if title.startswith("\0") else title
            alone = len(self.flat.outputs) == 1
            first = self.found.layers[source].outputs[0].name == port
            named = title.startswith("\0") or title == source
            self.found.results[called] = source
            if (alone or named) and first and source not in followed:
                continue
            wanted = f"{source}_output" if title.startswith("\0") or title in self.found.layers else title
            name = mended_name(wanted, self.found.layers)
            self.found.results[called] = name
            self.found.layers[name] = Output()
            self.found.wires.append(Wire(source, name, port))

    def _name(self, call: Call) -> str:
        wanted = call.entry.name if not call.call else f"{call.entry.name}_{call.call}"
        return mended_name(wanted, self.found.layers)

    def _tell(self, name: str | None, text: Message) -> None:
        self.found.notes.append(Note(name, text))

    def _operation(self, call: Call) -> None:
        ref = Ref(call.entry.name, call.call)
        name = self._name(call)
        try:
            read = read_operation(call, self.expressions, self.flat.shapes)
        except NotUnderstood as error:
            self.found.entries[name] = call.entry
            self._tell(
                name, Message("{reason} It is a placeholder: replace it by another layer.", reason=error.args[0])
            )
            given = {"type": call.entry.class_name, "parameters": plain(call.entry.config)}
            self._put(name, Placeholder(operation_name(call), given, error.args[0]), call)
            return
        if isinstance(read, Plain):
            self._add(name, read.layer, [read.input])
            self.given[ref] = (name, "y")
            return
        self.expressions[ref] = read
        self.names[ref] = name
        if ref in self.needed or len(read.text) > LONGEST:
            self._made(ref)

    def _made(self, ref: Ref) -> None:
        """Make a layer of an expression."""
        expression = self.expressions.pop(ref, None)
        if expression is None:
            return
        name = fresh(self.names[ref], self.found.layers)
        self._add(name, expression.layer(), list(expression.inputs))
        self.given[ref] = (name, "y")

    def _add(self, name: str, layer: Layer, inputs: list[Ref]) -> None:
        self.found.layers[name] = layer
        many = layer.inputs[0].many
        for place, ref in enumerate(inputs):
            port = layer.inputs[0 if many else min(place, len(layer.inputs) - 1)]
            self._wire(ref, name, port.name)

    def _put(self, name: str, layer: Layer, call: Call) -> None:
        """A layer with its wires, by place and by name."""
        self.found.layers[name] = layer
        for index in range(max(len(layer.outputs), 8)):
            port = layer.outputs[min(index, len(layer.outputs) - 1)]
            self.given[Ref(call.entry.name, call.call, index)] = (name, port.name)
        plain_ports = [port for port in layer.inputs if not port.argument]
        refs = list(refs_in(call.arguments))
        for place, ref in enumerate(refs):
            if not plain_ports:
                break
            port = plain_ports[0] if plain_ports[0].many else plain_ports[min(place, len(plain_ports) - 1)]
            if isinstance(layer, Placeholder) or port.many or place < len(plain_ports):
                self._wire(ref, name, port.name)
            else:
                self._state(ref, name, layer, place - len(plain_ports))
        for key, value in call.keywords.items():
            if key in MASKS:
                continue
            ports = [port for port in layer.inputs if key in (port.argument, port.name)]
            for port, ref in zip(ports, refs_in(value), strict=False):
                self._wire(ref, name, port.name)

    def _state(self, ref: Ref, name: str, layer: Layer, place: int) -> None:
        """A first state that stands behind the sequence in the list of inputs."""
        states = [port for port in layer.inputs if port.argument]
        if place < len(states):
            self._wire(ref, name, states[place].name)

    def _wire(self, ref: Ref, target: str, port: str) -> None:
        if ref not in self.given:
            self._made(ref)
        if ref in self.given:
            source, source_port = self.given[ref]
            self.found.wires.append(Wire(source, target, source_port, port))


def _called(call: Call) -> Mapping[str, Any]:
    """The config, with what is said where the layer is called."""
    said = {key: call.keywords[key] for key in ("use_causal_mask", "return_attention_scores") if call.keywords.get(key)}
    return {**call.entry.config, **said}


def _uses(flat: Flat) -> Iterator[tuple[Call, str, Ref]]:
    for call in flat.calls:
        for ref in refs_in(call.arguments):
            yield call, "", ref
        for key, value in call.keywords.items():
            for ref in refs_in(value):
                yield call, key, ref


def _masks(flat: Flat) -> set[tuple[str, int]]:
    """The operations that compute masks and nothing else: all that follows them takes them as one, or is one."""
    others: dict[tuple[str, int], list[tuple[str, int]]] = {}
    used: set[tuple[str, int]] = set()
    for call, key, ref in _uses(flat):
        if key in MASKS:
            used.add((ref.layer, ref.call))
        else:
            others.setdefault((ref.layer, ref.call), []).append((call.entry.name, call.call))
    results = {(ref.layer, ref.call) for ref in flat.outputs.values()}
    masks: set[tuple[str, int]] = set()
    for call in reversed(flat.calls):
        node = (call.entry.name, call.call)
        if not call.entry.is_operation or node in results or operation_name(call) not in (*LOGIC, *LOGIC_TOO):
            continue
        behind = others.get(node, [])
        if (node in used or behind) and all(one in masks for one in behind):
            masks.add(node)
    return masks


def _needed_by_layers(flat: Flat) -> set[Ref]:
    """What layers take, so that it must be a layer itself."""
    return {ref for call, key, ref in _uses(flat) if not call.entry.is_operation and key not in MASKS}
