"""The graph for other programs: networkx's node-link JSON, which can be read back, and GraphML.

A node carries `type`, `parameters` (those that differ from their default), `position` and, where they are known,
`output_shape` and `params`. An edge carries its two ports; its key is its place among the wires. In GraphML, whose
attributes are single values, parameters and shapes are JSON text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import networkx as nx

from graph.inference import Inference
from graph.json_text import dump, parse
from graph.message import Message
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project
from graph.read_layers import read_layers, read_positions, read_wires
from graph.reading import Notices
from graph.serialize import Loaded, layer_entry, wire_entry

FOUND = ("id", "position", "output_shape", "params")
"""What a node says besides the entry of its layer."""


def to_node_link(project: Project, inference: Inference) -> str:
    """The network as node-link JSON; `networkx.node_link_graph(data, edges="edges")` reads it."""
    return dump(nx.node_link_data(graph_of(project, inference), edges="edges"))


def graph_of(project: Project, inference: Inference) -> nx.MultiDiGraph[str]:
    """The network as a graph of networkx's, with everything said of layers and wires as attributes."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, layer in project.network.layers.items():
        attributes = {key: value for key, value in layer_entry(name, layer).items() if key != "name"}
        if name in project.positions:
            attributes["position"] = list(project.positions[name])
        known = inference.layers[name]
        if known.outputs is not None:
            attributes |= {"output_shape": list(known.outputs[0]), "params": known.parameters}
        graph.add_nodes_from([(name, attributes)])
    for number, wire in enumerate(project.network.wires):
        ports = {"source_port": wire.source_port, "target_port": wire.target_port}
        graph.add_edge(wire.source, wire.target, number, **ports)
    return graph


def from_node_link(text: str) -> Loaded:
    """The network that node-link JSON holds. Raises FileProblem where it is something else."""
    nodes, edges = _lists(parse(text))
    layers, positions = [], {}
    for node in nodes:
        name = _name(node.get("id"))
        layers.append({"name": name} | {key: value for key, value in node.items() if key not in FOUND})
        if isinstance(name, str) and "position" in node:
            positions[name] = node["position"]
    notices = Notices()
    found = read_layers(layers, notices)
    wires = read_wires([_wire(edge) for edge in sorted(edges, key=_number)], found, notices)
    return Loaded(Project(Network.of(found, wires), read_positions(positions, found, notices)), notices.all())


def _lists(document: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if isinstance(document, dict):
        lists = (document.get("nodes"), document.get("edges", document.get("links")))
        nodes, edges = ([e for e in a if isinstance(e, dict)] if isinstance(a, list) else None for a in lists)
        if nodes is not None and edges is not None:
            return nodes, edges
    raise FileProblem(
        Message("This is not a graph in node-link form: it has no lists of nodes and edges."),
        Message("Choose a file that Netloom or networkx.node_link_data has written."),
    )


def _number(edge: Mapping[str, Any]) -> int:
    key = edge.get("key")
    return key if isinstance(key, int) else 0


def _name(said: Any) -> Any:
    """A name as text; networkx likes to number its nodes."""
    return str(said) if isinstance(said, int) else said


def _wire(edge: Mapping[str, Any]) -> dict[str, Any]:
    """An edge as the project file writes a wire."""
    said = [
        _name(edge.get("source")),
        _name(edge.get("target")),
        edge.get("source_port", "y"),
        edge.get("target_port", "x"),
    ]
    return wire_entry(Wire(*said)) if all(isinstance(one, str) for one in said) else {}


def to_graphml(project: Project, inference: Inference) -> bytes:
    """The network as GraphML. A character that XML cannot hold is written as its number, such as \\u0001."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for name, attributes in graph_of(project, inference).nodes(data=True):
        x, y = attributes.pop("position", (0.0, 0.0))
        plain = {key: v if key == "params" else xml_text(v) for key, v in attributes.items()}
        graph.add_nodes_from([(xml_text(name), {"x": x, "y": y} | plain)])
    for number, wire in enumerate(project.network.wires):
        ports = {"source_port": xml_text(wire.source_port), "target_port": xml_text(wire.target_port)}
        graph.add_edge(xml_text(wire.source), xml_text(wire.target), number, **ports)
    stream = BytesIO()
    nx.write_graphml_xml(graph, stream, named_key_ids=True)
    return stream.getvalue()


NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: Any) -> str:
    """Text as it is, anything else as JSON, without the characters that XML 1.0 forbids."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
