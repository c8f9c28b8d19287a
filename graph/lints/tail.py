"""The end of the network that leads to one result: its last layer with units, and the last activation."""

from __future__ import annotations

from dataclasses import dataclass

from graph.inference import Inference
from graph.layers.base import Layer

PASSING = ("Output", "Identity", "Flatten", "Reshape", "Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout")
"""Layers that give on what they get, as far as a loss is concerned."""
ACTING = {"Softmax": "softmax", "ReLU": "relu", "LeakyReLU": "leaky_relu", "PReLU": "leaky_relu", "ELU": "elu"}
"""Layers that are an activation, by the one they are or resemble."""


@dataclass(frozen=True)
class Tail:
    """What the loss of `result` sees. `ends` is the layer the walk back came to, `activated` the one that activates.

    `units` is the parameter of `ends` that says how wide the result is, where it has one; `passed` are the layers
    between, the last first.
    """

    result: str
    ends: str
    activation: str
    activated: str | None
    units: str | None
    passed: tuple[str, ...]


def tail_of(inference: Inference, result: str) -> Tail:
    """Walk back from a result until a layer computes something."""
    network = inference.network
    passed: list[str] = []
    activated: str | None = None
    acting: str | None = None
    name = result
    while True:
        layer = network.layers[name]
        if activated is None and acting is None:
            activated = name if _activates(layer) else None
            acting = ACTING.get(layer.key) or (None if activated else _acts(layer))
        wires = network.wiring.into.get(name, ())
        if layer.key not in (*PASSING, *ACTING, "Activation") or len(wires) != 1 or name in passed:
            break
        passed.append(name)
        name = wires[0].source
    layer = network.layers[name]
    if activated in passed and getattr(network.layers[activated], "activation", "") == "linear":
        activated = name if _activates(layer) else activated
    units = next((p for p in ("units", "filters") if p in layer.parameters), None)
    activation = getattr(network.layers[activated], "activation", "linear") if activated else acting or "linear"
    return Tail(result, name, activation, activated, units, tuple(passed))


def _acts(layer: Layer) -> str | None:
    """The activation of a layer inside of this one."""
    return layer.activation_behind if layer.activation_behind != "linear" else None


def _activates(layer: Layer) -> bool:
    """Whether the layer's last step is an activation that can be chosen."""
    return layer.activates_output and "activation" in layer.parameters
