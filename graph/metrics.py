"""What is measured besides the loss, by Keras's names where it has them, else by scikit-learn's.

Every figure of an epoch is that of all its samples together, not the mean of what the batches had. Where a figure needs
classes, an output of one value says yes above 0.5, and an output of several stands for the place of its largest.
"""

from __future__ import annotations

from typing import ClassVar

from graph.declare import Declared, Registry, register


class Metric(Declared):
    """A figure over an epoch that people read and nothing is trained on."""

    rises: ClassVar[bool] = False
    """Whether more is better."""
    title: ClassVar[str] = ""
    common: ClassVar[bool] = False
    """Whether people look for it first."""
    formula: ClassVar[str] = ""


metrics: Registry[Metric] = Registry("metric")


def metric_of(name: str) -> type[Metric] | None:
    """The metric a figure of the logs belongs to: `accuracy`, `val_accuracy`, `age_val_accuracy`; None for a loss."""
    fitting = [metric for metric in metrics if name == metric.key or name.endswith("_" + metric.key)]
    return max(fitting, key=lambda metric: len(metric.key), default=None)


@register(metrics, "accuracy")
class Accuracy(Metric):
    """The part of the samples whose class is right; which accuracy it is follows from the loss, as in Keras."""

    rises = True
    common = True
    title = "Accuracy"


@register(metrics, "mean_absolute_error")
class MeanAbsoluteErrorMetric(Metric):
    """The mean distance between output and target."""

    title = "Mean absolute error"
    common = True
    formula = "mean(|y - t|)"


@register(metrics, "binary_accuracy")
class BinaryAccuracy(Metric):
    """The part of the values that are on the right side of 0.5."""

    rises = True
    title = "Binary accuracy"
    formula = "mean((y > 0.5) = t)"


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
    """The part of the samples whose class is among the five largest values."""

    rises = True
    title = "Top-5 accuracy"


@register(metrics, "precision")
class Precision(Metric):
    """The part of the values above 0.5 that should be: how far a yes can be trusted."""

    rises = True
    common = True
    title = "Precision"
    formula = "tp / (tp + fp)"


@register(metrics, "recall")
class Recall(Metric):
    """The part of what should be yes that is above 0.5: how little is missed."""

    rises = True
    common = True
    title = "Recall"
    formula = "tp / (tp + fn)"


@register(metrics, "specificity")
class Specificity(Metric):
    """The part of what should be no that is not above 0.5: how few false alarms there are."""

    rises = True
    title = "Specificity"
    formula = "tn / (tn + fp)"


@register(metrics, "f1_score")
class F1Score(Metric):
    """The harmonic mean of precision and recall; the mean over the classes where there are several."""

    rises = True
    common = True
    title = "F1 score"
    formula = "2 tp / (2 tp + fp + fn)"


@register(metrics, "f2_score")
class F2Score(Metric):
    """As F1, with recall counting twice as much as precision: where a miss is worse than a false alarm."""

    rises = True
    title = "F2 score"
    formula = "5 tp / (5 tp + fp + 4 fn)"


@register(metrics, "f05_score")
class F05Score(Metric):
    """As F1, with precision counting twice as much as recall: where a false alarm is worse than a miss."""

    rises = True
    title = "F0.5 score"
    formula = "1.25 tp / (1.25 tp + fp + 0.25 fn)"


@register(metrics, "auc")
class AUC(Metric):
    """The area under the ROC curve at 200 thresholds, as Keras takes it: 0.5 is chance, 1 perfect order."""

    rises = True
    title = "AUC (ROC, 200 thresholds)"


@register(metrics, "auc_pr")
class AUCPR(Metric):
    """The area under the precision and recall curve at 200 thresholds, as Keras takes it: for rare yes."""

    rises = True
    title = "AUC (PR, 200 thresholds)"


@register(metrics, "roc_auc")
class ROCAUC(Metric):
    """The exact area under the ROC curve, from all values of the epoch: 0.5 is chance, 1 perfect order."""

    rises = True
    common = True
    title = "AUC (ROC)"


@register(metrics, "average_precision")
class AveragePrecision(Metric):
    """The exact mean precision over all recalls, from all values of the epoch: for rare yes."""

    rises = True
    title = "Average precision"
    formula = "sum((recall_n - recall_(n-1)) precision_n)"


@register(metrics, "log_loss")
class LogLoss(Metric):
    """How surprised the probabilities are by the right classes: the cross-entropy, whatever is trained on."""

    title = "Log loss"
    formula = "mean(-log(y[t]))"


@register(metrics, "cohen_kappa")
class CohenKappa(Metric):
    """How far the classes agree beyond chance: 0 is chance, 1 is perfect."""

    rises = True
    title = "Cohen's kappa"
    formula = "(agreement - chance) / (1 - chance)"


@register(metrics, "matthews_corrcoef")
class MatthewsCorrelation(Metric):
    """The correlation of chosen and right classes: fair also where one class is rare."""

    rises = True
    title = "Matthews correlation"


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
