"""Layers, wires and positions, read from the project file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from graph.declare import ParameterError, UnknownName
from graph.fields.inner import LayerField
from graph.json_text import check_depth
from graph.layers import Layer, layers
from graph.layers.placeholder import Placeholder
from graph.message import Message, sentence
from graph.names import did_you_mean, fresh
from graph.network import Wire
from graph.problem import FileProblem
from graph.project import Position
from graph.reading import Notices, mapping, shown, unknown_keys

MOST_LAYERS = 100_000
MOST_SEARCHED = 1_000
"""Above this many names, the nearest one is not searched: a broken file should not take minutes to read."""


def read_layers(said: Any, notices: Notices) -> dict[str, Layer]:
    """The layers by name. One that is not understood becomes a Placeholder; a name taken twice gets a number."""
    if not isinstance(said, list):
        raise FileProblem(
            Message("The file has no list of layers."), Message("Restore an earlier copy, or begin a new project.")
        )
    if len(said) > MOST_LAYERS:
        raise FileProblem(
            Message("The file has {n:,} layers; at most {limit:,} are read.", n=len(said), limit=MOST_LAYERS),
            Message("Check that this is the right file."),
        )
    found: dict[str, Layer] = {}
    same: dict[str, int] = {}
    for entry in said:
        if not isinstance(entry, dict):
            notices.add("A layer is not an object, so it is left out: {value}.", value=shown(entry))
            continue
        layer = read_layer(entry)
        name = _name(entry, found, same, notices)
        if not isinstance(layer, Placeholder):
            unknown_keys(entry, ("name", "type", "parameters"), Message("the layer {name}", name=name), notices)
        found[name] = layer
    return found


def _name(entry: Mapping[str, Any], taken: Mapping[str, Layer], same: dict[str, int], notices: Notices) -> str:
    """The name of an entry, made fresh where there is none or it is taken; `same` counts how often it was."""
    said = entry.get("name")
    wanted = said if isinstance(said, str) and said else "layer"
    same[wanted] = same.get(wanted, 0) + 1
    name = fresh(wanted, taken, max(same[wanted] - 1, 1))
    if wanted is not said:
        notices.add("A layer has no name; it is called {name!r} now.", name=name)
    elif name != wanted:
        notices.add("Two layers are named {said!r}; one is called {name!r} now, without wires.", said=said, name=name)
    return name


def read_layer(entry: Mapping[str, Any]) -> Layer:
    """The layer that an entry of the file describes, or a Placeholder that keeps the entry and says why."""
    key, parameters = entry.get("type"), entry.get("parameters", {})
    try:
        if isinstance(key, str) and isinstance(parameters, dict):
            return layers.make(key, parameters)
        reason = Message("The file does not say what kind of layer this is.")
    except UnknownName as error:
        reason = error.args[0]
    except ParameterError as error:
        reason = Message(
            "{layer} cannot be read. {parameter}: {text}",
            layer=key,
            parameter=error.parameter,
            text=sentence(error.text),
        )
    given = {name: value for name, value in entry.items() if name != "name"}
    check_depth(given)
    return Placeholder(
        type_name=key if isinstance(key, str) else "",
        given=given,
        reason=reason,
        mended=mend(key, parameters if isinstance(parameters, dict) else {}) if isinstance(key, str) else None,
    )


def mend(key: str, parameters: Mapping[str, Any]) -> Layer | None:
    """The layer that was probably meant: the nearest type, the nearest parameters, defaults for the rest."""
    near = key if key in layers else did_you_mean(key, layers.names())
    if near is None:
        return None
    cls = layers[near]
    taken: dict[str, Any] = {}
    for said, value in parameters.items():
        name = said if said in cls.parameters else did_you_mean(said, cls.parameters.keys() - parameters.keys())
        if name is None:
            continue
        field = cls.parameters[name]
        if isinstance(field, LayerField) and isinstance(value, Mapping) and isinstance(value.get("type"), str):
            value = _mended_inside(field, value)
        try:
            taken[name] = field.parse(value)
        except ValueError:
            continue
    return cls(**taken)


def _mended_inside(field: LayerField, said: Mapping[str, Any]) -> Any:
    """What was probably meant by a layer in a parameter; as it stands where that is too deep to be one."""
    given = said.get("parameters")
    return said if field.too_deep(said) else mend(said["type"], given if isinstance(given, Mapping) else {})


def read_wires(said: Any, layers: Mapping[str, Layer], notices: Notices) -> list[Wire]:
    """The wires whose ends are there, in order; of the others it is said that they were left out."""
    if said is not None and not isinstance(said, list):
        notices.add("The wires are not a list, so they are left out.")
        return []
    found = []
    for entry in said or []:
        keys = {"source": "from", "target": "to", "source_port": "from_port", "target_port": "to_port"}
        ends = {end: entry[key] for end, key in keys.items() if key in entry} if isinstance(entry, dict) else {}
        if not {"source", "target"} <= ends.keys() or not all(isinstance(end, str) for end in ends.values()):
            notices.add("A wire does not say its two ends, so it is left out: {value}.", value=shown(entry))
            continue
        unknown_keys(entry, tuple(keys.values()), Message("a wire"), notices)
        wire = Wire(**ends)
        missing = [name for name in (wire.source, wire.target) if name not in layers]
        if missing:
            near = did_you_mean(missing[0], layers) if len(layers) <= MOST_SEARCHED else None
            notices.add(
                "The wire from {source!r} to {target!r} is left out: there is no layer named {name!r}.{question}",
                source=wire.source,
                target=wire.target,
                name=missing[0],
                question=Message(" Did you mean {near!r}?", near=near) if near else "",
            )
            continue
        found.append(wire)
    return found


def read_positions(said: Any, layers: Mapping[str, Layer], notices: Notices) -> Mapping[str, Position]:
    """Where the cards stand; a layer without a place here has none yet."""
    found: dict[str, Position] = {}
    for name, place in mapping(said, Message("positions"), notices).items():
        if name not in layers:
            notices.add("There is a position for {name!r}, but no such layer; it is left out.", name=name)
        elif not isinstance(place, list) or len(place) != 2 or not all(map(_is_coordinate, place)):
            notices.add(
                "The position of {name!r} is not two numbers, so it is left out: {value}.",
                name=name,
                value=shown(place),
            )
        else:
            found[name] = (float(place[0]), float(place[1]))
    return MappingProxyType(found)


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e9
