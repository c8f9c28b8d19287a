"""The network as a graph for other programs: node-link JSON, GraphML, DOT, Mermaid, and a figure for papers."""

from __future__ import annotations

from engine.formats.exporter import Files, Work, exporter
from graph.diagrams import to_dot, to_mermaid
from graph.figure import figure, to_svg
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


@exporter(
    "dot",
    title="Graph (DOT)",
    endings=(".dot", ".gv"),
    description="Layers and wires for Graphviz, which lays them out and draws them.",
)
def write_dot(work: Work) -> Files:
    """The graph in Graphviz's language."""
    return Files(to_dot(work.inference, work.name).encode(errors="replace"))


@exporter(
    "mermaid",
    title="Graph (Mermaid)",
    endings=(".mmd", ".mermaid"),
    description="A flowchart in text, which GitHub, GitLab and many wikis draw in a page.",
)
def write_mermaid(work: Work) -> Files:
    """The graph as a Mermaid flowchart."""
    return Files(to_mermaid(work.inference).encode(errors="replace"))


@exporter(
    "diagram",
    title="Diagram for papers (SVG)",
    endings=(".diagram.svg",),
    description="Feature maps as boxes in proportion to their shapes, repeated parts drawn once, with a legend.",
)
def write_diagram(work: Work) -> Files:
    """The figure as lines and text."""
    return Files(diagram(work).encode())


def diagram(work: Work) -> str:
    """The figure as SVG."""
    return to_svg(figure(work.inference), work.name)
