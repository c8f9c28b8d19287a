"""How often the class is right, by every way to say a class."""

from __future__ import annotations

from graph.declare import register
from graph.fields import Float, Int
from graph.metrics.base import Metric, metrics


@register(metrics, "accuracy")
class Accuracy(Metric):
    """The part of the samples whose class is right; which accuracy it is follows from the loss, as in Keras."""

    rises = True
    common = True
    title = "Accuracy"


@register(metrics, "binary_accuracy")
class BinaryAccuracy(Metric):
    """The part of the values that are on the right side of the threshold."""

    rises = True
    title = "Binary accuracy"
    formula = "mean((y > threshold) = t)"

    threshold: float = Float(default=0.5, min=0.0, max=1.0, doc="The value above which it says yes.")


@register(metrics, "categorical_accuracy")
class CategoricalAccuracy(Metric):
    """The part of the samples whose largest value is where the target has its largest."""

    rises = True
    title = "Categorical accuracy"
    formula = "mean(argmax(y) = argmax(t))"


@register(metrics, "sparse_categorical_accuracy")
class SparseCategoricalAccuracy(Metric):
    """The part of the samples whose largest value is at the number of their class."""

    rises = True
    title = "Sparse categorical accuracy"
    formula = "mean(argmax(y) = t)"


@register(metrics, "top_k_categorical_accuracy")
class TopKCategoricalAccuracy(Metric):
    """The part of the samples whose class is among the k largest values."""

    rises = True
    title = "Top-k accuracy"
    formula = "mean(values above y[t] < k)"

    k: int = Int(default=5, min=1, doc="How many of the largest values count.")
