"""The config of a model of Keras as one flat list of calls, whatever form it has.

There are three: functional models of Keras 3 (tensors as objects), of Keras 2 (tensors as lists of layer, call and
output), and sequential ones. Models inside of models are opened, their layers named after both; a layer that is called
several times is listed once for each call. Nothing here knows what a layer does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.formats.keras.order import Node, groups, ordered
from graph.network import sort

MODELS = ("Functional", "Sequential", "Model")
INPUT = "InputLayer"
OPERATIONS_OF_OLD = ("TFOpLambda", "SlicingOpLambda")
MOST = 12_000
DEEPEST = 16


Said = tuple[tuple[Any, ...], Mapping[str, Any]]
"""The arguments of a call by place and by name."""


class WrongConfig(ValueError):
    """A config that says no model."""


@dataclass(frozen=True)
class Ref:
    """The output number `index` of the call number `call` of a layer, by its name in the flat list."""

    layer: str
    call: int
    index: int = 0


@dataclass(frozen=True)
class Entry:
    """A layer or operation: what the file says of it, and where its weights are.

    `group` is its group in a file of weights by class and number, `names` the way to it by names, for older files.
    """

    name: str
    class_name: str
    config: Mapping[str, Any]
    group: str = ""
    names: tuple[str, ...] = ()
    is_operation: bool = False
    """Whether it is a function and no layer."""


@dataclass(frozen=True)
class Call:
    """One call of an entry: what it takes, by place and by name."""

    entry: Entry
    call: int
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def refs(self) -> list[Ref]:
        """All that it is computed from."""
        return list(refs_in((self.arguments, self.keywords)))


@dataclass(frozen=True)
class Flat:
    """A model opened: its calls, each behind those it is computed from, and its ends."""

    name: str
    calls: tuple[Call, ...]
    inputs: tuple[Ref, ...]
    outputs: Mapping[str, Ref]
    shapes: Mapping[Ref, tuple[int | None, ...]]


def refs_in(value: Any) -> Iterator[Ref]:
    """Every tensor in an argument; keywords in the order of their names, as Keras walks them."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from refs_in(value[key])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from refs_in(one)


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
    """Where a model stands: what its layers' names begin with, its group of weights, the way to it by names."""

    prefix: str = ""
    group: str = ""
    names: tuple[str, ...] = ()


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
            layers, inputs, outputs = _as_functional(layers, model)
        found: dict[str, Mapping[str, Any]] = {}
        for one in layers:
            self.count(1)
            name = _name(one)
            if name in found:
                raise WrongConfig(f"two layers of it are called {name!r}")
            found[name] = one
        return _Scope(self, found, place).read(_ends(inputs), _named_ends(outputs), given)

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
        own = groups((n, _entry(n, self.found[n]).class_name) for n in order if not self._is_operation(n))
        for node in nodes:
            if Ref(*node) not in self.flat:
                self._call(node, own.get(node[0]), calls[node])
        return _Opened([self._resolved(r) for r in inputs], {name: self._resolved(r) for name, r in outputs.items()})

    def _is_operation(self, name: str) -> bool:
        return _entry(name, self.found[name]).is_operation

    def _calls(self) -> dict[Node, Said]:
        """The arguments of every call; what is not called gives itself, as an input does."""
        known, calls = set(self.found), {}
        for name, one in self.found.items():
            self.reader.count(len(_nodes(one)))
            for number, node in enumerate(_nodes(one) or [{}]):
                calls[name, number] = _arguments(node, known, self.reader.shapes, self.place.prefix)
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

    def _call(self, node: Node, group: str | None, said: Said) -> None:
        name, number = node
        names = (*self.place.names, name)
        entry = replace(
            _entry(self.place.prefix + name, self.found[name]),
            group=f"{self.place.group}layers/{group}" if group else "",
            names=names,
        )
        arguments, keywords = replaced(said, self._resolved)
        if entry.class_name not in MODELS:
            self.reader.calls.append(Call(entry, number, arguments, keywords))
            return
        prefix = f"{entry.name}_{number}_" if number else f"{entry.name}_"
        inside = _Place(prefix, f"{entry.group}/" if group else "", names)
        opened = self.reader.open(self.found[name], inside, list(refs_in(arguments)))
        for index, ref in enumerate(opened.outputs.values()):
            self.flat[Ref(name, number, index)] = ref

    def _resolved(self, ref: Ref) -> Ref:
        return self.flat.get(ref) or replace(ref, layer=self.place.prefix + ref.layer)


def replaced(value: Any, change: Callable[[Ref], Ref]) -> Any:
    """An argument with its tensors changed."""
    if isinstance(value, Ref):
        return change(value)
    if isinstance(value, Mapping):
        return {key: replaced(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([replaced(one, change) for one in value])
    return value


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


def _arguments(node: Any, known: set[str], shapes: dict[Ref, tuple[int | None, ...]], prefix: str) -> Said:
    """The arguments of a call: of Keras 3, where tensors are objects, or of Keras 2, where they are lists."""
    if isinstance(node, Mapping):
        arguments, keywords = node.get("args", []), node.get("kwargs") or {}
        if not isinstance(arguments, list) or not isinstance(keywords, Mapping):
            raise WrongConfig("a call of it has no arguments")
        read = _new(arguments, shapes, prefix, 0)
        return tuple(read), {str(key): _new(one, shapes, prefix, 0) for key, one in keywords.items()}
    if not isinstance(node, list):
        raise WrongConfig("a call of it is no call")
    if node and isinstance(node[0], str):
        node = [node]
    refs: list[Ref] = []
    named: dict[str, Any] = {}
    for one in node:
        if not (isinstance(one, list) and len(one) >= 3):
            raise WrongConfig("a call of it is no call")
        refs.append(_old(one[:3], known))
        if len(one) > 3 and isinstance(one[3], Mapping):
            named |= {str(key): _old_argument(value, known) for key, value in one[3].items()}
    return (refs[0] if len(refs) == 1 else refs,), named


def _new(value: Any, shapes: dict[Ref, tuple[int | None, ...]], prefix: str, depth: int) -> Any:
    if depth > 64:
        raise WrongConfig("its arguments are too deep")
    if isinstance(value, list):
        return [_new(one, shapes, prefix, depth + 1) for one in value]
    if not isinstance(value, Mapping):
        return value
    said, config = value.get("class_name"), value.get("config")
    if said == "__keras_tensor__" and isinstance(config, Mapping):
        history = config.get("keras_history")
        if not (isinstance(history, list) and len(history) == 3 and isinstance(history[0], str)):
            raise WrongConfig("a tensor of it comes from nowhere")
        ref = Ref(history[0], _whole(history[1]), _whole(history[2]))
        shape = config.get("shape")
        if isinstance(shape, list) and all(n is None or isinstance(n, int) for n in shape):
            shapes[Ref(prefix + ref.layer, ref.call, ref.index)] = tuple(shape)
        return ref
    if said == "__slice__" and isinstance(config, Mapping):
        return slice(config.get("start"), config.get("stop"), config.get("step"))
    if said == "__ellipsis__":
        return ...
    return {str(key): _new(one, shapes, prefix, depth + 1) for key, one in value.items()}


def _old(value: list[Any], known: set[str]) -> Ref:
    if value[0] not in known:
        raise WrongConfig(f"{value[0]!r} is needed, but is not there")
    return Ref(value[0], _whole(value[1]), _whole(value[2]))


def _old_argument(value: Any, known: set[str]) -> Any:
    if isinstance(value, list):
        if len(value) == 3 and isinstance(value[0], str) and value[0] in known and isinstance(value[1], int):
            return _old(value, known)
        return [_old_argument(one, known) for one in value]
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise WrongConfig(f"{value!r} is no number of a call")
    return value


def _ends(value: Any) -> list[Ref]:
    """The inputs or outputs, in whatever structure they are."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        return [Ref(value[0], _whole(value[1]), _whole(value[2]))]
    if isinstance(value, Mapping):
        return [ref for key in sorted(value) for ref in _ends(value[key])]
    if isinstance(value, list):
        return [ref for one in value for ref in _ends(one)]
    raise WrongConfig("its inputs or outputs are missing")


def _named_ends(value: Any) -> dict[str, Ref]:
    """The outputs by their names; by numbers where they have none."""
    if isinstance(value, Mapping):
        named = {str(key): _ends(one) for key, one in value.items()}
        return {name: refs[0] for name, refs in named.items() if refs}
    return {f"\0{place:04}": ref for place, ref in enumerate(_ends(value))}


def _as_functional(layers: list[Any], model: Any) -> tuple[list[Any], Any, Any]:
    """A chain of layers with the calls that it stands for."""
    made: list[Any] = []
    before: str | None = None
    for place, one in enumerate(layers):
        if not isinstance(one, Mapping) or not isinstance(one.get("config"), Mapping | list):
            raise WrongConfig("an entry of it is no layer")
        config = one["config"]
        name = str((config.get("name") if isinstance(config, Mapping) else None) or f"layer_{place}")
        if before is None and one.get("class_name") != INPUT:
            shape = _stated(one, model)
            made.append({"class_name": INPUT, "config": {"batch_shape": shape}, "name": f"{name}_input"})
            before = f"{name}_input"
        nodes = [[[before, 0, 0, {}]]] if before is not None else []
        made.append({**one, "name": name, "inbound_nodes": nodes})
        before = name
    if not made:
        raise WrongConfig("it has no layers")
    return made, [made[0]["name"], 0, 0], [before, 0, 0]


def _stated(first: Mapping[str, Any], model: Any) -> Any:
    """The shape that reaches the first layer of a chain, where the file says it."""
    config = first["config"]
    if isinstance(config, Mapping):
        if first.get("class_name") in MODELS:
            inner = config.get("layers") or [{}]
            return _stated(inner[0], None) if isinstance(inner[0], Mapping) and "config" in inner[0] else None
        for key in ("batch_input_shape", "batch_shape"):
            if config.get(key) is not None:
                return config[key]
    built = model.get("build_config") if isinstance(model, Mapping) else None
    return built.get("input_shape") if isinstance(built, Mapping) else None
