"""Which layers fit at the free end of a wire, those that most often follow first."""

from __future__ import annotations

from dataclasses import dataclass

from graph import edits
from graph.connect import Verdict, judge
from graph.infer import Inference
from graph.layers import CATEGORIES, Layer, layers
from graph.names import fresh
from graph.network import Wire
from graph.project import Project
from gui.canvas.port_item import Port

FOLLOWS = {
    "Input & output": ("Dense", "Conv2D", "Embedding", "Flatten"),
    "Convolution": ("BatchNormalization", "Activation", "MaxPooling2D", "Conv2D", "Add", "Dropout", "Flatten"),
    "Pooling": ("Conv2D", "Flatten", "Dropout", "Dense"),
    "Normalization": ("Activation", "Conv2D", "Dense", "MaxPooling2D", "Add"),
    "Activation": ("MaxPooling2D", "Conv2D", "Dense", "Dropout", "Add"),
    "Core": ("Dense", "Dropout", "Activation", "BatchNormalization", "Flatten", "Output"),
    "Regularization": ("Dense", "Conv2D", "Flatten", "Output"),
    "Reshape": ("Dense", "Dropout", "Conv2D"),
    "Merge": ("Activation", "Dense", "Conv2D", "BatchNormalization"),
}
"""What people put behind a layer of a category, the most usual first."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A layer that may be added, and what a wire to or from it would come to."""

    layer: type[Layer]
    verdict: Verdict


def fitting(project: Project, inference: Inference, name: str, port: Port | None = None) -> list[Suggestion]:
    """The layers that a wire from (or to) a port of the layer `name` may go to (or come from)."""
    here = project.network.layers[name]
    backwards = port is not None and port.side == "input"
    taken = set(project.network.layers)
    trials: dict[str, type[Layer]] = {}
    for layer in layers:
        key = fresh("candidate", taken)
        taken.add(key)
        trials[key] = layer
    network = edits.add_layers(project, {key: layer() for key, layer in trials.items()}, {}).network
    found = []
    for key, layer in trials.items():
        ours, theirs = (here.inputs, layer.outputs) if backwards else (here.outputs, layer.inputs)
        if not ours or not theirs:
            continue
        mine = port.name if port is not None else ours[0].name
        wire = Wire(key, name, theirs[0].name, mine) if backwards else Wire(name, key, mine, theirs[0].name)
        verdict = judge(network, wire, inference)
        if verdict.allowed:
            found.append(Suggestion(layer, verdict))
    return sorted(found, key=lambda suggestion: _rank(here, suggestion.layer, backwards))


def everything() -> list[Suggestion]:
    """Every layer, in the order of the palette."""
    return sorted((Suggestion(layer, Verdict(True)) for layer in layers), key=lambda s: _place(s.layer))


def _rank(here: Layer, layer: type[Layer], backwards: bool) -> tuple[int, int, int]:
    if backwards:
        usual = FOLLOWS.get(layer.category, ())
        return (usual.index(here.key) if here.key in usual else len(usual) + 8, *_place(layer))
    usual = FOLLOWS.get(here.category, ())
    return (usual.index(layer.key) if layer.key in usual else len(usual), *_place(layer))


def _place(layer: type[Layer]) -> tuple[int, int]:
    return (CATEGORIES.index(layer.category), list(layers).index(layer))
