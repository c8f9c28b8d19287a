"""Shape inference: every layer's inputs, outputs, weights, cost and problems, from the wires and the entries.

Layers are visited once, in the order of the wiring. A layer is asked again only where it, its wires or the shapes that
reach it changed; all else is taken over from the inference before. Behind a layer that has no shape nothing is
reported: one mistake makes one problem.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import networkx as nx

from graph import edits
from graph.apply import apply
from graph.datasets import DataFacts
from graph.entries import against_wire, entry, sources
from graph.inference import NOTHING, Inference, Inferred
from graph.layers.base import Layer
from graph.layers.placeholder import Placeholder
from graph.message import Message, plural
from graph.names import wrong_name
from graph.network import Network, Wire, in_order
from graph.ports import input_masks, input_shapes, wrong_ports
from graph.problem import Fix, Problem

__all__ = ["Inference", "Inferred", "infer"]


def infer(network: Network, facts: DataFacts | None = None, previous: Inference | None = None) -> Inference:
    """Infer every shape, taking over from `previous` what has not changed.

    Where wires run in a circle no order puts every layer behind its sources, so nothing is taken over from or into such
    a network.
    """
    taken = sources(network, facts)
    fresh = Inference(network, facts, {}, taken)
    looped = {name: cycle for cycle in network.wiring.cycles for name in cycle}
    if previous is None or previous.facts != facts or looped or previous.network.wiring.cycles:
        previous = Inference(Network(), facts, {})
    old, old_layers = previous.layers, previous.network.layers
    into, old_into = network.wiring.into, previous.network.wiring.into
    changed: set[str] = set()
    found: dict[str, Inferred] = {}
    for name in network.wiring.order:
        layer = network.layers[name]
        wires = into.get(name, ())
        before = old.get(name)
        if (
            before is not None
            and old_layers[name] is layer
            and wires == old_into.get(name, ())
            and (not changed or not any(wire.source in changed for wire in wires))
            and (wires or _same_entry(name, fresh, previous))
        ):
            found[name] = before
            continue
        found[name] = now = (
            _on_cycle(name, network, looped[name]) if name in looped else _layer(name, wires, fresh, found)
        )
        said = wrong_name(name)
        if said is not None:
            found[name] = now = replace(now, problems=(_wrongly_named(name, said), *now.problems))
        if before is None or _given(before, old_layers[name]) != _given(now, layer):
            changed.add(name)
    return Inference(network, facts, found, taken)


def _same_entry(name: str, now: Inference, before: Inference) -> bool:
    """Whether a layer without wires into it stands as it stood: wired on, and fed by the same part of the data."""
    wired = name in now.network.wiring.out_of and name in before.network.wiring.out_of
    return wired and now.sources.get(name) == before.sources.get(name)


def _given(inferred: Inferred, layer: Layer) -> tuple[object, ...]:
    """What the layers behind one depend on."""
    return inferred.outputs, inferred.masked, layer.outputs


def _layer(name: str, wires: tuple[Wire, ...], known: Inference, found: Mapping[str, Inferred]) -> Inferred:
    network, facts = known.network, known.facts
    layer = network.layers[name]
    if isinstance(layer, Placeholder):
        return Inferred(problems=(_not_understood(name, layer),))
    if not wires:
        source = known.sources.get(name)
        given = facts.inputs[source] if facts is not None and source is not None else None
        return entry(name, layer, network, given, facts)
    problems = wrong_ports(name, layer, wires, network)
    if problems:
        return Inferred(problems=problems)
    wires = in_order(layer, wires)
    xs = input_shapes(wires, network, found)
    if xs is None:
        return NOTHING
    problem = against_wire(name, layer, xs[0]) if xs else None
    if problem is not None:
        return Inferred(inputs=xs, problems=(problem,))
    return apply(name, layer, xs, input_masks(wires, network, found))


def _not_understood(name: str, layer: Placeholder) -> Problem:
    fixes: tuple[Fix, ...] = ()
    if layer.mended is not None:
        text = Message("Use {layer}", layer=layer.mended.key)
        fixes = (Fix(text, partial(edits.replace_layer, name=name, layer=layer.mended)),)
    return Problem(name, layer.reason, Message("Replace it, or delete it."), fixes=fixes)


def _wrongly_named(name: str, said: Message) -> Problem:
    fix = Fix(Message("Mend the name"), partial(edits.mend_name, name=name))
    return Problem(name, said, Message("Give the layer another name."), fixes=(fix,))


def _on_cycle(name: str, network: Network, cycle: frozenset[str]) -> Inferred:
    if name != min(cycle):
        return NOTHING
    first = next(wire.target for wire in network.wiring.out_of[name] if wire.target in cycle)
    trip = [name, *nx.shortest_path(network.wiring.graph, first, name)]
    said = " → ".join(trip) if len(trip) <= 7 else plural(len(trip) - 1, "layer")
    back = [wire for wire in network.wiring.into[name] if wire.source == trip[-2]][:1]
    fix = Fix(Message("Remove the wire from {source}", source=trip[-2]), partial(edits.disconnect, wires=back))
    text = Message("The wires run in a circle: {cycle}.", cycle=said)
    return Inferred(problems=(Problem(name, text, Message("Remove one of these wires."), fixes=(fix,)),))
