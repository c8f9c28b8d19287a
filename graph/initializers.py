"""How weights begin, by Keras's names.

Formulas: https://keras.io/api/layers/initializers/ (Glorot and Bengio 2010; He et al. 2015; LeCun et al. 1998; Saxe et
al. 2014).
"""

from __future__ import annotations

from graph.declare import Declared, Registry, register
from graph.fields import Choice, Float, Int


class Initializer(Declared):
    """A rule that fills a new weight."""


class Random(Initializer):
    """A rule that draws numbers: from the seed of the run, or one of its own."""

    seed: int | None = Int(
        default=None,
        optional=True,
        min=0,
        max=2**32 - 1,
        none_text="from the run",
        doc="The same seed gives the same numbers.",
        kw_only=True,
    )


initializers: Registry[Initializer] = Registry("initializer")


@register(initializers, "zeros")
class Zeros(Initializer):
    """Every value is 0."""


@register(initializers, "ones")
class Ones(Initializer):
    """Every value is 1."""


@register(initializers, "constant")
class Constant(Initializer):
    """Every value is the same."""

    value: float = Float(default=0.0, doc="The value.")


@register(initializers, "random_normal")
class RandomNormal(Random):
    """Normal values around a mean."""

    mean: float = Float(default=0.0, doc="Mean of the values.")
    stddev: float = Float(default=0.05, min=0.0, doc="Standard deviation of the values.")


@register(initializers, "random_uniform")
class RandomUniform(Random):
    """Uniform values within limits."""

    minval: float = Float(default=-0.05, doc="Lower limit.")
    maxval: float = Float(default=0.05, doc="Upper limit.")


@register(initializers, "truncated_normal")
class TruncatedNormal(Random):
    """Normal values around a mean, drawn again where they are more than two deviations away."""

    mean: float = Float(default=0.0, doc="Mean of the values.")
    stddev: float = Float(default=0.05, min=0.0, doc="Standard deviation before the far values are drawn again.")


@register(initializers, "variance_scaling")
class VarianceScaling(Random):
    """Values whose variance is scale divided by the fan: the rule behind Glorot's, He's and LeCun's."""

    scale: float = Float(default=1.0, above=0.0, doc="What the fan is divided into.")
    mode: str = Choice(default="fan_in", choices=("fan_in", "fan_out", "fan_avg"), doc="Which fan divides the scale.")
    distribution: str = Choice(
        default="truncated_normal",
        choices=("truncated_normal", "untruncated_normal", "uniform"),
        doc="How the values are drawn.",
    )


@register(initializers, "glorot_uniform")
class GlorotUniform(Random):
    """Uniform within ±sqrt(6 / (fan_in + fan_out)): keeps the size of signals through tanh-like layers."""


@register(initializers, "glorot_normal")
class GlorotNormal(Random):
    """Truncated normal with variance 2 / (fan_in + fan_out)."""


@register(initializers, "he_uniform")
class HeUniform(Random):
    """Uniform within ±sqrt(6 / fan_in): keeps the size of signals through relu layers."""


@register(initializers, "he_normal")
class HeNormal(Random):
    """Truncated normal with variance 2 / fan_in."""


@register(initializers, "lecun_uniform")
class LecunUniform(Random):
    """Uniform within ±sqrt(3 / fan_in)."""


@register(initializers, "lecun_normal")
class LecunNormal(Random):
    """Truncated normal with variance 1 / fan_in."""


@register(initializers, "orthogonal")
class Orthogonal(Random):
    """A random matrix whose columns (or rows, if those are fewer) are at right angles: keeps a state's length."""

    gain: float = Float(default=1.0, doc="What the matrix is multiplied by.")


@register(initializers, "identity")
class Identity(Initializer):
    """The matrix that changes nothing; for weights of two axes only."""

    gain: float = Float(default=1.0, doc="What the matrix is multiplied by.")
