"""Where Keras keeps each weight of a layer: parts of a layer have groups of their own, which count their variables."""

from __future__ import annotations

from collections.abc import Iterable

from graph.layers.attention import MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.recurrent import Memory
from graph.layers.wrappers import BACKWARD, FORWARD, Bidirectional, TimeDistributed

ATTENTION = {"query": "query_dense", "key": "key_dense", "value": "value_dense", "attention_output": "output_dense"}


def places(layer: Layer, weights: Iterable[str]) -> dict[str, str]:
    """The path of each weight below the layer's group, for the layer's weights in their order."""
    names = list(weights)
    if isinstance(layer, Bidirectional):
        return {
            **_within("forward_layer", FORWARD, layer.layer, names),
            **_within("backward_layer", BACKWARD, layer.backwards, names),
        }
    if isinstance(layer, TimeDistributed):
        return _within("layer", "", layer.layer, names)
    if isinstance(layer, MultiHeadAttention):
        split = {name: name.rpartition("_")[::2] for name in names}
        return {name: f"{ATTENTION[part]}/vars/{int(kind == 'bias')}" for name, (part, kind) in split.items()}
    group = "cell/vars" if isinstance(layer, Memory) else "vars"
    return {name: f"{group}/{place}" for place, name in enumerate(names)}


def _within(group: str, prefix: str, layer: Layer, names: list[str]) -> dict[str, str]:
    own = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
    return {prefix + name: f"{group}/{path}" for name, path in places(layer, own).items()}
