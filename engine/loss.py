"""What computes a loss: its value and its slope, bound to arrays once and then only run.

The value is one number a batch, averaged as Keras does: over the last axis (or summed, for classes), then over all
else. Where samples have weights, the loss and the slope of each are multiplied by its weight, and the mean is still
that over all samples. The losses themselves are in `engine.losses`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike

from engine.kernel import Array, Sizes
from graph.losses import Loss


@dataclass(frozen=True)
class Ends:
    """What a loss stands between: an output, its target, and the place of its gradient.

    `x` holds the logits of a fused loss. `dy` is where the gradient goes, that of `x` for a fused loss; None where
    nobody wants it. `weight` is the factor of this loss in the sum that is trained on, `sample_weight` one factor for
    each sample, or for each place along the first axes of the output. `allocate` makes an array, as `np.empty` does.
    """

    y: Array
    t: Array
    x: Array | None = None
    dy: Array | None = None
    weight: float = 1.0
    sample_weight: Array | None = None
    allocate: Callable[[Sizes, DTypeLike], Array] = np.empty

    def scratch(self, *sizes: int, dtype: DTypeLike | None = None) -> Array:
        """An array of the loss's own, uninitialized."""
        return self.allocate(sizes, self.y.dtype if dtype is None else dtype)


L = TypeVar("L", bound=Loss)


class LossFunction(ABC, Generic[L]):
    """A declared loss bound to its arrays. Neither method allocates."""

    def __init__(self, declared: L, ends: Ends) -> None:
        self.declared, self.ends = declared, ends
        self._rows = None if ends.sample_weight is None else ends.scratch(ends.sample_weight.size)

    @abstractmethod
    def value(self) -> float:
        """The loss of the batch, without the weight of the loss."""

    @abstractmethod
    def slope(self) -> None:
        """Write the gradient, with the weight. `value` was called before."""

    def total(self, each: Array) -> float:
        """The sum of the losses in `each`, which has the batch first; every sample counts by its weight."""
        weight = self.ends.sample_weight
        if self._rows is None or weight is None:
            return float(each.sum())
        np.sum(each.reshape(len(self._rows), -1), axis=1, out=self._rows)
        return float(np.dot(self._rows, weight.reshape(-1)))

    def give(self, slope: Array, factor: float) -> None:
        """Write `slope`, which has the sizes of the output, as the gradient: times `factor` and the sample's weight."""
        np.multiply(slope, factor, out=self.ends.dy)
        self.weigh()

    def weigh(self) -> None:
        """Multiply the gradient of each sample by its weight, where there are any."""
        dy, weight = self.ends.dy, self.ends.sample_weight
        if weight is not None and dy is not None:
            dy *= weight.reshape(*weight.shape, *(1,) * (dy.ndim - weight.ndim))


F = TypeVar("F", bound=type[LossFunction[Any]])

_functions: dict[tuple[type[Loss], bool], type[LossFunction[Any]]] = {}
_activations: dict[type[Loss], str] = {}


def loss_function(declared: type[Loss], fused_with: str | None = None) -> Callable[[F], F]:
    """Register the function of a loss, or its form for the logits of one activation."""

    def register(cls: F) -> F:
        _functions[declared, fused_with is not None] = cls
        if fused_with is not None:
            _activations[declared] = fused_with
        return cls

    return register


def plain_function(loss: Loss, fused: bool) -> Callable[[Ends], LossFunction[Any]]:
    """The function of a declared loss for values and targets as they are. Raises KeyError where there is none."""
    return partial(_functions[type(loss), fused], loss)


def has_fused(loss: Loss) -> bool:
    """Whether a loss has a form that takes the logits as well."""
    return type(loss) in _activations


def fuses(loss: Loss, activation: str) -> bool:
    """Whether a loss and an activation are computed together; not where the output is already the logits."""
    return _activations.get(type(loss)) == activation and activation in loss.activations


def target_sizes(loss: Loss, y: Sizes) -> Sizes:
    """The sizes of the target that a loss compares an output of the sizes `y` with."""
    return y[:-1] if loss.target == "classes" else y


def target_dtype(loss: Loss, dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type of that target: class numbers, or the output's own type."""
    return np.dtype(np.intp) if loss.target == "classes" else dtype
