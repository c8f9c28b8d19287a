"""Areas under curves: figures of how values are ordered, whatever the threshold."""

from __future__ import annotations

from graph.declare import register
from graph.fields import Choice, Int
from graph.metrics.base import Metric, metrics


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
