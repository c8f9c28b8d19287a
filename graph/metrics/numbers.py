"""Figures for numbers, and the surprise of probabilities."""

from __future__ import annotations

from graph.declare import register
from graph.metrics.base import Metric, metrics


@register(metrics, "log_loss")
class LogLoss(Metric):
    """How surprised the probabilities are by the right classes: the cross-entropy, whatever is trained on."""

    title = "Log loss"
    formula = "mean(-log(y[t]))"


@register(metrics, "mean_absolute_error")
class MeanAbsoluteErrorMetric(Metric):
    """The mean distance between output and target."""

    title = "Mean absolute error"
    common = True
    formula = "mean(|y - t|)"


@register(metrics, "mean_squared_error")
class MeanSquaredErrorMetric(Metric):
    """The mean squared distance between output and target."""

    title = "Mean squared error"
    formula = "mean((y - t)^2)"


@register(metrics, "root_mean_squared_error")
class RootMeanSquaredError(Metric):
    """The root of the mean squared distance, in the unit of the target."""

    common = True
    title = "Root mean squared error"
    formula = "sqrt(mean((y - t)^2))"


@register(metrics, "mean_absolute_percentage_error")
class MeanAbsolutePercentageErrorMetric(Metric):
    """The mean distance in percent of the target."""

    title = "Mean absolute percentage error"
    formula = "100 mean(|y - t| / max(|t|, 1e-7))"


@register(metrics, "r2_score")
class R2Score(Metric):
    """The part of the target's variance that is explained: 1 is perfect, 0 is no better than the mean."""

    rises = True
    common = True
    title = "R²"
    formula = "1 - sum((t - y)^2) / sum((t - mean t)^2)"


@register(metrics, "cosine_similarity")
class CosineSimilarityMetric(Metric):
    """How far output and target point the same way: 1 is the same, 0 is across, -1 is opposite."""

    rises = True
    title = "Cosine similarity"
    formula = "mean(sum(t y) / (|t| |y|))"
