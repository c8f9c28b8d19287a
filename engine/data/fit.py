"""Data for one project: which array of a file is what follows from the names of its network's ends."""

from __future__ import annotations

from pathlib import Path

from engine.data.load import load
from engine.data.problem import Progress
from engine.data.samples import Samples
from graph.network import Network
from graph.project import Project


def load_for(project: Project, base: Path | None = None, progress: Progress | None = None) -> Samples:
    """The samples of a project; the names of its network's ends say which array of a file is what."""
    inputs, outputs = ends(project.network)
    return load(project.data, base, inputs=inputs, outputs=outputs, progress=progress)


def ends(network: Network) -> tuple[list[str], list[str]]:
    """The layers nothing leads to, and those that nothing follows or that are Outputs."""
    into, out_of = network.wiring.into, network.wiring.out_of
    last = [name for name, layer in network.layers.items() if name not in out_of or layer.key == "Output"]
    return [name for name in network.layers if name not in into], last
