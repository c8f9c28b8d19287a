"""Figures of ranking.

Each row of an output answers one query: its values are the scores of the items (or classes), and the row of the target
says how relevant each is. A class number makes that class the one relevant item. Equal scores count as the last of
their places, so that an output that tells nothing apart gains nothing. A query to which nothing is relevant counts 0.
"""

from __future__ import annotations

from graph.declare import register
from graph.fields import Int
from graph.metrics.base import Metric, metrics


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
