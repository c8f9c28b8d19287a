"""Metrics against Keras and scikit-learn, in batches of which the last is smaller."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics import (
    BinaryAccuracy,
    CategoricalAccuracy,
    Exact,
    Running,
    SparseCategoricalAccuracy,
    metric_function_of,
    rises,
)
from graph.metrics import metric_from, metric_text, metrics
from tests.engine.training.reference import stored

STORED = {tuple(key.split("|")) for key in stored("metrics") if "|" in key}
FIGURES = sorted((family, name) for family, name in STORED if name.partition("(")[0] in metrics.names())


def over_batches(name: str, y: np.ndarray, t: np.ndarray, size: int = 32, w: np.ndarray | None = None) -> float:
    running = Running(1)
    for start in range(0, len(y), size):
        part = slice(start, start + size)
        metric = metric_function_of(name, y[part], t[part], None if w is None else w[part])
        exact = [(0, metric)] if isinstance(metric, Exact) else []
        running.add([metric.value()], len(y[part]), exact)
    return running.means()[0]


def test_every_declared_metric_is_held_against_another_program() -> None:
    assert {name for _, name in FIGURES} >= set(metrics.names())
    assert {name for _, name in FIGURES} == {metric_text(metric_from(name)) for _, name in FIGURES}


@pytest.mark.parametrize("size", [32, 50, 1000])
@pytest.mark.parametrize(("family", "name"), FIGURES)
def test_figures_over_batches_are_those_of_keras_and_scikit_learn(family: str, name: str, size: int) -> None:
    given = stored("metrics")
    y, t = given[f"{family}|y"], given[f"{family}|t"]
    expected = pytest.approx(given[f"{family}|{name}"].item(), rel=2e-6)
    assert over_batches(name, y, t, size, given.get(f"{family}|w")) == expected
    if family == "several":
        assert over_batches(name, y, given["several|classes"], size) == expected


@pytest.mark.parametrize("name", sorted({name for _, name in FIGURES if "class_id" not in name}))
@pytest.mark.parametrize("shape", [(6, 1), (6, 4), (3, 2, 4)])
def test_a_figure_that_is_not_defined_is_still_a_number(name: str, shape: tuple[int, ...]) -> None:
    """No yes at all, a target that never changes: a run does not stop for that."""
    y = np.zeros(shape, np.float32) + (1.0 if shape[-1] == 1 else np.float32(0.25))
    assert np.isfinite(over_batches(name, y, np.zeros(shape, np.float32), 4))
    assert np.isfinite(over_batches(name, y, np.zeros(shape[:-1], np.intp), 4))
    assert np.isfinite(over_batches(name, y, np.zeros(shape, np.float32), 4, np.zeros(shape[:-1], np.float32)))


@pytest.mark.parametrize("name", metrics.names())
def test_an_output_of_no_numbers_ends_in_no_exception(name: str) -> None:
    """The loss says that the run has diverged; a metric does not get in its way."""
    with np.errstate(all="ignore"):
        over_batches(name, np.full((6, 3), np.nan, np.float32), np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1, 2]])


def test_running_forgets_what_was_before() -> None:
    given = stored("metrics")
    y, t = given["binary|y"], given["binary|t"]
    metric = metric_function_of("roc_auc", y, t)
    assert isinstance(metric, Exact)
    running = Running(1)
    for _ in range(2):
        running.clear()
        running.add([metric.value()], len(y), [(0, metric)])
        assert running.means() == [pytest.approx(given["binary|roc_auc"].item())]


def test_which_accuracy_it_is_follows_from_the_shapes() -> None:
    def chosen(y: tuple[int, ...], t: tuple[int, ...]) -> type:
        return type(metric_function_of("accuracy", np.zeros(y), np.zeros(t)))

    assert chosen((8, 1), (8, 1)) is BinaryAccuracy
    assert chosen((8, 1), (8,)) is BinaryAccuracy
    assert chosen((8, 3), (8,)) is SparseCategoricalAccuracy
    assert chosen((8, 3), (8, 3)) is CategoricalAccuracy
    assert chosen((8, 5, 3), (8, 5)) is SparseCategoricalAccuracy


def test_a_class_number_is_compared_with_every_value_of_its_row() -> None:
    y, t = np.array([[1.0, 2.0], [0.0, 4.0]], np.float32), np.array([1, 3])
    assert metric_function_of("mean_absolute_error", y, t).value() == pytest.approx((0 + 1 + 3 + 1) / 4)


@pytest.mark.parametrize(
    ("name", "up"),
    [
        ("accuracy", True),
        ("val_accuracy", True),
        ("val_a_accuracy", True),
        ("val_accuracy_loss", False),
        ("a_log_loss", False),
        ("val_r2_score", True),
        ("val_ndcg(k=5)", True),
        ("a_precision(thresholds=0.7)_loss", False),
    ],
)
def test_whether_more_is_better_follows_from_the_name(name: str, up: bool) -> None:
    assert rises(name) is up


def test_the_mean_of_nothing_is_no_number() -> None:
    assert np.isnan(Running(1).means()[0])
