"""How weights begin, by Keras's names.

Formulas: https://keras.io/api/layers/initializers/ (Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998).
"""

from __future__ import annotations

from graph.declare import Declared, Registry, register
from graph.fields import Float


class Initializer(Declared):
    """A rule that fills a new weight."""


initializers: Registry[Initializer] = Registry("initializer")


@register(initializers, "zeros")
class Zeros(Initializer):
    """Every value is 0."""


@register(initializers, "ones")
class Ones(Initializer):
    """Every value is 1."""


@register(initializers, "random_normal")
class RandomNormal(Initializer):
    """Normal values around a mean."""

    mean: float = Float(default=0.0, doc="Mean of the values.")
    stddev: float = Float(default=0.05, min=0.0, doc="Standard deviation of the values.")


@register(initializers, "random_uniform")
class RandomUniform(Initializer):
    """Uniform values within limits."""

    minval: float = Float(default=-0.05, doc="Lower limit.")
    maxval: float = Float(default=0.05, doc="Upper limit.")


@register(initializers, "glorot_uniform")
class GlorotUniform(Initializer):
    """Uniform within ±sqrt(6 / (fan_in + fan_out)): keeps the size of signals through tanh-like layers."""


@register(initializers, "glorot_normal")
class GlorotNormal(Initializer):
    """Truncated normal with variance 2 / (fan_in + fan_out)."""


@register(initializers, "he_uniform")
class HeUniform(Initializer):
    """Uniform within ±sqrt(6 / fan_in): keeps the size of signals through relu layers."""


@register(initializers, "he_normal")
class HeNormal(Initializer):
    """Truncated normal with variance 2 / fan_in."""


@register(initializers, "lecun_uniform")
class LecunUniform(Initializer):
    """Uniform within ±sqrt(3 / fan_in)."""


@register(initializers, "lecun_normal")
class LecunNormal(Initializer):
    """Truncated normal with variance 1 / fan_in."""


@register(initializers, "orthogonal")
class Orthogonal(Initializer):
    """A random matrix whose columns (or rows, if those are fewer) are at right angles: keeps a state's length."""
