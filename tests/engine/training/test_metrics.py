"""Metrics against Keras, in batches of which the last is smaller."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics import (
    BinaryAccuracy,
    CategoricalAccuracy,
    Running,
    SparseCategoricalAccuracy,
    metric_function_of,
    rises,
)
from graph.metrics import metrics
from tests.engine.training.reference import stored


def over_batches(name: str, y: np.ndarray, t: np.ndarray) -> float:
    running = Running(1)
    for start in range(0, len(y), 8):
        part = slice(start, start + 8)
        running.add([metric_function_of(name, y[part].shape, t[part].shape)(y[part], t[part]).value()], len(y[part]))
    return running.means()[0]


def test_every_declared_metric_has_its_function() -> None:
    for name in metrics.names():
        metric_function_of(name, (4, 3), (4, 3))


def test_figures_are_those_of_keras() -> None:
    given = stored()
    y, classes = given["metric_y"], given["metric_classes"]
    one_hot = np.eye(4, dtype=np.float32)[classes]
    assert over_batches("accuracy", y, classes) == pytest.approx(given["metric/sparse"])
    assert over_batches("accuracy", y, one_hot) == pytest.approx(given["metric/categorical"])
    assert over_batches("accuracy", given["metric_column"], given["metric_bits"]) == pytest.approx(
        given["metric/binary"]
    )
    assert over_batches("mean_absolute_error", y, one_hot) == pytest.approx(given["metric/mean_absolute_error"])


def test_which_accuracy_it_is_follows_from_the_shapes() -> None:
    assert metric_function_of("accuracy", (8, 1), (8, 1)) is BinaryAccuracy
    assert metric_function_of("accuracy", (8, 1), (8,)) is BinaryAccuracy
    assert metric_function_of("accuracy", (8, 3), (8,)) is SparseCategoricalAccuracy
    assert metric_function_of("accuracy", (8, 3), (8, 3)) is CategoricalAccuracy
    assert metric_function_of("accuracy", (8, 5, 3), (8, 5)) is SparseCategoricalAccuracy


def test_a_class_number_is_compared_with_every_value_of_its_row() -> None:
    y, t = np.array([[1.0, 2.0], [0.0, 4.0]], np.float32), np.array([1, 3])
    assert metric_function_of("mean_absolute_error", y.shape, t.shape)(y, t).value() == pytest.approx(
        (0 + 1 + 3 + 1) / 4
    )


@pytest.mark.parametrize(
    ("name", "up"), [("accuracy", True), ("val_accuracy", True), ("val_a_accuracy", True), ("val_accuracy_loss", False)]
)
def test_whether_more_is_better_follows_from_the_name(name: str, up: bool) -> None:
    assert rises(name) is up


def test_the_mean_of_nothing_is_no_number() -> None:
    assert np.isnan(Running(1).means()[0])
