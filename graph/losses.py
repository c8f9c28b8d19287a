"""What training makes small, by Keras's names.

Formulas: https://keras.io/api/losses/
"""

from __future__ import annotations

from typing import ClassVar, Literal

from graph.declare import Declared, Registry, register
from graph.fields import Bool, Float

TargetKind = Literal["values", "classes", "one_hot", "binary"]
"""What a loss compares with: numbers, class numbers, one column a class, or one 0/1 column (or several)."""


class Loss(Declared):
    """A measure of how far the output is from the target, averaged over the samples."""

    formula: ClassVar[str] = ""
    target: ClassVar[TargetKind] = "values"
    fits_activation: ClassVar[tuple[str, ...]] = ()
    """The last activations it is meant for; empty where any will do."""

    @property
    def activations(self) -> tuple[str, ...]:
        """The last activations it is meant for as it is set: logits are what comes before any activation."""
        return ("linear",) if self.config().get("from_logits") else self.fits_activation


losses: Registry[Loss] = Registry("loss")


@register(losses, "mean_squared_error")
class MeanSquaredError(Loss):
    """The mean of the squared differences: for numbers, where large errors matter most."""

    formula = "mean((y - t)^2)"


@register(losses, "mean_absolute_error")
class MeanAbsoluteError(Loss):
    """The mean of the absolute differences: for numbers, where outliers should not rule."""

    formula = "mean(|y - t|)"


@register(losses, "mean_absolute_percentage_error")
class MeanAbsolutePercentageError(Loss):
    """The mean of the differences in percent of the target: for positive numbers of several sizes."""

    formula = "100 mean(|y - t| / max(|t|, 1e-7))"


@register(losses, "mean_squared_logarithmic_error")
class MeanSquaredLogarithmicError(Loss):
    """The mean of the squared differences of logarithms: for counts and amounts, where the ratio matters."""

    formula = "mean((log(y + 1) - log(t + 1))^2)"


@register(losses, "huber")
class Huber(Loss):
    """Squared for small differences, absolute for large ones: for numbers with outliers."""

    formula = "mean(|e| <= delta: e^2 / 2, else delta |e| - delta^2 / 2), e = y - t"

    delta: float = Float(default=1.0, above=0.0, doc="The difference at which squared turns into absolute.")


@register(losses, "log_cosh")
class LogCosh(Loss):
    """The logarithm of the hyperbolic cosine of the difference: much like huber, and smooth everywhere."""

    formula = "mean(log(cosh(y - t)))"


@register(losses, "binary_crossentropy")
class BinaryCrossentropy(Loss):
    """For yes-or-no targets, after a sigmoid."""

    formula = "mean(-t log(y) - (1 - t) log(1 - y))"
    target = "binary"
    fits_activation = ("sigmoid",)

    from_logits: bool = Bool(default=False, doc="Whether the output is logits, with no sigmoid behind it.")
    label_smoothing: float = Float(
        default=0.0, min=0.0, max=1.0, doc="How far targets are moved from 0 and 1 towards one half."
    )


@register(losses, "categorical_crossentropy")
class CategoricalCrossentropy(Loss):
    """For one class of several, given as one column a class, after a softmax."""

    formula = "-sum(t log(y))"
    target = "one_hot"
    fits_activation = ("softmax",)

    from_logits: bool = Bool(default=False, doc="Whether the output is logits, with no softmax behind it.")
    label_smoothing: float = Float(
        default=0.0, min=0.0, max=1.0, doc="How far targets are moved from 0 and 1 towards 1 / classes."
    )


@register(losses, "sparse_categorical_crossentropy")
class SparseCategoricalCrossentropy(Loss):
    """For one class of several, given as its number, after a softmax."""

    formula = "-log(y[t])"
    target = "classes"
    fits_activation = ("softmax",)

    from_logits: bool = Bool(default=False, doc="Whether the output is logits, with no softmax behind it.")


@register(losses, "binary_focal_crossentropy")
class BinaryFocalCrossentropy(Loss):
    """For yes-or-no targets that are rarely yes, after a sigmoid: what is already right counts little."""

    formula = "mean((1 - p)^gamma -log(p)), p = t y + (1 - t) (1 - y)"
    target = "binary"
    fits_activation = ("sigmoid",)

    apply_class_balancing: bool = Bool(default=False, doc="Whether yes counts alpha and no counts 1 - alpha.")
    alpha: float = Float(default=0.25, min=0.0, max=1.0, doc="The weight of yes, with class balancing.")
    gamma: float = Float(default=2.0, min=0.0, max=100.0, doc="How little counts what is already right.")
    from_logits: bool = Bool(default=False, doc="Whether the output is logits, with no sigmoid behind it.")
    label_smoothing: float = Float(
        default=0.0, min=0.0, max=1.0, doc="How far targets are moved from 0 and 1 towards one half."
    )


@register(losses, "categorical_focal_crossentropy")
class CategoricalFocalCrossentropy(Loss):
    """For one class of several of which some are rare, after a softmax: what is already right counts little."""

    formula = "-sum(alpha t (1 - y)^gamma log(y))"
    target = "one_hot"
    fits_activation = ("softmax",)

    alpha: float = Float(default=0.25, min=0.0, max=1.0, doc="The weight of every class.")
    gamma: float = Float(default=2.0, min=0.0, max=100.0, doc="How little counts what is already right.")
    from_logits: bool = Bool(default=False, doc="Whether the output is logits, with no softmax behind it.")
    label_smoothing: float = Float(
        default=0.0, min=0.0, max=1.0, doc="How far targets are moved from 0 and 1 towards 1 / classes."
    )


@register(losses, "kl_divergence")
class KLDivergence(Loss):
    """How far one distribution is from another: for targets that are themselves probabilities."""

    formula = "sum(t log(t / y))"
    fits_activation = ("softmax", "sigmoid")


@register(losses, "poisson")
class Poisson(Loss):
    """For counts, after an activation that is never negative, such as softplus."""

    formula = "mean(y - t log(y))"


@register(losses, "cosine_similarity")
class CosineSimilarity(Loss):
    """The angle between output and target, whatever their lengths: -1 where they point the same way."""

    formula = "-sum(t y) / (|t| |y|)"


@register(losses, "hinge")
class Hinge(Loss):
    """For yes-or-no targets with a margin, as in a support vector machine; targets 0 and 1 become -1 and 1."""

    formula = "mean(max(1 - t y, 0))"
    target = "binary"


@register(losses, "squared_hinge")
class SquaredHinge(Loss):
    """As hinge, squared: a large violation of the margin costs more. Targets 0 and 1 become -1 and 1."""

    formula = "mean(max(1 - t y, 0)^2)"
    target = "binary"


@register(losses, "categorical_hinge")
class CategoricalHinge(Loss):
    """For one class of several with a margin: the right one is to lead the best wrong one by 1."""

    formula = "max(max((1 - t) y) - sum(t y) + 1, 0)"
    target = "one_hot"


@register(losses, "exponential")
class Exponential(Loss):
    """The loss of AdaBoost for yes-or-no targets; targets 0 and 1 become -1 and 1."""

    formula = "mean(exp(-t y))"
    target = "binary"
