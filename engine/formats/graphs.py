"""The network as a graph for other programs: networkx's node-link JSON, and GraphML."""

from __future__ import annotations

from engine.formats.exporter import Files, Work, exporter
from graph.formats import to_graphml, to_node_link


@exporter(
    "json",
    title="Graph (node-link JSON)",
    endings=(".json",),
    description="Layers and wires for networkx.node_link_graph; Netloom can import it again.",
)
def write_json(work: Work) -> Files:
    """The graph in networkx's node-link form."""
    return Files(to_node_link(work.project, work.inference).encode())


@exporter(
    "graphml",
    title="Graph (GraphML)",
    endings=(".graphml",),
    description="Layers and wires for yEd, Gephi, Cytoscape and networkx.read_graphml.",
)
def write_graphml(work: Work) -> Files:
    """The graph in GraphML."""
    return Files(to_graphml(work.project, work.inference))
