"""What computes a loss: its value and its slope, bound to arrays once and then only run.

The value is one number a batch, averaged as Keras does: over the last axis (or summed, for classes), then over all
else. The losses themselves are in `engine.losses`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from engine.kernel import Array, Sizes
from graph.losses import Loss


@dataclass(frozen=True)
class Ends:
    """What a loss stands between: an output, its target, and the place of its gradient.

    `x` holds the logits of a fused loss. `dy` is where the gradient goes, that of `x` for a fused loss; None where
    nobody wants it. `weight` is the factor of this loss in the sum that is trained on.
    """

    y: Array
    t: Array
    x: Array | None = None
    dy: Array | None = None
    weight: float = 1.0

    def scratch(self, *sizes: int, dtype: DTypeLike | None = None) -> Array:
        """An array of the loss's own, uninitialized."""
        return np.empty(sizes, self.y.dtype if dtype is None else dtype)


class LossFunction(ABC):
    """A loss bound to its arrays. Neither method allocates."""

    def __init__(self, ends: Ends) -> None:
        self.ends = ends

    @abstractmethod
    def value(self) -> float:
        """The loss of the batch, without the weight."""

    @abstractmethod
    def slope(self) -> None:
        """Write the gradient, with the weight. `value` was called before."""


F = TypeVar("F", bound=type[LossFunction])

_functions: dict[tuple[type[Loss], bool], type[LossFunction]] = {}
_activations: dict[type[Loss], str] = {}


def loss_function(declared: type[Loss], fused_with: str | None = None) -> Callable[[F], F]:
    """Register the function of a loss, or its form for the logits of one activation."""

    def register(cls: F) -> F:
        _functions[declared, fused_with is not None] = cls
        if fused_with is not None:
            _activations[declared] = fused_with
        return cls

    return register


def loss_function_of(loss: Loss, fused: bool) -> type[LossFunction]:
    """The function of a declared loss. Raises KeyError where there is none."""
    return _functions[type(loss), fused]


def fuses(loss: Loss, activation: str) -> bool:
    """Whether a loss and an activation are computed together."""
    return _activations.get(type(loss)) == activation


def target_sizes(loss: Loss, y: Sizes) -> Sizes:
    """The sizes of the target that a loss compares an output of the sizes `y` with."""
    return y[:-1] if loss.target == "classes" else y


def target_dtype(loss: Loss, dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type of that target: class numbers, or the output's own type."""
    return np.dtype(np.intp) if loss.target == "classes" else dtype
