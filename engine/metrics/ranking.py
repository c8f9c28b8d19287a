"""The figures of ranking: each row of the output scores the items of one query, each row of the target says what fits.

Formulas: https://scikit-learn.org/stable/modules/model_evaluation.html#multilabel-ranking-metrics (Järvelin and
Kekäläinen 2002 for the gain, McSherry and Najork 2008 for equal scores in it).
"""

from __future__ import annotations

import numpy as np

from engine.kernel import Array
from engine.metrics.base import Mean, always
from engine.metrics.targets import relevance, rows_of, yes_and_no
from graph.metrics.ranking import NDCG, HitAtK, MeanAveragePrecision, MeanReciprocalRank


def places(scores: Array) -> tuple[Array, Array]:
    """For every score of a row, how many are larger, and how many are at least as large: its own included."""
    order = np.argsort(-scores, axis=-1, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=-1)
    at = np.broadcast_to(np.arange(scores.shape[-1]), scores.shape)
    new = np.ones(scores.shape, np.bool_)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    last = np.ones(scores.shape, np.bool_)
    last[:, :-1] = new[:, 1:]
    first_place = np.maximum.accumulate(np.where(new, at, 0), axis=-1)
    last_place = np.minimum.accumulate(np.where(last, at, scores.shape[-1])[:, ::-1], axis=-1)[:, ::-1]
    larger, not_smaller = np.empty(scores.shape, np.intp), np.empty(scores.shape, np.intp)
    np.put_along_axis(larger, order, first_place, axis=-1)
    np.put_along_axis(not_smaller, order, last_place + 1, axis=-1)
    return larger, not_smaller


def first_rank(scores: Array, fits: Array) -> Array:
    """The rank of the best item that fits, in every row; beyond all items where none does."""
    _, rank = places(scores)
    found: Array = np.where(fits, rank, scores.shape[-1] + 1).min(axis=-1)
    return found


@always(MeanAveragePrecision)
class _MeanAveragePrecision(Mean[MeanAveragePrecision]):
    """sum over what fits (how many fit up to its rank / its rank) / how many fit"""

    def each(self) -> Array:
        scores, fits = rows_of(self.y), yes_and_no(self.t, self.y)
        _, rank = places(scores)
        _, rank_among_fitting = places(np.where(fits, scores, -np.inf))
        precision = np.where(fits, rank_among_fitting / rank, 0.0).sum(axis=-1)
        found: Array = precision / np.maximum(fits.sum(axis=-1), 1)
        return found


@always(MeanReciprocalRank)
class _MeanReciprocalRank(Mean[MeanReciprocalRank]):
    """1 / the rank of the first that fits"""

    def each(self) -> Array:
        fits = yes_and_no(self.t, self.y)
        found: Array = fits.any(axis=-1) / first_rank(rows_of(self.y), fits)
        return found


@always(HitAtK)
class _HitAtK(Mean[HitAtK]):
    """the rank of the first that fits <= k"""

    def each(self) -> Array:
        fits = yes_and_no(self.t, self.y)
        found: Array = fits.any(axis=-1) & (first_rank(rows_of(self.y), fits) <= self.declared.k)
        return found


@always(NDCG)
class _NDCG(Mean[NDCG]):
    """sum gain discount / sum sorted gain discount, with discount 1 / log2(rank + 1) for ranks up to k

    Items of equal score share their ranks' discounts evenly. Gains below 0 count 0.
    """

    def each(self) -> Array:
        scores = rows_of(self.y)
        gain = np.maximum(relevance(self.t, self.y).astype(float), 0.0)
        items = scores.shape[-1]
        discount = 1.0 / np.log2(np.arange(items) + 2.0)
        discount[items if self.declared.k is None else self.declared.k :] = 0.0
        sums = np.append(0.0, discount.cumsum())
        larger, not_smaller = places(scores)
        shared = (sums[not_smaller] - sums[larger]) / (not_smaller - larger)
        best = -np.sort(-gain, axis=-1) @ discount
        found: Array = np.divide((gain * shared).sum(axis=-1), best, out=np.zeros(len(gain)), where=best > 0)
        return found
