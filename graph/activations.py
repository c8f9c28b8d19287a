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


@register(activations, "relu6")
class Relu6(Activation):
    """Cut values below zero and above 6."""

    formula = "y = min(max(x, 0), 6)"


@register(activations, "selu")
class Selu(Activation):
    """An elu scaled so that values keep mean 0 and variance 1 from layer to layer."""

    formula = "y = 1.0507 x if x > 0 else 1.7581 (exp(x) - 1)"


@register(activations, "celu")
class Celu(Activation):
    """Bend negative values towards -1, with one slope on both sides of zero."""

    formula = "y = max(x, 0) + min(exp(x) - 1, 0)"


@register(activations, "gelu")
class Gelu(Activation):
    """Weigh every value by how likely a normal number is below it."""

    formula = "y = x Phi(x)"


@register(activations, "silu")
class Silu(Activation):
    """Weigh every value by its sigmoid; also called swish."""

    formula = "y = x / (1 + exp(-x))"


@register(activations, "swish")
class Swish(Activation):
    """Another name of silu."""

    formula = "y = x / (1 + exp(-x))"


@register(activations, "hard_silu")
class HardSilu(Activation):
    """A silu made of straight lines and a parabola."""

    formula = "y = x min(max(x + 3, 0), 6) / 6"


@register(activations, "mish")
class Mish(Activation):
    """Weigh every value by the tanh of its softplus."""

    formula = "y = x tanh(log(1 + exp(x)))"


@register(activations, "hard_sigmoid")
class HardSigmoid(Activation):
    """A sigmoid made of straight lines."""

    formula = "y = min(max(x + 3, 0), 6) / 6"


@register(activations, "log_sigmoid")
class LogSigmoid(Activation):
    """The logarithm of the sigmoid."""

    formula = "y = -log(1 + exp(-x))"


@register(activations, "log_softmax")
class LogSoftmax(Activation):
    """The logarithm of the softmax over the last axis."""

    formula = "y_i = x_i - log(sum_j exp(x_j))"


@register(activations, "softsign")
class Softsign(Activation):
    """Squeeze every value between -1 and 1, more slowly than tanh."""

    formula = "y = x / (1 + |x|)"


@register(activations, "exponential")
class Exponential(Activation):
    """Raise e to every value."""

    formula = "y = exp(x)"
