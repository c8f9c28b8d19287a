"""Two layers computed as one, so that what passes between them is never written down.

A rule sees a layer and the only one that reads it, and gives the layer that stands for both or None. It has the weights
of the first. Only compiled kernels have such rules; what they compute is what the two would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from graph.inference import Inference
from graph.layers.base import Layer

Rule = Callable[[Any, Any], Layer | None]
R = TypeVar("R", bound=Rule)

_rules: dict[tuple[type[Layer], type[Layer]], Rule] = {}


def joins(first: type[Layer], second: type[Layer]) -> Callable[[R], R]:
    """Register the rule for two layers."""

    def register(rule: R) -> R:
        _rules[first, second] = rule
        return rule

    return register


def joint_layers(inference: Inference) -> dict[str, tuple[str, Layer]]:
    """For the second of two that are computed as one: the name of the first, and the layer that stands for both."""
    network, wiring = inference.network, inference.network.wiring
    found = {}
    for name, layer in network.layers.items():
        readers = wiring.out_of.get(name, ())
        if len(readers) != 1 or name in inference.results or inference.layers[readers[0].target].left_out:
            continue
        second = network.layers[readers[0].target]
        rule = _rules.get((type(layer), type(second)))
        both = rule(layer, second) if rule and layer.penalty is None and second.penalty is None else None
        if both is not None:
            found[readers[0].target] = (name, both)
    return found
