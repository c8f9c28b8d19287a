"""What training makes small, by Keras's names.

Formulas: https://keras.io/api/losses/
"""

from __future__ import annotations

from typing import ClassVar, Literal

from graph.declare import Declared, Registry, register

TargetKind = Literal["values", "classes", "one_hot", "binary"]
"""What a loss compares with: numbers, class numbers, one column a class, or one 0/1 column (or several)."""


class Loss(Declared):
    """A measure of how far the output is from the target, averaged over the samples."""

    formula: ClassVar[str] = ""
    target: ClassVar[TargetKind] = "values"
    fits_activation: ClassVar[tuple[str, ...]] = ()
    """The last activations it is meant for; empty where any will do."""


losses: Registry[Loss] = Registry("loss")


@register(losses, "mean_squared_error")
class MeanSquaredError(Loss):
    """The mean of the squared differences: for numbers, where large errors matter most."""

    formula = "mean((y - t)^2)"


@register(losses, "mean_absolute_error")
class MeanAbsoluteError(Loss):
    """The mean of the absolute differences: for numbers, where outliers should not rule."""

    formula = "mean(|y - t|)"


@register(losses, "binary_crossentropy")
class BinaryCrossentropy(Loss):
    """For yes-or-no targets, after a sigmoid."""

    formula = "mean(-t log(y) - (1 - t) log(1 - y))"
    target = "binary"
    fits_activation = ("sigmoid",)


@register(losses, "categorical_crossentropy")
class CategoricalCrossentropy(Loss):
    """For one class of several, given as one column a class, after a softmax."""

    formula = "-sum(t log(y))"
    target = "one_hot"
    fits_activation = ("softmax",)


@register(losses, "sparse_categorical_crossentropy")
class SparseCategoricalCrossentropy(Loss):
    """For one class of several, given as its number, after a softmax."""

    formula = "-log(y[t])"
    target = "classes"
    fits_activation = ("softmax",)
