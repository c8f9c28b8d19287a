"""How weights follow their gradients, by Keras's names, arguments and defaults.

Formulas: https://keras.io/api/optimizers/ (Sutskever et al. 2013; Tieleman and Hinton 2012; Kingma and Ba 2015).
"""

from __future__ import annotations

from graph.declare import Declared, Registry, register
from graph.fields import Bool, Float


class Optimizer(Declared):
    """A rule that turns gradients into steps."""

    learning_rate: float = Float(default=0.01, above=0.0, max=1000.0, show="value", doc="Size of a step.")


optimizers: Registry[Optimizer] = Registry("optimizer")


@register(optimizers)
class SGD(Optimizer):
    """Step against the gradient; with momentum, keep part of the last step."""

    momentum: float = Float(default=0.0, min=0.0, below=1.0, doc="The part of the last step that is kept.")
    nesterov: bool = Bool(default=False, doc="Look ahead along the momentum before stepping.")


@register(optimizers)
class RMSprop(Optimizer):
    """Divide each step by the running size of its gradient."""

    learning_rate: float = Float(default=0.001, above=0.0, max=1000.0, show="value", doc="Size of a step.")
    rho: float = Float(default=0.9, min=0.0, below=1.0, doc="How slowly the running size follows.")
    momentum: float = Float(default=0.0, min=0.0, below=1.0, doc="The part of the last step that is kept.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")
    centered: bool = Bool(default=False, doc="Divide by the spread of the gradient instead of its size.")


@register(optimizers)
class Adam(Optimizer):
    """Follow the running mean of the gradient, divided by its running size."""

    learning_rate: float = Float(default=0.001, above=0.0, max=1000.0, show="value", doc="Size of a step.")
    beta_1: float = Float(default=0.9, min=0.0, below=1.0, doc="How slowly the running mean follows.")
    beta_2: float = Float(default=0.999, min=0.0, below=1.0, doc="How slowly the running size follows.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")
    amsgrad: bool = Bool(default=False, doc="Never let the running size shrink.")
