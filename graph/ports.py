"""The wires into one layer held against its ports, and the shapes they bring."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from graph import edits
from graph.inference import NOTHING, Inferred
from graph.layers.base import Layer, Port
from graph.layers.placeholder import Placeholder
from graph.message import Message
from graph.network import Network, Wire
from graph.problem import Fix, Problem
from graph.shapes import Shape, Shapes


def port(ports: tuple[Port, ...], name: str) -> Port | None:
    """The port of this name, or None."""
    return next((p for p in ports if p.name == name), None)


def wrong_ports(name: str, layer: Layer, wires: tuple[Wire, ...], network: Network) -> tuple[Problem, ...]:
    """What is wrong with the number and the ends of the wires into a layer."""
    if len(wires) == 1 and len(layer.inputs) == 1 and not layer.inputs[0].many and _ends_fit(layer, wires[0], network):
        return ()
    problems = []
    counts = dict.fromkeys((p.name for p in layer.inputs), 0)
    for wire in wires:
        cut = Fix(Message("Remove the wire"), partial(edits.disconnect, wires=(wire,)))
        if not _ends_fit(layer, wire, network):
            text = Message("The wire from {source} ends in a port that is not there.", source=wire.source)
            problems.append(Problem(name, text, Message("Remove it and draw it again."), fixes=(cut,)))
            continue
        counts[wire.target_port] += 1
        target = port(layer.inputs, wire.target_port)
        if counts[wire.target_port] == 2 and target is not None and not target.many:
            text = Message("{layer} takes one wire, but has {n}.", layer=layer.key, n=len(wires))
            hint = Message("Join them in an Add or a Concatenate, or remove one.")
            problems.append(Problem(name, text, hint, port=wire.target_port, fixes=(cut,)))
    for p in layer.inputs if not problems else ():
        if counts[p.name] < (p.least if p.many else 0 if p.optional else 1):
            need = Message("at least 2 inputs") if p.many and p.least == 2 else Message("an input")
            text = Message("{layer} needs {need}, but has {n}.", layer=layer.key, need=need, n=counts[p.name])
            problems.append(Problem(name, text, Message("Draw another wire to it."), port=p.name))
    return tuple(problems)


def _ends_fit(layer: Layer, wire: Wire, network: Network) -> bool:
    """Whether both ports are there; of a Placeholder's ports nothing is known."""
    source = network.layers[wire.source]
    leaves = isinstance(source, Placeholder) or port(source.outputs, wire.source_port) is not None
    return leaves and port(layer.inputs, wire.target_port) is not None


def input_shapes(wires: tuple[Wire, ...], network: Network, found: Mapping[str, Inferred]) -> Shapes | None:
    """The shapes that wires bring, or None where one is not known."""
    xs: list[Shape] = []
    for wire in wires:
        x = _brought(wire, network, found)
        if x is None:
            return None
        xs.append(x)
    return tuple(xs)


def input_masks(wires: tuple[Wire, ...], network: Network, found: Mapping[str, Inferred]) -> tuple[bool, ...]:
    """Which of the wires bring a mask; nothing where none does."""
    if not any(found.get(wire.source, NOTHING).masked for wire in wires):
        return ()
    return tuple(
        found[wire.source].masked and wire.source_port == network.layers[wire.source].outputs[0].name for wire in wires
    )


def _brought(wire: Wire, network: Network, found: Mapping[str, Inferred]) -> Shape | None:
    outputs = found.get(wire.source, NOTHING).outputs
    if outputs is None or len(outputs) == 1:
        return None if outputs is None else outputs[0]
    names = [p.name for p in network.layers[wire.source].outputs]
    return outputs[names.index(wire.source_port)]
