"""The learning rate of every step against Keras and PyTorch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.events import BatchEnded
from engine.schedules import FORMULAS, Rates
from graph.optimizers import SGD
from graph.recipe import TrainingRecipe
from graph.schedules import ExponentialDecay, ReduceLROnPlateau, Schedule, schedules
from tests.engine.training.reference import RECIPE, stored, trainer
from tests.reference.training_losses import name_of
from tests.reference.training_schedules import PLATEAUS, RATE, SCHEDULES, STEPS

NAMES = ("loss", "accuracy", "val_loss", "val_accuracy")


def rates_of(schedule: Schedule, names: tuple[str, ...] = NAMES) -> Rates:
    return Rates(TrainingRecipe(optimizer=SGD(RATE), schedule=schedule), names)


def test_every_declared_schedule_computes_and_is_compared() -> None:
    assert set(schedules) == {*FORMULAS, ReduceLROnPlateau}
    assert set(schedules) == {type(schedule) for schedule in (*SCHEDULES, *PLATEAUS)}


@pytest.mark.parametrize("schedule", SCHEDULES, ids=name_of)
def test_every_step_has_the_rate_of_keras(schedule: Schedule) -> None:
    rates = rates_of(schedule)
    found = [rates(step) for step in range(STEPS)]
    np.testing.assert_allclose(found, stored("schedules")[name_of(schedule)], rtol=1e-4, atol=1e-6 * RATE)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=name_of)
def test_far_steps_have_a_rate(schedule: Schedule) -> None:
    rates = rates_of(schedule)
    assert all(0.0 <= rates(step) <= 10.0 for step in (10_000, 1_000_000))


@pytest.mark.parametrize("schedule", PLATEAUS, ids=name_of)
@pytest.mark.parametrize("broken_at", [None, 11])
def test_a_plateau_lowers_the_rate_when_keras_does(schedule: ReduceLROnPlateau, broken_at: int | None) -> None:
    """Also where the run was broken off after an epoch and goes on from its state."""
    given = stored("schedules")
    rates = rates_of(schedule)
    found = []
    for epoch, figure in enumerate(given[f"{name_of(schedule)}|figures"]):
        if epoch == broken_at:
            state, rates = rates.state, rates_of(schedule)
            rates.restore(state)
        rates.after_epoch({schedule.monitor: float(figure)})
        found.append(rates(epoch))
    np.testing.assert_allclose(found, given[name_of(schedule)], rtol=1e-6)


def test_a_figure_that_is_not_measured_is_told() -> None:
    rates = rates_of(ReduceLROnPlateau(), ("loss",))
    assert str(rates.notice) == "val_loss is not measured, so loss is watched."


def test_the_trainer_steps_by_the_schedule() -> None:
    """A rate that is at once next to nothing moves the weights in the first step alone."""
    run = trainer(replace(RECIPE, optimizer=SGD(0.1), epochs=1, schedule=ExponentialDecay(1, decay_rate=1e-9)))
    seen = [run.plan.parameters.values.copy() for event in run.events() if isinstance(event, BatchEnded)]
    assert len(seen) > 2
    np.testing.assert_allclose(seen[-1], seen[0], atol=1e-7)


def test_a_continued_run_is_the_same_with_a_plateau() -> None:
    recipe = replace(RECIPE, schedule=ReduceLROnPlateau(patience=1, factor=0.5, min_delta=0.2), epochs=6)
    whole = trainer(recipe)
    list(whole.events())
    first = trainer(replace(recipe, epochs=3))
    list(first.events())
    second = trainer(recipe, state=first.state)
    list(second.events())
    assert second.rates.rate == whole.rates.rate < recipe.optimizer.learning_rate
    np.testing.assert_array_equal(second.plan.parameters.values, whole.plan.parameters.values)
