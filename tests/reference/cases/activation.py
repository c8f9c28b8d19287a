"""Every activation function, over values and along an axis."""

from __future__ import annotations

from graph.activations import activations
from graph.layers.activation import Activation
from graph.layers.rectifiers import ELU, LeakyReLU, PReLU, ReLU, Softmax
from tests.reference.case import case

CASES = (
    *(case(Activation(name), (7, 6)) for name in activations.names()),
    case(Activation("softmax"), (9,)),
    case(ReLU(), (5, 4)),
    case(ReLU(max_value=1.0, negative_slope=0.25, threshold=0.5), (5, 4)),
    case(ReLU(negative_slope=0.5), (5, 4)),
    case(ReLU(max_value=0.5), (5, 4)),
    case(ReLU(threshold=0.75), (5, 4)),
    case(LeakyReLU(), (5, 4)),
    case(LeakyReLU(negative_slope=2.0), (5, 4)),
    case(PReLU(), (5, 4)),
    case(PReLU(shared_axes=(1, 2)), (3, 4, 2)),
    case(PReLU(shared_axes=(1,), trainable=False), (3, 2)),
    case(ELU(), (5, 4)),
    case(ELU(alpha=0.5), (5, 4)),
    case(Softmax(), (5, 4)),
    case(Softmax(axis=1), (5, 4)),
    case(Softmax(axis=-2), (3, 4, 2)),
)
