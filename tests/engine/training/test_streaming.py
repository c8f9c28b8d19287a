"""Every metric over an epoch of unequal batches is that of all samples at once, by plain NumPy and with any weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics import Exact, Running, metric_function_of
from graph.metrics import metric_text, metrics
from tests.helpers.strategies import instances

Rows = np.ndarray


def measured(text: str, y: Rows, t: Rows, w: Rows | None, ends: list[int]) -> float:
    """What an epoch says whose batches end at these samples."""
    running = Running(1)
    for start, end in zip([0, *ends], [*ends, len(y)], strict=True):
        if start < end:
            metric = metric_function_of(text, y[start:end], t[start:end], None if w is None else w[start:end])
            exact = [(0, metric)] if isinstance(metric, Exact) else []
            running.add([metric.value()], end - start, exact)
    return running.means()[0]


@st.composite
def epochs(draw: st.DrawFn, columns: int | None = None) -> tuple[Rows, Rows, Rows, list[int]]:
    """Outputs on a coarse grid, so that some are equal, one-hot targets, whole weights, and where batches end."""
    count, width = draw(st.integers(2, 30)), columns or draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    y = (rng.integers(0, 12, (count, width)) / 11).astype(np.float32)
    t = np.eye(max(width, 2), dtype=np.float32)[rng.integers(0, max(width, 2), count)][:, -width:]
    ends = sorted(draw(st.lists(st.integers(1, count - 1), max_size=5, unique=True)))
    return y, t, rng.integers(0, 4, count).astype(np.float32), ends


@pytest.mark.parametrize("name", metrics.names())
@given(st.data())
def test_batches_do_not_show(name: str, data: st.DataObject) -> None:
    metric = data.draw(instances(metrics[name]))
    y, t, w, ends = data.draw(epochs())
    if metric.config().get("class_id") is not None:
        metric = metric.with_(class_id=metric.config()["class_id"] % y.shape[1])
    text = metric_text(metric)
    whole = measured(text, y, t, None, [])
    assert measured(text, y, t, None, ends) == pytest.approx(whole, rel=1e-5, abs=1e-6)
    assert measured(text, y, t, w, ends) == pytest.approx(measured(text, y, t, w, []), rel=1e-5, abs=1e-6)
    assert measured(text, y, t, np.ones(len(y)), ends) == pytest.approx(whole, rel=1e-5, abs=1e-6)
    if w.any():
        repeated = measured(text, np.repeat(y, w.astype(int), 0), np.repeat(t, w.astype(int), 0), None, [])
        assert measured(text, y, t, w, ends) == pytest.approx(repeated, rel=1e-5, abs=1e-5)


def pairs(y: Rows, yes: Rows) -> float:
    """The part of the pairs of yes and no in which yes has the larger score; equal ones count half."""
    up, down = y[yes][:, None], y[~yes]
    return float(((up > down) + 0.5 * (up == down)).mean()) if up.size and down.size else 0.0


def precisions(y: Rows, yes: Rows) -> float:
    """The mean precision where each yes is found; equal scores are found together."""
    return float(np.mean([yes[y >= one].mean() for one in y[yes]])) if yes.any() else 0.0


def by_rows(row: Callable[[Rows, Rows], float]) -> Callable[[Rows, Rows], float]:
    return lambda y, t: float(np.mean([row(a, b > 0.5) for a, b in zip(y, t, strict=True)]))


def f2(y: Rows, t: Rows) -> float:
    said, right = y.argmax(1), t.argmax(1)
    found = []
    for c in range(y.shape[1]):
        tp = np.sum((said == c) & (right == c))
        fp, fn = np.sum((said == c) & (right != c)), np.sum((said != c) & (right == c))
        found.append(5 * tp / (5 * tp + 4 * fn + fp) if tp + fn + fp else 0.0)
    return float(np.mean(found))


def gain(y: Rows, fits: Rows) -> float:
    """The discounted gain of one query with one item that fits: equal scores share their places."""
    (own,) = y[fits]
    first, last = int((y > own).sum()), int((y >= own).sum())
    return float(np.mean([1 / np.log2(place + 2) if place < 2 else 0.0 for place in range(first, last)]))


PLAIN: dict[str, Callable[[Rows, Rows], float]] = {
    "accuracy": lambda y, t: float((y.argmax(1) == t.argmax(1)).mean()),
    "precision(thresholds=0.3)": lambda y, t: float(t[y > 0.3].mean()) if (y > 0.3).any() else 0.0,
    "recall(class_id=1)": lambda y, t: float((y[:, 1] > 0.5)[t[:, 1] > 0].mean()) if t[:, 1].any() else 0.0,
    "fbeta_score(beta=2.0)": f2,
    "roc_auc": lambda y, t: pairs(y.ravel(), t.ravel() > 0),
    "average_precision": lambda y, t: precisions(y.ravel(), t.ravel() > 0),
    "mean_average_precision": by_rows(precisions),
    "mean_reciprocal_rank": by_rows(lambda y, fits: 1.0 / float((y >= y[fits].max()).sum())),
    "hit_at_k(k=2)": by_rows(lambda y, fits: float((y >= y[fits].max()).sum() <= 2)),
    "ndcg(k=2)": by_rows(gain),
    "root_mean_squared_error": lambda y, t: float(np.sqrt(np.mean((y.astype(float) - t) ** 2))),
}


@pytest.mark.parametrize("text", PLAIN)
@given(epochs())
def test_figures_are_those_of_a_plain_loop(text: str, epoch: tuple[Rows, Rows, Rows, list[int]]) -> None:
    y, t, _, ends = epoch
    assert measured(text, y, t, None, ends) == pytest.approx(PLAIN[text](y, t), rel=1e-5, abs=1e-6)
