"""The learning rate of every step, by Keras's formulas.

Formulas: https://keras.io/api/optimizers/learning_rate_schedules/; OneCycle is PyTorch's OneCycleLR (Smith and Topin
2018), ReduceLROnPlateau https://keras.io/api/callbacks/reduce_lr_on_plateau/
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from math import ceil, cos, floor, log, pi
from typing import Any

import numpy as np

from engine.early_stopping import Watch, watch
from engine.events import Logs
from engine.kernel import Array
from graph.message import Message
from graph.recipe import EarlyStopping, TrainingRecipe
from graph.schedules import (
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    OneCycle,
    PiecewiseConstantDecay,
    PolynomialDecay,
    ReduceLROnPlateau,
    Schedule,
)

Formula = Callable[[Any, float, int], float]
"""The learning rate by a declared schedule, the optimizer's rate and the number of steps already taken."""


def _exponential(s: ExponentialDecay, rate: float, step: int) -> float:
    p = step / s.decay_steps
    return rate * s.decay_rate ** (floor(p) if s.staircase else p)


def _inverse_time(s: InverseTimeDecay, rate: float, step: int) -> float:
    p = step / s.decay_steps
    return rate / (1.0 + s.decay_rate * (floor(p) if s.staircase else p))


def _piecewise(s: PiecewiseConstantDecay, rate: float, step: int) -> float:
    """Where a value is missing, the last one stands for it."""
    return s.values[min(bisect_left(s.boundaries, step), len(s.values) - 1)]


def _polynomial(s: PolynomialDecay, rate: float, step: int) -> float:
    steps = s.decay_steps * (max(ceil(step / s.decay_steps), 1) if s.cycle else 1)
    p = min(step, steps) / steps
    return float((rate - s.end_learning_rate) * (1.0 - p) ** s.power + s.end_learning_rate)


def _cosine(s: CosineDecay, rate: float, step: int) -> float:
    if s.warmup_target is not None:
        if step < s.warmup_steps:
            return rate + (s.warmup_target - rate) * step / s.warmup_steps
        rate, step = s.warmup_target, step - s.warmup_steps
    wave = 0.5 * (1.0 + cos(pi * min(step, s.decay_steps) / s.decay_steps))
    return rate * ((1.0 - s.alpha) * wave + s.alpha)


def _cosine_restarts(s: CosineDecayRestarts, rate: float, step: int) -> float:
    p = step / s.first_decay_steps
    if s.t_mul == 1.0:
        restarts = floor(p)
        p -= restarts
    else:
        restarts = floor(log(1.0 - p * (1.0 - s.t_mul)) / log(s.t_mul))
        p = (p - (1.0 - s.t_mul**restarts) / (1.0 - s.t_mul)) / s.t_mul**restarts
    wave = 0.5 * s.m_mul**restarts * (1.0 + cos(pi * p))
    return float(rate * ((1.0 - s.alpha) * wave + s.alpha))


def _one_cycle(s: OneCycle, rate: float, step: int) -> float:
    low, up = rate / s.div_factor, s.pct_start * s.total_steps
    phases = [(up - 1.0, low, rate)]
    if s.three_phase:
        phases.append((2.0 * up - 2.0, rate, low))
    phases.append((s.total_steps - 1.0, phases[-1][2], low / s.final_div_factor))
    step = min(step, s.total_steps - 1)
    place = next(i for i, (end, _, _) in enumerate(phases) if step <= end)
    end, first, last = phases[place]
    begin = phases[place - 1][0] if place else 0.0
    p = (step - begin) / (end - begin) if end > begin else 1.0
    return last + (first - last) * (0.5 * (1.0 + cos(pi * p)) if s.anneal_strategy == "cos" else 1.0 - p)


FORMULAS: dict[type[Schedule], Formula] = {
    ExponentialDecay: _exponential,
    InverseTimeDecay: _inverse_time,
    PiecewiseConstantDecay: _piecewise,
    PolynomialDecay: _polynomial,
    CosineDecay: _cosine,
    CosineDecayRestarts: _cosine_restarts,
    OneCycle: _one_cycle,
}


class Rates:
    """The learning rates of one run. What a plateau remembers is in `state`, to go on later."""

    def __init__(self, recipe: TrainingRecipe, names: Sequence[str]) -> None:
        self.rate = recipe.optimizer.learning_rate
        self.notice: Message | None = None
        self._schedule = recipe.schedule
        self._formula = FORMULAS.get(type(recipe.schedule)) if recipe.schedule is not None else None
        self._first = self.rate
        self._watch: Watch | None = None
        self._best: float | None = None
        self._waited = self._cooldown = 0
        if isinstance(recipe.schedule, ReduceLROnPlateau):
            rule = EarlyStopping(monitor=recipe.schedule.monitor, min_delta=recipe.schedule.min_delta)
            self._watch, self.notice = watch(rule, names)

    def __call__(self, step: int) -> float:
        """The rate of the step before which `step` others were taken."""
        if self._formula is not None:
            self.rate = self._formula(self._schedule, self._first, step)
        return self.rate

    def after_epoch(self, logs: Logs) -> None:
        """Lower the rate where the figure that is watched has not improved for long enough."""
        plateau = self._schedule
        if self._watch is None or not isinstance(plateau, ReduceLROnPlateau):
            return
        if self._cooldown:
            self._cooldown -= 1
            self._waited = 0
        figure = logs[self._watch.monitor]
        if self._watch.improves(figure, self._best):
            self._best, self._waited = figure, 0
        elif not self._cooldown:
            self._waited += 1
            if self._waited >= plateau.patience and self.rate > plateau.min_lr:
                self.rate = max(self.rate * plateau.factor, plateau.min_lr)
                self._cooldown, self._waited = plateau.cooldown, 0

    @property
    def state(self) -> dict[str, Array]:
        """What must be kept to go on from here; nothing where the rate follows from the step."""
        if self._watch is None:
            return {}
        best = float("nan") if self._best is None else self._best
        return {"plateau": np.array([self.rate, best, self._waited, self._cooldown], np.float64)}

    def restore(self, state: Mapping[str, Array]) -> None:
        """Go on from a saved state; from the beginning where it has none."""
        if self._watch is not None and "plateau" in state:
            rate, best, waited, cooldown = (float(one) for one in state["plateau"])
            self.rate, self._best = rate, None if np.isnan(best) else best
            self._waited, self._cooldown = int(waited), int(cooldown)
