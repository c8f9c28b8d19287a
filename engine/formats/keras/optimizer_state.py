"""The state of an optimizer as Keras numbers its variables.

First how many steps there were, and the learning rate unless a schedule gives it; then the moving averages of the
weights; then for each weight what the optimizer follows, side by side (m and v of the first weight, of the second and
so on); then what only some options need, each kind for all weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np

from engine.formats.exporter import OptimizerState
from engine.kernel import Array
from engine.optimizers import AVERAGE, stepper_of
from engine.parameters import Slot
from graph.optimizers import Nadam, Optimizer, RMSprop
from graph.recipe import TrainingRecipe
from graph.schedules import ReduceLROnPlateau

LARGEST = "velocity_hat"
"""What Adam follows besides, with amsgrad."""


def variables(training: TrainingRecipe, state: OptimizerState, slots: Sequence[Slot]) -> Iterator[Array]:
    """The variables of Keras's optimizer for the weights in `slots`, those that train, in the model's order."""
    yield np.asarray(state.steps, np.int32)
    if has_rate(training):
        yield np.asarray(training.optimizer.learning_rate, np.float32)
    for name, slot in _followed(training.optimizer, tuple(state.vectors), slots):
        yield slot.view(state.vectors[name])
    if isinstance(training.optimizer, Nadam):
        yield np.asarray(_product(training.optimizer, state.steps), np.float32)


def state_of(
    training: TrainingRecipe, stored: Sequence[Array], slots: Sequence[Slot], copies: Mapping[str, Sequence[Slot]]
) -> OptimizerState | None:
    """The state that these variables of Keras's are; None where they are those of another optimizer or network.

    `slots` are the weights that train in the model's order; `copies`, by their names, are the slots of each that the
    network has besides. Keras 2 keeps no learning rate among the variables.
    """
    everything = [*slots, *(slot for some in copies.values() for slot in some)]
    w = np.zeros(sum(prod(slot.shape) for slot in everything), np.float32)
    vectors = stepper_of(training.optimizer, w, w, [slice(s.start, s.start + prod(s.shape)) for s in everything]).state
    followed = list(_followed(training.optimizer, tuple(vectors), slots))
    first = 1 + (len(stored) > 1 and stored[1].shape == () and has_rate(training))
    arrays = stored[first : first + len(followed)]
    last = len(stored) - first - len(followed)
    if not stored or last != isinstance(training.optimizer, Nadam):
        return None
    if stored[0].shape != () or stored[0].dtype.kind not in "iu" or stored[0] < 0:
        return None
    for array, (_, slot) in zip(arrays, followed, strict=True):
        if array.shape != slot.shape or not np.isfinite(array).all():
            return None
    for array, (name, slot) in zip(arrays, followed, strict=True):
        for one in (slot, *copies.get(slot.name, ())):
            np.copyto(one.view(vectors[name]), array, casting="unsafe")
    return OptimizerState(int(stored[0]), vectors)


def has_rate(training: TrainingRecipe) -> bool:
    """Whether the learning rate is a variable of Keras's optimizer, and does not follow from the step."""
    return training.schedule is None or isinstance(training.schedule, ReduceLROnPlateau)


def _followed(optimizer: Optimizer, names: Sequence[str], slots: Sequence[Slot]) -> Iterator[tuple[str, Slot]]:
    """The vectors and the weights they are of, in the order of Keras's variables."""
    for together in _blocks(optimizer, names):
        for slot in slots:
            for name in together:
                yield name, slot


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
