"""Which samples train, which watch over training, and which are kept for the end.

For classes the split is stratified: each part gets its share of every class, as nearly as whole samples allow, and the
samples left over go where the rounding took most (the method of the largest remainder).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data.problem import DataProblem
from engine.data.samples import Array
from graph.message import Message


@dataclass(frozen=True)
class Split:
    """The numbers of the samples in each part, rising."""

    training: Array
    validation: Array
    test: Array


def split(count: int, validation: float, test: float, seed: int, classes: Array | None = None) -> Split:
    """Divide `count` samples by `seed`; with the class number of every sample, each class by itself."""
    if not 0 <= validation < 1 or not 0 <= test < 1 or validation + test >= 1:
        raise DataProblem(
            Message("validation {v:g} and test {t:g} leave nothing to train on.", v=validation, t=test),
            Message("Both are parts of all samples, and must add up to less than 1."),
        )
    rng = np.random.default_rng(seed)
    groups = [np.arange(count)] if classes is None else [np.flatnonzero(classes == c) for c in np.unique(classes)]
    groups = [rng.permutation(group) for group in groups]
    sizes = np.array([len(group) for group in groups])
    tested = _shares(sizes, test, round(count * test))
    held_out = _shares(sizes, test + validation, round(count * (test + validation)))
    watched = np.maximum(held_out - tested, 0)
    parts: tuple[list[Array], list[Array], list[Array]] = ([], [], [])
    for group, t, v in zip(groups, tested, watched, strict=True):
        for part, piece in zip(parts, np.split(group, [len(group) - t - v, len(group) - t]), strict=True):
            part.append(piece)
    return Split(*(np.sort(np.concatenate(part)) for part in parts))


def _shares(sizes: Array, part: float, total: int) -> Array:
    """How many of each group make up `total`; a group always keeps one sample."""
    exact = sizes * part
    shares = np.floor(exact).astype(int)
    most = np.maximum(sizes - 1, 0)
    for group in np.argsort(shares - exact, kind="stable")[: max(total - int(shares.sum()), 0)]:
        shares[group] += 1
    kept: Array = np.minimum(shares, most)
    return kept
