"""The network as a figure for papers, which `graph.figure` draws."""

from __future__ import annotations

from engine.formats.exporter import Files, Work, exporter
from graph.figure import figure, to_svg


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
