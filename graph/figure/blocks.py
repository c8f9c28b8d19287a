"""What a figure draws: one block a layer, but for those that only change the values of the block before them.

Activations, normalizations and regularizations become thin slabs on the block whose shape they keep, as papers draw
them, and an Output says nothing more than its source does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.inference import Inference
from graph.layers.activation import Activation
from graph.layers.base import Layer
from graph.network import Network, Wire
from graph.shapes import Shape, Shapes

SLABS = ("Activation", "Normalization", "Regularization")


@dataclass(frozen=True)
class Block:
    """A layer with the layers that are drawn as slabs on it."""

    layer: Layer
    inputs: Shapes
    shape: Shape | None
    slabs: tuple[Layer, ...] = ()


@dataclass(frozen=True)
class Repeat:
    """A part that is drawn once and stands there `count` times."""

    names: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Blocks:
    """Blocks by the name of their layer, their wiring, and the parts that stand for several alike."""

    blocks: Mapping[str, Block]
    network: Network
    repeats: tuple[Repeat, ...] = field(default=())


def blocks_of(inference: Inference) -> Blocks:
    """The blocks of a network; two wires between the same two are one."""
    network = inference.network
    homes: dict[str, str] = {}
    slabs: dict[str, list[Layer]] = {}
    for name in network.order:
        homes[name] = home = _home(name, inference, homes)
        slabs.setdefault(home, own_slabs(network.layers[name]) if home == name else [])
        if home != name and network.layers[name].key != "Output":
            slabs[home].append(network.layers[name])
    blocks = {}
    for name, layer in network.layers.items():
        if homes[name] == name:
            known = inference.layers[name]
            shape = known.outputs[0] if known.outputs else None
            blocks[name] = Block(layer, known.inputs, shape, tuple(slabs[name]))
    wires = [Wire(homes[wire.source], wire.target) for wire in network.wires if homes[wire.target] == wire.target]
    return Blocks(blocks, Network.of({name: block.layer for name, block in blocks.items()}, wires))


def own_slabs(layer: Layer) -> list[Layer]:
    """The activation that a layer has in itself, as a layer."""
    inside = layer.activation_behind
    return [Activation(inside)] if inside != "linear" and layer.category != "Activation" else []


def _home(name: str, inference: Inference, homes: Mapping[str, str]) -> str:
    """The name of the block that a layer is drawn with."""
    network = inference.network
    layer, wires = network.layers[name], network.wiring.into.get(name, ())
    if len(wires) != 1 or (layer.category not in SLABS and layer.key != "Output"):
        return name
    source = wires[0].source
    before, now = inference.layers[source].outputs, inference.layers[name].outputs
    alone = len(network.wiring.out_of[source]) == 1 and source in homes
    if not alone or network.layers[source].key == "Input" or before is None or now is None or before[0] != now[0]:
        return name
    return homes[source]
