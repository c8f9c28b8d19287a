"""Training on padded sequences: what is padding counts neither in the loss nor in the metrics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.events import BatchEnded
from engine.metrics import metric_function_of
from engine.objective import Objective, goals_of, logits_of
from engine.plan import compile
from engine.predict import evaluate
from engine.row_weights import RowWeights
from engine.trainer import Trainer, examples
from graph.infer import infer
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input
from graph.layers.masking import Masking
from graph.layers.recurrent import GRU, LSTM
from graph.losses import MeanSquaredError, SparseCategoricalCrossentropy
from graph.network import Network
from graph.optimizers import Adam
from graph.recipe import TrainingRecipe
from tests.engine.training.reference import chain
from tests.reference.stored import kept

RECIPE = TrainingRecipe(Adam(0.02), epochs=5, batch_size=8, shuffle=False)
WORDS = RECIPE.with_(loss=SparseCategoricalCrossentropy(), metrics=("accuracy",))
NUMBERS = RECIPE.with_(loss=MeanSquaredError(), metrics=("mean_absolute_error",))


def network(kind: str) -> Network:
    if kind == "words":
        layers = (("words", Embedding(12, 5, mask_zero=True)), ("read", LSTM(6, return_sequences=True)))
        return chain(("x", Input((7,))), *layers, ("y", Dense(3, activation="softmax")))
    layers = (("seen", Masking()), ("read", GRU(5, return_sequences=True)))
    return chain(("x", Input((7, 4))), *layers, ("y", Dense(2)))


@pytest.mark.parametrize("kind", ["words", "numbers"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("fused", [False, True])
def test_twenty_steps_are_those_of_keras(kind: str, weighted: bool, fused: bool) -> None:
    name = kind + (" weighted" if weighted else "")
    arrays = kept("training_masks")[name]
    recipe = WORDS if kind == "words" else NUMBERS
    goals = goals_of(infer(network(kind)), recipe, ["y"])
    goals = tuple(replace(goal, fused=goal.fused and fused) for goal in goals)
    plan = compile(network(kind), 8, logits=logits_of(goals))
    plan.parameters.load({key: arrays[f"weights {key}"] for key in plan.parameters.named()})
    objective = Objective(goals)
    data = examples(plan, objective, {"x": arrays["x"]}, {"y": arrays["t"]})
    if weighted:
        data = replace(data, weights={"y": arrays["weight"]})
    events = Trainer(plan, objective, recipe, data).events()
    steps = [list(event.logs.values()) for event in events if isinstance(event, BatchEnded)]
    np.testing.assert_allclose(steps, arrays["logs"], rtol=1e-4, atol=1e-6)
    found = evaluate(plan, objective, data.inputs, data.targets, 11)
    np.testing.assert_allclose(list(found.values()), arrays["evaluated"], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("metric", ["accuracy", "precision", "f1_score", "auc", "roc_auc", "cohen_kappa", "log_loss"])
def test_no_metric_counts_what_is_masked(metric: str) -> None:
    random = np.random.default_rng(1)
    mask = random.random((6, 7)) < 0.6
    y = random.dirichlet(np.ones(3), (6, 7))
    t = random.integers(0, 3, (6, 7))
    rows = RowWeights(mask, y, None, weighted_metrics=False)
    rows.update()
    found = metric_function_of(metric, y, t, rows.metrics).value()
    assert found == pytest.approx(metric_function_of(metric, y[mask], t[mask]).value())


def test_a_batch_of_nothing_but_padding_teaches_nothing() -> None:
    goals = goals_of(infer(network("words")), WORDS, ["y"])
    plan = compile(network("words"), 8, logits=logits_of(goals))
    bound = Objective(goals).on(plan)
    plan.forward()
    assert bound.figures() == [0.0, 0.0]
    bound.slopes()
    plan.backward()
    assert not plan.parameters.gradient.any()
