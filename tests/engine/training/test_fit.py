"""Whole runs with weights of samples and averaged weights, held against what Keras's fit gave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.events import EpochEnded, Finished
from engine.objective import Objective, goals_of, logits_of
from engine.plan import compile
from engine.trainer import Trainer, examples
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import SparseCategoricalCrossentropy
from graph.optimizers import Adam
from graph.recipe import EarlyStopping, TrainingRecipe
from tests.engine.training.reference import chain, stored

TRAINED = 60
TOP = "top_k_categorical_accuracy(k=2)"


@pytest.mark.parametrize(("weighted", "metric", "name"), [(False, "accuracy", "accuracy"), (True, TOP, "top")])
@pytest.mark.parametrize(("end", "every"), [("completed", None), ("early stopping", None), ("completed", 5)])
def test_a_run_is_that_of_keras(end: str, every: int | None, weighted: bool, metric: str, name: str) -> None:
    """Loss and metrics of each epoch, weighted over sequences of unequal batches, and the weights at the end."""
    kept = stored("fit")
    network = chain(("x", Input(shape=(4, 3))), ("hidden", Dense(5, activation="tanh")), ("y", Dense(3, "softmax")))
    recipe = TrainingRecipe(
        Adam(0.05, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=every),
        SparseCategoricalCrossentropy(),
        (metric,),
        epochs=6,
        batch_size=16,
        shuffle=False,
        weighted_metrics=weighted,
        early_stopping=EarlyStopping(patience=2, min_delta=10.0, restore_best_weights=False)
        if end == "early stopping"
        else None,
    )
    goals = goals_of(infer(network), recipe, ["t"])
    plan = compile(network, 16, logits=logits_of(goals))
    plan.parameters.load({path: kept[f"start/{path}"] for path in plan.parameters.named()})
    objective = Objective(goals)
    parts = []
    for part in (slice(0, TRAINED), slice(TRAINED, None)):
        given = examples(plan, objective, {"x": kept["x"][part]}, {"t": kept["t"][part]})
        parts.append(replace(given, weights={"y": kept["w"][part]}))
    events = list(Trainer(plan, objective, recipe, *parts).events())
    assert isinstance(events[-1], Finished)
    assert events[-1].reason == end
    logs = [event.logs for event in events if isinstance(event, EpochEnded)]
    for ours, theirs in (("loss", "loss"), ("val_loss", "val_loss"), (metric, name), (f"val_{metric}", f"val_{name}")):
        np.testing.assert_allclose([one[ours] for one in logs], kept[f"{end}|{every}|{theirs}"], rtol=1e-4)
    for path, w in plan.parameters.named().items():
        np.testing.assert_allclose(w, kept[f"{end}|{every}|end/{path}"], rtol=1e-3, atol=2e-5)
