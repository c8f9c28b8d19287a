"""The config of a model of Keras as one flat list of calls, whatever form it has.

There are three: functional models of Keras 3 (tensors as objects), of Keras 2 (tensors as lists of layer, call and
output), and sequential ones. Models inside of models are opened, their layers named after both; a layer that is called
several times is listed once for each call. Nothing here knows what a layer does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.formats.keras.flat import Call, Entry, Flat, Ref, WrongConfig, refs_in, replaced
from engine.formats.keras.order import Node, groups, ordered
from engine.formats.keras.read_calls import Said, read_arguments, read_ends, read_named_ends
from engine.formats.keras.read_chain import MODELS, as_functional
from graph.network import sort

OPERATIONS_OF_OLD = ("TFOpLambda", "SlicingOpLambda")
MOST = 12_000
DEEPEST = 16


def flatten(model: Any) -> Flat:
    """The calls of a whole model. Raises WrongConfig where it is none."""
    class_name, config = _model(model)
    reader = _Reader()
    opened = reader.open(model, _Place(), None)
    calls = {(call.entry.name, call.call): call for call in reader.calls}
    sources = {node: [(ref.layer, ref.call) for ref in call.refs()] for node, call in calls.items()}
    return Flat(
        str(config.get("name") or class_name),
        tuple([calls[node] for node in _sorted(sources)]),
        tuple(opened.inputs),
        opened.outputs,
        reader.shapes,
    )


def _model(value: Any) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(value, Mapping) or value.get("class_name") not in MODELS:
        raise WrongConfig("it says no model")
    config = value.get("config")
    if isinstance(config, list):
        config = {"layers": config}
    if not isinstance(config, Mapping) or not isinstance(config.get("layers"), list):
        raise WrongConfig("its model has no layers")
    return str(value["class_name"]), config


@dataclass(frozen=True)
class _Place:
    """Where a model stands: what its layers begin with, its group of weights, the way to it by names and places."""

    prefix: str = ""
    group: str = ""
    names: tuple[str, ...] = ()
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Opened:
    """The ends of a model, in flat names."""

    inputs: list[Ref]
    outputs: dict[str, Ref]


class _Reader:
    """Collects the calls of a model and of those inside of it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.shapes: dict[Ref, tuple[int | None, ...]] = {}
        self.entries = 0

    def open(self, model: Any, place: _Place, given: list[Ref] | None) -> _Opened:
        """Read a model. `given` is what comes in at its inputs, where it stands inside of another."""
        if len(place.names) > DEEPEST:
            raise WrongConfig("its models are too deep inside of each other")
        class_name, config = _model(model)
        layers, inputs, outputs = config["layers"], config.get("input_layers"), config.get("output_layers")
        if class_name == "Sequential":
            layers, inputs, outputs = as_functional(layers, model)
        found: dict[str, Mapping[str, Any]] = {}
        for one in layers:
            self.count(1)
            name = _name(one)
            if name in found:
                raise WrongConfig(f"two layers of it are called {name!r}")
            found[name] = one
        return _Scope(self, found, place).read(read_ends(inputs), read_named_ends(outputs), given)

    def count(self, more: int) -> None:
        """Refuse a model that has more layers and calls than any."""
        self.entries += more
        if self.entries > MOST:
            raise WrongConfig(f"it has more than {MOST:,} layers and calls")


def _name(one: Any) -> str:
    config = one.get("config") if isinstance(one, Mapping) else None
    if not isinstance(config, Mapping | list):
        raise WrongConfig("an entry of it is no layer")
    name = one.get("name") or (config.get("name") if isinstance(config, Mapping) else None)
    if not isinstance(name, str):
        raise WrongConfig("a layer of it has no name")
    return name


class _Scope:
    """The layers of one model, by their names in it."""

    def __init__(self, reader: _Reader, found: Mapping[str, Mapping[str, Any]], place: _Place) -> None:
        self.reader, self.found, self.place = reader, found, place
        self.flat: dict[Ref, Ref] = {}
        """What stands in the flat list for an output of a model inside, or for an input."""

    def read(self, inputs: list[Ref], outputs: dict[str, Ref], given: list[Ref] | None) -> _Opened:
        """Read all calls."""
        calls = self._calls()
        inputs, outputs, calls = self._numbered(inputs, outputs, calls)
        sources = {node: [(ref.layer, ref.call) for ref in refs_in(said)] for node, said in calls.items()}
        for ref in (*inputs, *outputs.values(), *(ref for said in calls.values() for ref in refs_in(said))):
            if (ref.layer, ref.call) not in calls:
                raise WrongConfig(f"it needs a call of {ref.layer} that is not there")
        if given is not None and len(given) != len(inputs):
            raise WrongConfig(f"{self.place.prefix} takes {len(inputs)} inputs, but gets {len(given)}")
        self.flat = dict(zip(inputs, given, strict=True)) if given is not None else {}
        nodes = _sorted(sources)
        ends = [outputs[name] for name in sorted(outputs)]
        order = ordered(sources, *([(ref.layer, ref.call) for ref in some] for some in (inputs, ends)))
        places = {name: place for place, name in enumerate(order)}
        own = groups((n, _entry(n, self.found[n]).class_name) for n in order if not self._is_operation(n))
        for node in nodes:
            if Ref(*node) not in self.flat:
                self._call(node, own.get(node[0]), places.get(node[0], -1), calls[node])
        return _Opened([self._resolved(r) for r in inputs], {name: self._resolved(r) for name, r in outputs.items()})

    def _is_operation(self, name: str) -> bool:
        return _entry(name, self.found[name]).is_operation

    def _calls(self) -> dict[Node, Said]:
        """The arguments of every call; what is not called gives itself, as an input does."""
        known, calls = set(self.found), {}
        for name, one in self.found.items():
            self.reader.count(len(_nodes(one)))
            for number, node in enumerate(_nodes(one) or [{}]):
                calls[name, number] = read_arguments(node, known, self.reader.shapes, self.place.prefix)
        return calls

    def _numbered(
        self, inputs: list[Ref], outputs: dict[str, Ref], calls: dict[Node, Said]
    ) -> tuple[list[Ref], dict[str, Ref], dict[Node, Said]]:
        """Calls counted from 0. Some versions count the calls of a model inside from 1."""
        highest: dict[str, int] = {}
        for ref in refs_in((inputs, outputs, list(calls.values()))):
            highest[ref.layer] = max(highest.get(ref.layer, 0), ref.call)
        late = {
            name
            for name, one in self.found.items()
            if one.get("class_name") in MODELS and highest.get(name, 0) >= max(len(_nodes(one)), 1)
        }
        if not late:
            return inputs, outputs, calls

        def counted(ref: Ref) -> Ref:
            return replace(ref, call=ref.call - 1) if ref.layer in late else ref

        return replaced(inputs, counted), replaced(outputs, counted), replaced(calls, counted)

    def _call(self, node: Node, group: str | None, place: int, said: Said) -> None:
        name, number = node
        names, order = (*self.place.names, name), (*self.place.order, place)
        entry = replace(
            _entry(self.place.prefix + name, self.found[name]),
            group=f"{self.place.group}layers/{group}" if group else "",
            names=names,
            place=order,
        )
        arguments, keywords = replaced(said, self._resolved)
        if entry.class_name not in MODELS:
            self.reader.calls.append(Call(entry, number, arguments, keywords))
            return
        prefix = f"{entry.name}_{number}_" if number else f"{entry.name}_"
        inside = _Place(prefix, f"{entry.group}/" if group else "", names, order)
        opened = self.reader.open(self.found[name], inside, list(refs_in(arguments)))
        for index, ref in enumerate(opened.outputs.values()):
            self.flat[Ref(name, number, index)] = ref

    def _resolved(self, ref: Ref) -> Ref:
        return self.flat.get(ref) or replace(ref, layer=self.place.prefix + ref.layer)


def _sorted(sources: Mapping[Node, Sequence[Node]]) -> list[Node]:
    """The calls, each behind those it is computed from. Raises WrongConfig where they run in a circle."""
    place = {node: number for number, node in enumerate(sources)}
    nodes = list(sources)
    edges = [(place[source], place[node]) for node, needed in sources.items() for source in needed]
    order = sort(len(nodes), edges)
    if len(order) < len(nodes):
        raise WrongConfig("its calls run in a circle")
    return [nodes[number] for number in order]


def _entry(name: str, one: Mapping[str, Any]) -> Entry:
    config = one["config"] if isinstance(one["config"], Mapping) else {}
    return Entry(name, str(one.get("class_name") or ""), config, is_operation=_is_operation(one))


def _is_operation(one: Mapping[str, Any]) -> bool:
    """Whether an entry is an operation. Some files do not say where a class is from; but only layers train."""
    module, config = one.get("module"), one["config"]
    if one.get("class_name") in OPERATIONS_OF_OLD:
        return True
    if isinstance(module, str):
        return ".ops." in module
    called_as_now = any(isinstance(node, Mapping) for node in _nodes(one))
    return called_as_now and "trainable" not in config


def _nodes(one: Mapping[str, Any]) -> list[Any]:
    nodes = one.get("inbound_nodes", [])
    return nodes if isinstance(nodes, list) else []
