"""Every activation function, over values and along an axis."""

from __future__ import annotations

from graph.activations import activations
from graph.layers.activation import Activation
from tests.reference.case import case

CASES = (
    *(case(Activation(name), (7, 6)) for name in activations.names()),
    case(Activation("softmax"), (9,)),
)
