"""The one rule for whether two ports may be joined: hovering, dropping, pasting and loading all ask here."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from graph.inference import Inference
from graph.layers.placeholder import Placeholder
from graph.message import Message
from graph.network import Network, Wire, in_order
from graph.ports import input_shapes, port
from graph.ranks import wrong_rank
from graph.shapes import Refusal, Shape


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a wire may be, or why not. `shape` is what the target would then give on, where that is known."""

    allowed: bool
    reason: Message | None = None
    shape: Shape | None = None


def judge(network: Network, wire: Wire, inference: Inference | None = None) -> Verdict:
    """Whether `wire` may be added to `network`; with an inference, also whether its shape fits.

    A port that takes one wire and has one is no reason to refuse: the new wire takes the old one's place.
    """
    refused = _structure(network, wire)
    if refused is not None:
        return Verdict(False, refused)
    if inference is None:
        return Verdict(True)
    return _shape(network, wire, inference)


def _structure(network: Network, wire: Wire) -> Message | None:
    for name in (wire.source, wire.target):
        if name not in network.layers:
            return Message("There is no layer named {name}.", name=name)
    if wire.source == wire.target:
        return Message("A layer cannot feed itself.")
    if port(network.layers[wire.source].outputs, wire.source_port) is None:
        return Message("{name} has no output {port}.", name=wire.source, port=wire.source_port)
    if port(network.layers[wire.target].inputs, wire.target_port) is None:
        return Message("{name} takes no wires here.", name=wire.target)
    if wire in network.wires:
        return Message("They are joined already.")
    if nx.has_path(network.wiring.graph, wire.target, wire.source):
        return Message("The wires would run in a circle.")
    return None


def _shape(network: Network, wire: Wire, inference: Inference) -> Verdict:
    """The shape the target would give on, with the wires it has and this one."""
    layer = network.layers[wire.target]
    ends_in = port(layer.inputs, wire.target_port)
    many = ends_in is not None and ends_in.many
    kept = [w for w in network.wiring.into.get(wire.target, ()) if many or w.target_port != wire.target_port]
    joined = {w.target_port for w in (*kept, wire)}
    if isinstance(layer, Placeholder) or not all(p.optional or p.name in joined for p in layer.inputs):
        return Verdict(True)
    xs = input_shapes(in_order(layer, (*kept, wire)), network, inference.layers)
    if xs is None:
        return Verdict(True)
    outcome = wrong_rank(layer, xs) or layer.output_shapes(xs)
    if isinstance(outcome, Refusal):
        return Verdict(False, outcome.text)
    return Verdict(True, shape=outcome[0])
