"""Figures that follow from how many were taken for what.

Where a figure needs classes, an output of one value says yes above 0.5, and an output of several stands for the place
of its largest.
"""

from __future__ import annotations

from graph.declare import register
from graph.fields import Choice, Float, Int
from graph.metrics.base import Metric, metrics


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
