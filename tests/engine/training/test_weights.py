"""The weights of samples and classes, from the data to the step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.data import DataProblem, load
from engine.events import EpochEnded, Finished
from engine.session import Session
from graph.datasets import Column, CsvFile, NpzFile
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import SparseCategoricalCrossentropy
from graph.optimizers import SGD
from graph.project import Project
from graph.recipe import DataRecipe, TrainingRecipe
from tests.engine.training.reference import chain, samples

RECIPE = TrainingRecipe(
    optimizer=SGD(0.1),
    loss=SparseCategoricalCrossentropy(),
    metrics=("accuracy",),
    epochs=2,
    batch_size=None,
    shuffle=False,
)
COLUMNS = (Column("a"), Column("b"), Column("w", "weight"), Column("ring", "target", "category"))
NETWORK = chain(("x", Input(shape=(2,))), ("y", Dense(3, activation="softmax")))


def table(path: Path, weights: Sequence[object], name: str = "w") -> CsvFile:
    """Points, with a weight for each."""
    x, t = samples(len(weights))
    lines = [f"{a:.5f},{b:.5f},{w},{'abc'[c]}" for (a, b), w, c in zip(x, weights, t, strict=True)]
    path.write_text("\n".join([f"a,b,{name},ring", *lines]) + "\n")
    return CsvFile(path=str(path))


def session(source: CsvFile | NpzFile, recipe: TrainingRecipe = RECIPE, **data: object) -> Session:
    columns = COLUMNS if isinstance(source, CsvFile) else ()
    given = DataRecipe(source=source, columns=columns, standardize=False).with_(**data)
    return Session.prepare(Project(NETWORK, data=given, training=recipe))


def crossentropy(y: np.ndarray, t: np.ndarray, w: np.ndarray) -> float:
    return float((w * -np.log(y[np.arange(len(t)), t])).sum() / len(t))


def test_a_column_of_weights_counts_in_every_loss(tmp_path: Path) -> None:
    """Keras divides the weighted sum by the number of samples."""
    made = session(table(tmp_path / "w.csv", np.arange(60) / 10.0))
    assert made.samples.facts.inputs == {"x": (None, 2)}
    for part in ("training", "validation", "test"):
        w = made.prepared.parts[part].rows / 10.0
        y = made.predict(made.prepared.parts[part].inputs)["y"]
        t = made.prepared.parts[part].targets["ring"]
        logs = made.evaluate(part)  # type: ignore[arg-type]
        assert logs["loss"] == pytest.approx(crossentropy(y, t, w), rel=1e-5)
        assert logs["accuracy"] == pytest.approx((y.argmax(1) == t).mean())


def test_metrics_take_the_weights_where_they_are_to(tmp_path: Path) -> None:
    made = session(table(tmp_path / "w.csv", np.arange(60)), replace(RECIPE, weighted_metrics=True))
    part = made.prepared.test
    right = made.predict(part.inputs)["y"].argmax(1) == part.targets["ring"]
    assert made.evaluate()["accuracy"] == pytest.approx((right * part.rows).sum() / part.rows.sum())


def test_samples_of_weight_0_teach_nothing(tmp_path: Path) -> None:
    """The same steps as without them, but for the count that the loss is divided by."""
    w = np.where(np.arange(80) % 2, 1.0, 0.0)
    whole = session(table(tmp_path / "w.csv", w), validation=0.0, test=0.0)
    list(whole.run())
    x, t = whole.prepared.training.inputs["x"], whole.prepared.training.targets["ring"]
    np.savez(tmp_path / "half.npz", x=x[1::2], y=t[1::2])
    rate = RECIPE.optimizer.learning_rate / 2
    half = session(
        NpzFile(path=str(tmp_path / "half.npz")), replace(RECIPE, optimizer=SGD(rate)), validation=0.0, test=0.0
    )
    list(half.run())
    np.testing.assert_allclose(whole.plan.parameters.values, half.plan.parameters.values, rtol=1e-5, atol=1e-6)


def test_balanced_classes_weigh_as_in_scikit_learn(tmp_path: Path) -> None:
    """n / (classes * samples of the class), counted in the training samples alone, and only there."""
    made = session(table(tmp_path / "w.csv", np.full(90, 2.0)), replace(RECIPE, class_weight="balanced"))
    t = made.prepared.training.targets["ring"]
    counts = np.array([(t == c).sum() for c in range(3)])
    assert len(set(counts)) > 1
    expected = 2.0 * len(t) / (3 * counts[t])
    np.testing.assert_allclose(made.examples["training"].weights["y"], expected, rtol=1e-6)
    np.testing.assert_array_equal(made.examples["validation"].weights["y"], 2.0)


def test_a_class_has_the_weight_that_is_said(tmp_path: Path) -> None:
    made = session(table(tmp_path / "w.csv", np.ones(90)), replace(RECIPE, class_weight="c: 5, a: 0"))
    t = made.prepared.training.targets["ring"]
    np.testing.assert_array_equal(made.examples["training"].weights["y"], np.array([0.0, 1.0, 5.0])[t])


def test_an_array_of_weights(tmp_path: Path) -> None:
    x, t = samples(40)
    w = np.linspace(0, 2, 40)
    for names in (
        {"x": x, "y": t, "sample_weight": w},
        {"x_train": x, "y_train": t, "sample_weight_train": w[:, None]},
    ):
        np.savez(tmp_path / "w.npz", **names)
        made = session(NpzFile(path=str(tmp_path / "w.npz")), validation=0.0, test=0.25)
        np.testing.assert_allclose(made.prepared.test.weights, w[made.prepared.test.rows], rtol=1e-6)


def test_a_column_called_sample_weight_is_taken_for_what_it_says(tmp_path: Path) -> None:
    source = table(tmp_path / "w.csv", np.arange(30), "sample_weight")
    found = load(DataRecipe(source=source))
    assert found.weights is not None
    assert found.weights.tolist() == list(range(30))
    assert found.facts.inputs == {"x": (None, 2)}
    assert "'sample_weight' is taken for the weights of the samples." in map(str, found.notes)


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ([1.0, -1.0, 2.0] * 9, "The weights 'w' have -1 in sample 1; expected a number of at least 0."),
        ([0.0] * 20, "The weights 'w' are all 0, so no sample counts."),
        (["1", "much", "2"] * 9, "expected a number, received 'much'."),
        (["1", "", "2"] * 9, "expected a number, but the cell is empty."),
    ],
)
def test_what_is_wrong_with_weights_is_said(tmp_path: Path, weights: list[object], said: str) -> None:
    with pytest.raises(DataProblem, match=said.replace("(", "\\(")):
        session(table(tmp_path / "w.csv", weights))


def test_two_columns_of_weights_are_refused(tmp_path: Path) -> None:
    source = table(tmp_path / "w.csv", np.ones(20))
    columns = (Column("a", "weight"), *COLUMNS[1:])
    with pytest.raises(DataProblem, match="2 columns are weights: a, w"):
        load(DataRecipe(source=source, columns=columns))


def test_a_step_over_all_samples(tmp_path: Path) -> None:
    """One step an epoch, and the same curve as with a batch of just so many."""
    source = table(tmp_path / "w.csv", np.ones(50))
    runs = []
    for batch_size in (None, 36, 1000):
        made = session(source, replace(RECIPE, batch_size=batch_size), validation=0.14, test=0.14)
        events = list(made.run())
        assert isinstance(events[-1], Finished)
        runs.append([event.logs for event in events if isinstance(event, EpochEnded)])
    assert len(made.prepared.training) == 36
    assert runs[0] == runs[1] == runs[2]
