"""Data for one project: which array is which by its network, and targets as its losses want them."""

from __future__ import annotations

from pathlib import Path

from engine.data.load import load
from engine.data.prepare import Prepared, Wanted, prepare
from engine.data.problem import Progress
from engine.data.samples import Samples
from graph.inference import Inference
from graph.layers.core import Embedding
from graph.network import Network
from graph.pairing import pair
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


def prepare_for(project: Project, inference: Inference, samples: Samples) -> Prepared:
    """Prepare samples for the project's network, which was inferred from `samples.facts` and has no errors."""
    pairing = pair(inference)
    wanted = {}
    for result, target in pairing.targets.items():
        shapes = inference.layers[result].outputs
        wanted[target] = Wanted(project.training.loss_of(result).target, shapes[0][-1] if shapes else None)
    whole = {given for entry, given in pairing.inputs.items() if feeds_embedding(project.network, entry)}
    return prepare(samples, project.data, wanted, whole)


def feeds_embedding(network: Network, entry: str) -> bool:
    """Whether what comes in at `entry` is looked up in an Embedding."""
    layers = network.layers
    if isinstance(layers[entry], Embedding):
        return True
    return any(isinstance(layers[wire.target], Embedding) for wire in network.wiring.out_of.get(entry, ()))
