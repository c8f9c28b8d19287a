"""The optimizers: one pass over the flat vector of all weights, in place, by Keras's formulas.

The pass goes in pieces of `PIECE` numbers, so that a piece of every vector it reads stays in the cache while the few
operations of the formula run over it.

Formulas: https://keras.io/api/optimizers/ (Sutskever et al. 2013; Tieleman and Hinton 2012; Kingma and Ba 2015).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from math import sqrt
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from engine.kernel import Array
from engine.parameters import WrongWeights
from graph.optimizers import SGD, Adam, Optimizer, RMSprop

PIECE = 32_768

O = TypeVar("O", bound=Optimizer)  # noqa: E741 - the usual name of a type variable for an Optimizer


class Stepper(ABC, Generic[O]):
    """An optimizer bound to the weights `w` and their gradient `g`, two flat vectors.

    `state` has its own vectors by name, each as long as `w`; they and `steps` are all that must be kept to go on later.
    """

    vectors: ClassVar[tuple[str, ...]] = ()

    def __init__(self, declared: O, w: Array, g: Array) -> None:
        self.declared = declared
        self.steps = 0
        self.state = {name: np.zeros_like(w) for name in self.needed()}
        self._pieces = tuple(self._piece(w, g, start) for start in range(0, w.size, PIECE))

    def needed(self) -> tuple[str, ...]:
        """The vectors that this optimizer keeps, which may depend on its parameters."""
        return self.vectors

    def _piece(self, w: Array, g: Array, start: int) -> tuple[Array, ...]:
        part = slice(start, start + PIECE)
        scratch = np.empty_like(w[part])
        return (w[part], g[part], *(vector[part] for vector in self.state.values()), scratch)

    def step(self) -> None:
        """Move the weights by one step along their gradient."""
        self.steps += 1
        self.begin()
        for piece in self._pieces:
            self.move(*piece)

    def begin(self) -> None:
        """Prepare what is the same for all pieces of this step."""

    @abstractmethod
    def move(self, w: Array, g: Array, *rest: Array) -> None:
        """Move one piece. `rest` is a piece of each vector of the state, and one of scratch."""

    def restore(self, steps: int, state: Mapping[str, Array]) -> None:
        """Go on from a saved state. Raises WrongWeights where it is that of another optimizer or network."""
        for name, vector in self.state.items():
            if name not in state or state[name].shape != vector.shape:
                raise WrongWeights(f"The saved state of the optimizer has no {name} of {vector.size:,} numbers.")
        for name, vector in self.state.items():
            np.copyto(vector, state[name], casting="same_kind")
        self.steps = steps


S = TypeVar("S", bound=type[Stepper[Any]])

_steppers: dict[type[Optimizer], type[Stepper[Any]]] = {}


def stepper(declared: type[Optimizer]) -> Callable[[S], S]:
    """Register what steps for a declared optimizer."""

    def register(cls: S) -> S:
        _steppers[declared] = cls
        return cls

    return register


def stepper_of(declared: Optimizer, w: Array, g: Array) -> Stepper[Any]:
    """A declared optimizer bound to weights and gradient. Raises KeyError where nothing steps for it."""
    return _steppers[type(declared)](declared, w, g)


def vectors_of(declared: Optimizer) -> int:
    """How many vectors as long as the weights an optimizer keeps."""
    nothing = np.zeros(0, np.float32)
    return len(stepper_of(declared, nothing, nothing).state)


@stepper(SGD)
class _SGD(Stepper[SGD]):
    """m = momentum m - rate g;  w += m, or with nesterov w += momentum m - rate g"""

    def needed(self) -> tuple[str, ...]:
        return ("momentum",) if self.declared.momentum else ()

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        rate, momentum = self.declared.learning_rate, self.declared.momentum
        scaled = rest[-1]
        np.multiply(g, rate, out=scaled)
        if not momentum:
            w -= scaled
            return
        m = rest[0]
        m *= momentum
        m -= scaled
        if self.declared.nesterov:
            w -= scaled
            np.multiply(m, momentum, out=scaled)
            w += scaled
        else:
            w += m


@stepper(RMSprop)
class _RMSprop(Stepper[RMSprop]):
    """v = rho v + (1 - rho) g²;  w -= rate g / sqrt(v + epsilon)

    Centered, a = rho a + (1 - rho) g, and v - a² stands for v below the root. With momentum, the step is added to
    momentum times the step before.
    """

    def needed(self) -> tuple[str, ...]:
        centered = ("average_gradient",) if self.declared.centered else ()
        return ("velocity", *centered, *(("momentum",) if self.declared.momentum else ()))

    def _piece(self, w: Array, g: Array, start: int) -> tuple[Array, ...]:
        piece = super()._piece(w, g, start)
        return (*piece, np.empty_like(piece[0]))

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        declared = self.declared
        v, (a, b) = rest[0], rest[-2:]
        np.multiply(g, g, out=a)
        a *= 1.0 - declared.rho
        v *= declared.rho
        v += a
        if declared.centered:
            average = rest[1]
            np.multiply(g, 1.0 - declared.rho, out=a)
            average *= declared.rho
            average += a
            np.multiply(average, average, out=b)
            np.subtract(v, b, out=b)
            b += declared.epsilon
        else:
            np.add(v, declared.epsilon, out=b)
        np.sqrt(b, out=b)
        np.multiply(g, declared.learning_rate, out=a)
        a /= b
        if declared.momentum:
            m = rest[-3]
            m *= declared.momentum
            m += a
            w -= m
        else:
            w -= a


@stepper(Adam)
class _Adam(Stepper[Adam]):
    """m += (1 - b1) (g - m);  v += (1 - b2) (g² - v);  w -= alpha m / (sqrt v + epsilon)

    alpha = rate sqrt(1 - b2^n) / (1 - b1^n) in the n-th step. With amsgrad, the largest v so far stands below the root.
    """

    alpha = 0.0

    def needed(self) -> tuple[str, ...]:
        return ("momentum", "velocity", *(("velocity_hat",) if self.declared.amsgrad else ()))

    def begin(self) -> None:
        d = self.declared
        self.alpha = d.learning_rate * sqrt(1.0 - d.beta_2**self.steps) / (1.0 - d.beta_1**self.steps)

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        m, v, a = rest[0], rest[1], rest[-1]
        np.subtract(g, m, out=a)
        a *= 1.0 - self.declared.beta_1
        m += a
        np.multiply(g, g, out=a)
        a -= v
        a *= 1.0 - self.declared.beta_2
        v += a
        if self.declared.amsgrad:
            v_hat = rest[2]
            np.maximum(v_hat, v, out=v_hat)
            v = v_hat
        np.sqrt(v, out=a)
        a += self.declared.epsilon
        np.divide(m, a, out=a)
        a *= self.alpha
        w -= a
