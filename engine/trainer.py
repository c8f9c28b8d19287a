"""Training: a generator of small events, which whoever runs it may pause, stop or close between any two.

All randomness of an epoch (the order of the samples, what Dropout drops) follows from the recipe's seed and the number
of the epoch. So the same seed gives the same curve, and a run that goes on from a saved `State` continues as if it had
never stopped.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from time import perf_counter
from typing import Any

import numpy as np

from engine.crew import at_work
from engine.divergence import advice
from engine.early_stopping import Best, watch
from engine.events import BatchEnded, EpochEnded, Event, Finished, Logs, Notice, Reason, Started
from engine.kernel import Array
from engine.objective import Bound, Objective, pair
from engine.optimizers import AVERAGE, Stepper, stepper_of
from engine.parameters import WrongWeights
from engine.plan import Plan
from engine.predict import evaluate
from engine.schedules import Rates
from graph.message import Message
from graph.recipe import TrainingRecipe


@dataclass(frozen=True)
class Examples:
    """Samples in the types a plan takes: `inputs` by entry, `targets` by result.

    `weights` are by result as well, one for each sample or for each of its places: how much its loss counts. Where a
    result has none, all samples count the same.
    """

    inputs: Mapping[str, Array]
    targets: Mapping[str, Array]
    weights: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.inputs.values())))


def examples(plan: Plan, objective: Objective, inputs: Mapping[str, Array], targets: Mapping[str, Array]) -> Examples:
    """Prepared arrays, which are by the data's names, for a plan. Raises CannotPair where they do not fit it."""
    paired = pair(tuple(plan.inputs), tuple(inputs), Message("input"))
    return Examples(
        {end: np.ascontiguousarray(inputs[name], plan.inputs[end].dtype) for end, name in paired.items()},
        objective.targets(plan, targets),
    )


@dataclass(frozen=True)
class Stage:
    """A plan for one batch size, its objective, and what is copied where before each step."""

    plan: Plan
    bound: Bound
    copies: tuple[tuple[Array, Array], ...]


@dataclass(frozen=True)
class State:
    """All that must be kept after an epoch to go on from there: copies, which later training leaves alone."""

    epoch: int
    weights: Array
    steps: int
    optimizer: Mapping[str, Array]
    best: Best = field(default_factory=Best)
    best_weights: Array | None = None
    seconds: float = 0.0


def learn(plan: Plan, bound: Bound, optimizer: Stepper[Any]) -> list[float]:
    """One step on the batch that lies in the plan; returns its figures.

    Where the loss is no number, the weights stay as they are.
    """
    with np.errstate(all="ignore"):
        plan.forward()
        figures = bound.figures()
        if isfinite(figures[0]):
            bound.slopes()
            plan.backward()
            bound.bounds.add_slopes()
            optimizer.step()
            bound.bounds.hold()
    return figures


class Trainer:
    """One run of one plan. `events` may be iterated once; `state` is that of the last finished epoch."""

    def __init__(
        self,
        plan: Plan,
        objective: Objective,
        recipe: TrainingRecipe,
        training: Examples,
        validation: Examples | None = None,
        state: State | None = None,
    ) -> None:
        self.plan, self.objective, self.recipe = plan, objective, recipe
        self.training = training
        self.batch_size = recipe.batch_of(len(training))
        self.validation = validation if validation is not None and len(validation) else None
        measured = objective.names
        self.names = (*measured, *(f"val_{name}" for name in measured)) if self.validation else measured
        self.watch, self._notice = watch(recipe.early_stopping, self.names)
        self.rates = Rates(recipe, self.names)
        self.optimizer = stepper_of(
            recipe.optimizer, plan.parameters.trainable, plan.parameters.gradient, plan.parameters.arrays(), self.rates
        )
        self._stop = False
        self._seconds = 0.0
        self._stages: dict[int, Stage] = {}
        self.state = self._state(0, Best(), None) if state is None else self._restore(state)

    def stop(self) -> None:
        """End the run after the step under way; may be called from any thread."""
        self._stop = True

    def events(self, every: int = 1) -> Generator[Event, None, None]:
        """Train, telling of every `every`-th step and of each epoch.

        In the end the plan has the weights that are kept: those of the best epoch where the recipe restores them or
        the run diverged, otherwise those of the last finished one (or as they are, if none was finished), or their
        moving average where the optimizer has one. `state` keeps the weights themselves, to go on from.
        """
        with at_work():
            yield from self._epochs(every)

    def _epochs(self, every: int) -> Generator[Event, None, None]:
        first, epochs, samples = self.state.epoch + 1, self.recipe.epochs, len(self.training)
        steps = -(-samples // self.batch_size)
        yield Started(epochs, first, steps, samples, len(self.validation or ()), self.names)
        for notice in filter(None, dict.fromkeys((self._notice, self.rates.notice))):
            yield Notice(notice, Message("Choose a figure that is measured, such as {name}.", name=self.names[-1]))
        reason: Reason = "completed"
        said: Message | None = None
        try:
            for epoch in range(first, epochs + 1):
                diverged_at = yield from self._pass(epoch, steps, every)
                if self._stop:
                    reason = "stopped"
                    break
                logs = self._logs() if diverged_at is None else {}
                if diverged_at is not None or not all(map(isfinite, logs.values())):
                    reason, said = "diverged", self._advice(epoch, diverged_at or steps)
                    break
                yield self._end_of_epoch(epoch, logs)
                if self.watch.is_over(self.state.best, epoch):
                    reason = "early stopping"
                    break
        finally:
            self._keep(diverged=reason == "diverged")
        yield Finished(self.state.epoch, self._seconds, reason, self.state.best.epoch, advice=said)

    def _pass(self, epoch: int, steps: int, every: int) -> Generator[Event, None, int | None]:
        """One pass over the training samples; returns the step at which the loss was no number, if any."""
        self.plan.reseed(self.recipe.seed, epoch)
        self.plan.states.reset()
        order = self._order(epoch)
        self.objective.running.clear()
        size, names, add = self.batch_size, self.objective.names, self.objective.running.add
        began = perf_counter()
        for step in range(1, steps + 1):
            rows = order[(step - 1) * size : step * size]
            figures = self._step(rows)
            if not isfinite(figures[0]):
                self._seconds += perf_counter() - began
                return step
            add(figures, len(rows), self._stages[len(rows)].bound.exact)
            if step % every == 0 or step == steps:
                self._seconds += perf_counter() - began
                yield BatchEnded(epoch, step, steps, dict(zip(names, figures, strict=True)))
                began = perf_counter()
            if self._stop:
                break
        self._seconds += perf_counter() - began
        return None

    def _order(self, epoch: int) -> Array:
        samples = len(self.training)
        if not self.recipe.shuffle:
            return np.arange(samples)
        generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(self.recipe.seed, spawn_key=(2, epoch))))
        return generator.permutation(samples)

    def _step(self, rows: Array) -> list[float]:
        """One step on the samples `rows`."""
        stage = self._stages.get(len(rows))
        if stage is None:
            stage = self._stages[len(rows)] = self._stage(len(rows))
        for samples, batch in stage.copies:
            samples.take(rows, 0, batch, "clip")
        return learn(stage.plan, stage.bound, self.optimizer)

    def _stage(self, samples: int) -> Stage:
        plan = self.plan.at(samples, training=True)
        bound = self.objective.on(plan, self.training.weights)
        xs = [(self.training.inputs[name], x) for name, x in plan.inputs.items()]
        ts = [(self.training.targets[name], t) for name, t in bound.targets.items()]
        weights = [(self.training.weights[name], weight) for name, weight in bound.weights.items()]
        return Stage(plan, bound, (*xs, *ts, *weights))

    def _logs(self) -> Logs:
        """The figures of the epoch, those of the validation samples behind them."""
        began = perf_counter()
        logs = self.objective.logs()
        if self.validation is not None:
            held_out = self.validation
            given = held_out.inputs, held_out.targets
            logs |= evaluate(self.plan, self.objective, *given, self.batch_size, "val_", held_out.weights)
        self._seconds += perf_counter() - began
        return logs

    def _end_of_epoch(self, epoch: int, logs: Logs) -> EpochEnded:
        before = self.state
        best = self.watch.after(before.best, epoch, logs)
        is_best = best.epoch == epoch
        spent = self._seconds - before.seconds
        self.rates.after_epoch(logs)
        self.state = self._state(epoch, best, None if is_best else before.best_weights)
        return EpochEnded(epoch, self.recipe.epochs, logs, spent, is_best)

    def _state(self, epoch: int, best: Best, best_weights: Array | None) -> State:
        """The state as it is now; without `best_weights`, these weights are the best there are."""
        weights = self.plan.parameters.values.copy()
        vectors = {name: vector.copy() for name, vector in self.optimizer.state.items()} | self.rates.state
        kept = weights if best_weights is None else best_weights
        return State(epoch, weights, self.optimizer.steps, vectors, best, kept, self._seconds)

    def _restore(self, state: State) -> State:
        """Take a saved state. A run that had waited long enough is given its patience anew."""
        values = self.plan.parameters.values
        if state.weights.shape != values.shape:
            raise WrongWeights(
                f"The saved weights are {state.weights.size:,} numbers, the network has {values.size:,}."
            )
        np.copyto(values, state.weights, casting="same_kind")
        self.optimizer.restore(state.steps, state.optimizer)
        self.rates.restore(state.optimizer)
        self._seconds = state.seconds
        over = self.watch.is_over(state.best, state.epoch)
        return replace(state, best=replace(state.best, waited=0)) if over else state

    def _keep(self, diverged: bool) -> None:
        """Leave the weights of a finished epoch, where there is one: the best, or the last, or its average."""
        state, parameters = self.state, self.plan.parameters
        if diverged or (self.watch.restores and state.best.epoch is not None):
            if state.best_weights is not None:
                np.copyto(parameters.values, state.best_weights)
        elif not state.epoch:
            self.optimizer.finish()
        else:
            np.copyto(parameters.values, state.weights)
            if AVERAGE in state.optimizer:
                np.copyto(parameters.trainable, state.optimizer[AVERAGE])

    def _advice(self, epoch: int, step: int) -> Message:
        rate = self.rates.rate
        return advice(self.training.inputs, self.training.targets, rate, epoch, step)
