"""Which parameters a form shows at once, which it folds away, and which are a first layer's only."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature

from graph.fields import Field
from graph.layers import Layer

FIRST_LAYER = ("input_shape", "input_dim", "input_length", "batch_size")


def grouped(layers: list[Layer]) -> tuple[dict[str, Field], dict[str, Field], dict[str, Field]]:
    """The parameters that all layers share: the main ones, the rest, and those of a first layer."""
    kinds = {type(layer) for layer in layers}
    shared = {
        name: field
        for name, field in layers[0].parameters.items()
        if all(kind.parameters.get(name) == field for kind in kinds)
    }
    first = {n: f for n, f in shared.items() if n in FIRST_LAYER and f is Layer.parameters.get(n)}
    usual = {n: f for n, f in shared.items() if n not in first and not f.rare}
    main = in_order({n: f for n, f in usual.items() if f.show != "never"} or usual, layers[0])
    rest = {n: f for n, f in shared.items() if n not in first and n not in main}
    if not layers[0].inputs:
        first = {n: f for n, f in first.items() if n == "batch_size"}
    return main, rest, first if len(layers) == 1 else {}


def in_order(fields: Mapping[str, Field], layer: Layer) -> dict[str, Field]:
    """Fields in the order of the constructor, which begins with a layer's own and not with those of its family."""
    return {name: fields[name] for name in signature(type(layer)).parameters if name in fields}
