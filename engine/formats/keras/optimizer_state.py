"""The state of an optimizer as Keras numbers its variables.

First how many steps there were, and the learning rate unless a schedule gives it; then the moving averages of the
weights; then for each weight what the optimizer follows, side by side (m and v of the first weight, of the second and
so on); then what only some options need, each kind for all weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np

from engine.formats.exporter import OptimizerState
from engine.kernel import Array
from engine.optimizers.stepper import AVERAGE
from engine.parameters import Slot
from graph.optimizers import Nadam, Optimizer, RMSprop
from graph.recipe import TrainingRecipe
from graph.schedules import ReduceLROnPlateau

LARGEST = "velocity_hat"
"""What Adam follows besides, with amsgrad."""


def variables(training: TrainingRecipe, state: OptimizerState, slots: Sequence[Slot]) -> Iterator[Array]:
    """The variables of Keras's optimizer for the weights in `slots`, those that train, in the model's order."""
    yield np.asarray(state.steps, np.int32)
    if training.schedule is None or isinstance(training.schedule, ReduceLROnPlateau):
        yield np.asarray(training.optimizer.learning_rate, np.float32)
    for names in _blocks(training.optimizer, tuple(state.vectors)):
        for slot in slots:
            for name in names:
                yield state.vectors[name][slot.start : slot.start + prod(slot.shape)].reshape(slot.shape)
    if isinstance(training.optimizer, Nadam):
        yield np.asarray(_product(training.optimizer, state.steps), np.float32)


def _blocks(optimizer: Optimizer, names: Sequence[str]) -> list[list[str]]:
    """The vectors in Keras's order, those together that lie side by side."""
    averages = [[AVERAGE]] if AVERAGE in names else []
    if isinstance(optimizer, RMSprop):
        return averages + [[name] for name in ("velocity", "momentum", "average_gradient") if name in names]
    together = [name for name in names if name not in (AVERAGE, LARGEST)]
    return [*averages, together, *([[LARGEST]] if LARGEST in names else [])]


def _product(optimizer: Nadam, steps: int) -> float:
    """The product of the factors of Nadam's momentum over the steps so far."""
    return prod(optimizer.beta_1 * (1.0 - 0.5 * 0.96**n) for n in range(1, steps + 1))
