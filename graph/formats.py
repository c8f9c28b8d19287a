"""The graph for other programs: networkx's node-link JSON, which can be read back, and GraphML.

A node carries `type`, `parameters` (those that differ from their default), and, where they are known, `output_shape`
and `params`. An edge's key is its two ports. In GraphML, whose attributes are single values, parameters and shape are
JSON text.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import networkx as nx

from graph.inference import Inference
from graph.json_text import dump, parse
from graph.message import Message
from graph.network import Network
from graph.problem import FileProblem
from graph.project import Project
from graph.read_layers import read_layers, read_positions, read_wires
from graph.reading import Notices
from graph.serialize import Loaded, layer_entry


def to_node_link(project: Project, inference: Inference) -> str:
    """The network as node-link JSON, with positions."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(format="netloom-graph")
    for name, layer in project.network.layers.items():
        entry = {key: value for key, value in layer_entry(name, layer).items() if key != "name"}
        place = project.positions.get(name)
        graph.add_node(name, **_known(name, inference), layer=entry, **({"position": list(place)} if place else {}))
    for wire in project.network.wires:
        graph.add_edge(wire.source, wire.target, f"{wire.source_port} → {wire.target_port}", ports=_ends(wire))
    return dump(nx.node_link_data(graph, edges="edges"))


def from_node_link(text: str) -> Loaded:
    """The network of node-link JSON that Netloom wrote. Raises FileProblem where it is something else."""
    document = parse(text)
    nodes, edges = _lists(document)
    entries: list[Any] = []
    positions: dict[str, Any] = {}
    for node in nodes:
        layer = node.get("layer") if isinstance(node, dict) else None
        if not isinstance(layer, dict):
            entries.append(node)
            continue
        entries.append({"name": node.get("id"), **layer})
        if isinstance(node.get("id"), str) and "position" in node:
            positions[node["id"]] = node["position"]
    notices = Notices()
    layers = read_layers(entries, notices)
    wires = read_wires([_wire_entry(edge) for edge in edges], layers, notices)
    return Loaded(Project(Network.of(layers, wires), read_positions(positions, layers, notices)), notices.all())


def to_graphml(project: Project, inference: Inference) -> bytes:
    """The network as GraphML. Characters that XML cannot hold are left out."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, layer in project.network.layers.items():
        known = {key: _text(value) for key, value in _known(name, inference).items()}
        x, y = project.positions.get(name, (0.0, 0.0))
        graph.add_node(_xml(name), type=_xml(layer.key), parameters=_text(layer.changed()), x=x, y=y, **known)
    for number, wire in enumerate(project.network.wires):
        graph.add_edge(
            _xml(wire.source),
            _xml(wire.target),
            number,
            source_port=_xml(wire.source_port),
            target_port=_xml(wire.target_port),
        )
    stream = BytesIO()
    nx.write_graphml(graph, stream, named_key_ids=True)
    return stream.getvalue()
