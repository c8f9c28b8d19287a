"""How weights follow their gradients, by Keras's names, arguments and defaults.

Formulas: https://keras.io/api/optimizers/, with the papers named there.
"""

from __future__ import annotations

from graph.declare import Declared, Registry, register
from graph.fields import Bool, Float, Int

LARGEST_RATE = 1000.0


class Optimizer(Declared):
    """A rule that turns gradients into steps."""

    learning_rate: float = Float(default=0.001, above=0.0, max=LARGEST_RATE, show="value", doc="Size of a step.")
    weight_decay: float | None = Float(
        default=None,
        optional=True,
        min=0.0,
        none_text="none",
        doc="The part of every weight that goes in a step, times the learning rate.",
        kw_only=True,
    )
    clipnorm: float | None = Float(
        default=None,
        optional=True,
        above=0.0,
        none_text="none",
        doc="The greatest length of the gradient of one weight array. Use one of the three clips.",
        kw_only=True,
    )
    clipvalue: float | None = Float(
        default=None,
        optional=True,
        above=0.0,
        none_text="none",
        doc="The greatest size of a single value of a gradient. Use one of the three clips.",
        kw_only=True,
    )
    global_clipnorm: float | None = Float(
        default=None,
        optional=True,
        above=0.0,
        none_text="none",
        doc="The greatest length of the gradient of all weights together. Use one of the three clips.",
        kw_only=True,
    )
    use_ema: bool = Bool(
        default=False,
        doc="Whether the weights end as their moving average, after the last epoch.",
        kw_only=True,
    )
    ema_momentum: float = Float(
        default=0.99, min=0.0, max=1.0, doc="How slowly the moving average follows the weights.", kw_only=True
    )
    ema_overwrite_frequency: int | None = Int(
        default=None,
        optional=True,
        min=1,
        none_text="never",
        doc="After how many steps the weights are set to their moving average while training.",
        kw_only=True,
    )

    def clips(self) -> dict[str, float]:
        """The clips that are set, the one that counts first, as in Keras."""
        named = {name: getattr(self, name) for name in ("clipnorm", "global_clipnorm", "clipvalue")}
        return {name: limit for name, limit in named.items() if limit is not None}


optimizers: Registry[Optimizer] = Registry("optimizer")


@register(optimizers)
class SGD(Optimizer):
    """Step against the gradient; with momentum, keep part of the last step."""

    learning_rate: float = Float(default=0.01, above=0.0, max=LARGEST_RATE, show="value", doc="Size of a step.")
    momentum: float = Float(default=0.0, min=0.0, below=1.0, doc="The part of the last step that is kept.")
    nesterov: bool = Bool(default=False, doc="Look ahead along the momentum before stepping.")


@register(optimizers)
class RMSprop(Optimizer):
    """Divide each step by the running size of its gradient."""

    rho: float = Float(default=0.9, min=0.0, below=1.0, doc="How slowly the running size follows.")
    momentum: float = Float(default=0.0, min=0.0, below=1.0, doc="The part of the last step that is kept.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")
    centered: bool = Bool(default=False, doc="Divide by the spread of the gradient instead of its size.")


@register(optimizers)
class Adam(Optimizer):
    """Follow the running mean of the gradient, divided by its running size."""

    beta_1: float = Float(default=0.9, min=0.0, below=1.0, doc="How slowly the running mean follows.")
    beta_2: float = Float(default=0.999, min=0.0, below=1.0, doc="How slowly the running size follows.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")
    amsgrad: bool = Bool(default=False, doc="Never let the running size shrink.")


@register(optimizers)
class AdamW(Adam):
    """Adam with weights that decay, which keeps them small without a regularizer."""

    weight_decay: float = Float(
        default=0.004,
        min=0.0,
        doc="The part of every weight that goes in a step, times the learning rate.",
        kw_only=True,
    )


@register(optimizers)
class Adamax(Optimizer):
    """Adam divided by the largest recent gradient instead of its running size: for gradients that jump."""

    beta_1: float = Float(default=0.9, min=0.0, below=1.0, doc="How slowly the running mean follows.")
    beta_2: float = Float(default=0.999, min=0.0, below=1.0, doc="How slowly the largest gradient is forgotten.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")


@register(optimizers)
class Nadam(Optimizer):
    """Adam that looks ahead along its mean, as Nesterov's momentum does."""

    beta_1: float = Float(default=0.9, min=0.0, below=1.0, doc="How slowly the running mean follows.")
    beta_2: float = Float(default=0.999, min=0.0, below=1.0, doc="How slowly the running size follows.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")


@register(optimizers)
class Adagrad(Optimizer):
    """Divide each step by the size of all gradients so far: for weights that are rarely used."""

    initial_accumulator_value: float = Float(default=0.1, min=0.0, doc="What the sum of squares starts with.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")


@register(optimizers)
class Adadelta(Optimizer):
    """Step as far as the recent steps went, divided by the running size of the gradient."""

    rho: float = Float(default=0.95, min=0.0, below=1.0, doc="How slowly the running sizes follow.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the sizes, so that they are never zero.")


@register(optimizers)
class Ftrl(Optimizer):
    """Follow the regularized leader: for large and sparse inputs, where most weights are to be exactly zero."""

    learning_rate_power: float = Float(default=-0.5, min=-10.0, max=0.0, doc="How steps shrink with the gradients.")
    initial_accumulator_value: float = Float(default=0.1, min=0.0, doc="What the sum of squares starts with.")
    l1_regularization_strength: float = Float(default=0.0, min=0.0, doc="How strongly weights are held at zero.")
    l2_regularization_strength: float = Float(default=0.0, min=0.0, doc="How strongly weights are kept small.")
    l2_shrinkage_regularization_strength: float = Float(
        default=0.0, min=0.0, doc="How strongly weights are kept small by their gradient."
    )
    beta: float = Float(default=0.0, min=0.0, doc="Added to the size, for smaller steps.")


@register(optimizers)
class Lion(Optimizer):
    """Step by the sign of the running mean alone: wants a learning rate 3 to 10 times smaller than Adam's."""

    beta_1: float = Float(default=0.9, min=0.0, max=1.0, doc="How much of the mean is in the step.")
    beta_2: float = Float(default=0.99, min=0.0, below=1.0, doc="How slowly the running mean follows.")


@register(optimizers)
class Lamb(Optimizer):
    """Adam whose step is as long as the weights it changes: for very large batches."""

    beta_1: float = Float(default=0.9, min=0.0, below=1.0, doc="How slowly the running mean follows.")
    beta_2: float = Float(default=0.999, min=0.0, below=1.0, doc="How slowly the running size follows.")
    epsilon: float = Float(default=1e-7, above=0.0, doc="Added to the size, so that it is never zero.")
