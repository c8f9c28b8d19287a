"""Layers as a network: a list becomes a chain, with the names that Keras would give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from engine.scripting.wrong import WrongUse
from graph.layers import Layer, automatic_name
from graph.names import fresh, wrong_name
from graph.network import Network, Wire

Layers = Network | Mapping[str, Layer] | Sequence[Layer]
"""A network as it is, or layers one behind the other, with names or without."""


def network_of(layers: Layers) -> Network:
    """The network that `layers` stand for. Raises WrongUse for what is no layer, or a name no layer can have."""
    if isinstance(layers, Network):
        return layers
    if not isinstance(layers, Mapping | Sequence):
        raise WrongUse(f"A model is made from a list of layers, such as [Dense(10)], received {layers!r}.")
    named = dict(layers) if isinstance(layers, Mapping) else _named(layers)
    if not named:
        raise WrongUse("A model needs at least one layer, such as Dense(10).")
    for name, layer in named.items():
        _check(layer)
        said = wrong_name(name)
        if said is not None:
            raise WrongUse(f"{name!r}: {said}")
    return Network.of(named, [Wire(before, after) for before, after in pairwise(named)])


def _named(layers: Sequence[Layer]) -> dict[str, Layer]:
    named: dict[str, Layer] = {}
    for layer in layers:
        _check(layer)
        named[fresh(automatic_name(layer), named)] = layer
    return named


def _check(layer: Any) -> None:
    if isinstance(layer, Layer):
        return
    if isinstance(layer, type) and issubclass(layer, Layer):
        raise WrongUse(f"{layer.key} is the class; write {layer.key}() for a layer.")
    raise WrongUse(f"Expected a layer such as Dense(10), received {layer!r}.")
