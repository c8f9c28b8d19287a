"""What is measured besides the loss, by Keras's names."""

from __future__ import annotations

from typing import ClassVar

from graph.declare import Declared, Registry, register


class Metric(Declared):
    """A figure over an epoch that people read and nothing is trained on."""

    rises: ClassVar[bool] = False
    """Whether more is better."""
    title: ClassVar[str] = ""


metrics: Registry[Metric] = Registry("metric")


@register(metrics, "accuracy")
class Accuracy(Metric):
    """The part of the samples whose class is right; which accuracy it is follows from the loss, as in Keras."""

    rises = True
    title = "Accuracy"


@register(metrics, "mean_absolute_error")
class MeanAbsoluteErrorMetric(Metric):
    """The mean distance between output and target."""

    title = "Mean absolute error"
