"""What is measured besides the loss, by Keras's names where it has them, else by scikit-learn's.

Every figure of an epoch is that of all its samples together, not the mean of what the batches had. Where a figure needs
classes, an output of one value says yes above 0.5, and an output of several stands for the place of its largest.

The ranking metrics take each row of an output for the answer to one query: its values are the scores of the items (or
classes), and the row of the target says how relevant each is. A class number makes that class the one relevant item.
Equal scores count as the last of their places, so that an output that tells nothing apart gains nothing. A query to
which nothing is relevant counts 0.
"""

from __future__ import annotations

from graph.declare import register
from graph.fields import Choice, Float, Int
from graph.metric import Figure, Metric, figure_of, metric_from, metric_text, metrics

__all__ = ["Figure", "Metric", "figure_of", "metric_from", "metric_text", "metrics"]


class Thresholded(Metric):
    """A metric of yes and no, for every value of the output or for one class."""

    rises = True

    thresholds: float | None = Float(
        default=None, optional=True, min=0.0, max=1.0, none_text="0.5", doc="The value above which it says yes."
    )
    top_k: int | None = Int(
        default=None, optional=True, min=1, none_text="any", doc="Say yes only to so many of the largest values."
    )
    class_id: int | None = Int(
        default=None, optional=True, min=0, none_text="all", doc="The number of the class that is measured."
    )


class Averaged(Metric):
    """A figure of every class, made into one."""

    rises = True

    average: str = Choice(
        default="macro",
        choices=("macro", "micro", "weighted"),
        doc="Every class alike, every sample alike, or every class by how often it is right.",
    )
    threshold: float | None = Float(
        default=None,
        optional=True,
        min=0.0,
        below=1.0,
        none_text="the largest value",
        doc="The value above which it says yes to a class; for several right classes in a sample.",
    )


class Ordered(Metric):
    """A figure of all values of an epoch in their order."""

    rises = True

    average: str = Choice(
        default="micro",
        choices=("micro", "macro"),
        doc="Over the values of all classes together, or the mean over the classes.",
    )
    class_id: int | None = Int(
        default=None, optional=True, min=0, none_text="all", doc="The number of the class that is measured."
    )


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


@register(metrics, "precision")
class Precision(Thresholded):
    """The part of the values above the threshold that should be: how far a yes can be trusted."""

    common = True
    title = "Precision"
    formula = "tp / (tp + fp)"


@register(metrics, "recall")
class Recall(Thresholded):
    """The part of what should be yes that is above the threshold: how little is missed."""

    common = True
    title = "Recall"
    formula = "tp / (tp + fn)"


@register(metrics, "specificity")
class Specificity(Thresholded):
    """The part of what should be no that is not above the threshold: how few false alarms there are."""

    title = "Specificity"
    formula = "tn / (tn + fp)"


@register(metrics, "f1_score")
class F1Score(Averaged):
    """The harmonic mean of precision and recall; the mean over the classes where there are several."""

    common = True
    title = "F1 score"
    formula = "2 tp / (2 tp + fp + fn)"


@register(metrics, "fbeta_score")
class FBetaScore(Averaged):
    """As F1, with recall counting beta times as much as precision: 2 where a miss is worse, 0.5 a false alarm."""

    title = "F-beta score"
    formula = "(1 + beta^2) tp / ((1 + beta^2) tp + fp + beta^2 fn)"

    beta: float = Float(default=1.0, above=0.0, max=1000.0, doc="How much more recall counts than precision.")


@register(metrics, "auc")
class AUC(Metric):
    """The area under a curve at some thresholds, as Keras takes it; for ROC 0.5 is chance, and PR is for rare yes."""

    rises = True
    title = "AUC (thresholds)"

    num_thresholds: int = Int(default=200, min=2, max=100_000, doc="At how many thresholds the curve is taken.")
    curve: str = Choice(default="ROC", choices=("ROC", "PR"), doc="False alarms and recall, or recall and precision.")


@register(metrics, "roc_auc")
class ROCAUC(Ordered):
    """The exact area under the ROC curve, from all values of the epoch: 0.5 is chance, 1 perfect order."""

    common = True
    title = "AUC (ROC)"


@register(metrics, "average_precision")
class AveragePrecision(Ordered):
    """The exact mean precision over all recalls, from all values of the epoch: for rare yes."""

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

    weights: str | None = Choice(
        default=None,
        optional=True,
        choices=("linear", "quadratic"),
        none_text="all alike",
        doc="How much worse a mistake is the further apart the two classes are, for classes in an order.",
    )


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


@register(metrics, "mean_average_precision")
class MeanAveragePrecision(Metric):
    """How far relevant items stand before the others: the precision at each of them, as their mean over the queries."""

    rises = True
    title = "MAP"
    formula = "mean(mean over relevant i(relevant at rank_i or before / rank_i))"


@register(metrics, "mean_reciprocal_rank")
class MeanReciprocalRank(Metric):
    """One divided by the rank of the first relevant item: 1 where it is the first of all."""

    rises = True
    title = "MRR"
    formula = "mean(1 / min over relevant i(rank_i))"


@register(metrics, "ndcg")
class NDCG(Metric):
    """The gain of the first k items, less the later they come, as a part of the best there could be."""

    rises = True
    title = "NDCG@k"
    formula = "mean(DCG / best DCG), DCG = sum over the first k(relevance / log2(rank + 1))"

    k: int | None = Int(default=10, optional=True, min=1, none_text="all", doc="How many items count, the first ones.")


@register(metrics, "hit_at_k")
class HitAtK(Metric):
    """The part of the queries with a relevant item among the first k."""

    rises = True
    title = "Hit@k"
    formula = "mean(min over relevant i(rank_i) <= k)"

    k: int = Int(default=10, min=1, doc="How many items count, the first ones.")
