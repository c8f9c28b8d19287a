"""The activation functions, by Keras's names.

Formulas and defaults: https://keras.io/api/layers/activations/
"""

from __future__ import annotations

from typing import ClassVar

from graph.declare import Declared, Registry, register


class Activation(Declared):
    """A function applied to every value, or along the last axis."""

    formula: ClassVar[str] = "y = x"


activations: Registry[Activation] = Registry("activation")


@register(activations, "linear")
class Linear(Activation):
    """Leave the values as they are."""

    formula = "y = x"


@register(activations, "relu")
class Relu(Activation):
    """Cut negative values to zero."""

    formula = "y = max(x, 0)"


@register(activations, "leaky_relu")
class LeakyRelu(Activation):
    """Scale negative values by 0.2 instead of cutting them."""

    formula = "y = x if x > 0 else 0.2 x"


@register(activations, "elu")
class Elu(Activation):
    """Bend negative values smoothly towards -1."""

    formula = "y = x if x > 0 else exp(x) - 1"


@register(activations, "sigmoid")
class Sigmoid(Activation):
    """Squeeze every value between 0 and 1."""

    formula = "y = 1 / (1 + exp(-x))"


@register(activations, "tanh")
class Tanh(Activation):
    """Squeeze every value between -1 and 1."""

    formula = "y = tanh(x)"


@register(activations, "softmax")
class Softmax(Activation):
    """Turn the last axis into probabilities that add up to 1."""

    formula = "y_i = exp(x_i) / sum_j exp(x_j)"


@register(activations, "softplus")
class Softplus(Activation):
    """A smooth relu that is always positive."""

    formula = "y = log(1 + exp(x))"
