"""Projects that the tests of the window work on."""

from __future__ import annotations

from graph.layers import layers
from graph.network import Network, Wire
from graph.project import Project


def convolutional() -> Project:
    """Input (8, 8, 1) → Conv2D → Flatten → Dense, with names of their own."""
    made = {
        "digits": layers.make("Input", {"shape": (8, 8, 1)}),
        "conv": layers.make("Conv2D", {"filters": 32, "activation": "relu"}),
        "flat": layers.make("Flatten"),
        "classes": layers.make("Dense", {"units": 10, "activation": "softmax"}),
    }
    wires = [Wire("digits", "conv"), Wire("conv", "flat"), Wire("flat", "classes")]
    places = {name: (252.0 * i, 0.0) for i, name in enumerate(made)}
    return Project(Network.of(made, wires), places)
