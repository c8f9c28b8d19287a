"""What every optimizer has: one pass over the flat vector of all weights, in place.

The pass goes in pieces of `PIECE` numbers, so that a piece of every vector it reads stays in the cache while the few
operations of the formula run over it. Before the formula, gradients are clipped and weights decay; behind it, the
moving average of the weights follows.

Formulas: https://keras.io/api/optimizers/
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from engine.crew import share, split
from engine.kernel import Array
from engine.parameters import WrongWeights
from graph.optimizers import Optimizer

PIECE = 32_768
AVERAGE = "average"
"""The name of the moving average of the weights in the state."""

O = TypeVar("O", bound=Optimizer)  # noqa: E741 - the usual name of a type variable for an Optimizer
Rate = Callable[[int], float]
"""The learning rate for a number of steps already taken."""


class Stepper(ABC, Generic[O]):
    """An optimizer bound to the weights `w` and their gradient `g`, two flat vectors.

    `arrays` are the places of the weight arrays in them. `state` has the optimizer's own vectors by name, each as long
    as `w`; they and `steps` are all that must be kept to go on later. Clipping changes `g`.
    """

    vectors: ClassVar[tuple[str, ...]] = ()
    scratches: ClassVar[int] = 1
    by_array: ClassVar[bool] = False
    """Whether a piece must be a whole weight array."""

    def __init__(
        self, declared: O, w: Array, g: Array, arrays: Sequence[slice] | None = None, rate: Rate | None = None
    ) -> None:
        self.declared = declared
        self.steps = 0
        self.rate = declared.learning_rate
        self.scheduled = rate
        self.g = g
        self.arrays = [slice(0, w.size)] if arrays is None else list(arrays)
        own = {name: np.zeros_like(w) for name in self.needed()}
        averages = {AVERAGE: w.copy()} if declared.use_ema else {}
        self.state: dict[str, Array] = own | averages
        self.fill()
        parts = self.arrays if self.by_array else [slice(at, at + PIECE) for at in range(0, w.size, PIECE)]
        longest = max((len(w[part]) for part in parts), default=0)
        self._shares: list[list[tuple[Array, ...]]] = []
        """The pieces of each thread; its scratch is its own."""
        for some in split(len(parts), values=float(w.size)):
            scratch = [np.empty(longest, w.dtype) for _ in range(self.scratches)]
            self._shares.append(
                [
                    (w[part], g[part], *(v[part] for v in own.values()), *(s[: len(w[part])] for s in scratch))
                    for part in parts[some]
                ]
            )
        self._pieces = tuple(piece for pieces in self._shares for piece in pieces)
        self._clips = tuple(declared.clips().items())
        self._averages = tuple(averages[AVERAGE][part] for part in parts) if averages else ()

    def needed(self) -> tuple[str, ...]:
        """The vectors that this optimizer keeps, which may depend on its parameters."""
        return self.vectors

    def fill(self) -> None:
        """Begin the vectors of the state that do not begin with zeros."""

    def step(self) -> None:
        """Move the weights by one step along their gradient."""
        if self.scheduled is not None:
            self.rate = self.scheduled(self.steps)
        self.steps += 1
        self._clip()
        self.begin()
        share(self._move, self._shares)
        if self._averages:
            self._follow()

    def _move(self, pieces: Sequence[tuple[Array, ...]]) -> None:
        """Decay and move one piece after another."""
        decay = (self.declared.weight_decay or 0.0) * self.rate
        for piece in pieces:
            if decay:
                np.multiply(piece[0], decay, out=piece[-1])
                np.subtract(piece[0], piece[-1], out=piece[0])
            self.move(*piece)

    def begin(self) -> None:
        """Prepare what is the same for all pieces of this step."""

    @abstractmethod
    def move(self, w: Array, g: Array, *rest: Array) -> None:
        """Move one piece. `rest` is a piece of each vector of the state, and of scratch."""

    def finish(self) -> None:
        """Take the moving average for the weights, where there is one."""
        if self._averages:
            for piece, average in zip(self._pieces, self._averages, strict=True):
                np.copyto(piece[0], average)

    def restore(self, steps: int, state: Mapping[str, Array]) -> None:
        """Go on from a saved state. Raises WrongWeights where it is that of another optimizer or network."""
        for name, vector in self.state.items():
            if name not in state or state[name].shape != vector.shape:
                raise WrongWeights(f"The saved state of the optimizer has no {name} of {vector.size:,} numbers.")
        for name, vector in self.state.items():
            np.copyto(vector, state[name], casting="same_kind")
        self.steps = steps

    def _clip(self) -> None:
        """Shorten gradients that are too long: each array's, or that of all, or each value's."""
        for name, limit in self._clips:
            if name == "clipvalue":
                np.clip(self.g, -limit, limit, out=self.g)
                return
            for part in self.arrays if name == "clipnorm" else [slice(None)]:
                g = self.g[part]
                length = sqrt(float(np.dot(g, g)))
                if length > limit:
                    g *= limit / length
            return

    def _follow(self) -> None:
        """average = m average + (1 - m) w, and w = average every so many steps; the first average is w."""
        momentum = self.declared.ema_momentum if self.steps > 1 else 0.0
        for piece, average in zip(self._pieces, self._averages, strict=True):
            np.multiply(piece[0], 1.0 - momentum, out=piece[-1])
            average *= momentum
            average += piece[-1]
        every = self.declared.ema_overwrite_frequency
        if every is not None and self.steps % every == 0:
            self.finish()


S = TypeVar("S", bound=type[Stepper[Any]])

_steppers: dict[type[Optimizer], type[Stepper[Any]]] = {}


def stepper(declared: type[Optimizer]) -> Callable[[S], S]:
    """Register what steps for a declared optimizer."""

    def register(cls: S) -> S:
        _steppers[declared] = cls
        return cls

    return register


def stepper_of(
    declared: Optimizer, w: Array, g: Array, arrays: Sequence[slice] | None = None, rate: Rate | None = None
) -> Stepper[Any]:
    """A declared optimizer bound to weights and gradient. Raises KeyError where nothing steps for it.

    Without `arrays`, the weights are one array; without `rate`, the learning rate stays as declared.
    """
    return _steppers[type(declared)](declared, w, g, arrays, rate)


def vectors_of(declared: Optimizer) -> int:
    """How many vectors as long as the weights an optimizer keeps."""
    nothing = np.zeros(0, np.float32)
    return len(stepper_of(declared, nothing, nothing).state)
