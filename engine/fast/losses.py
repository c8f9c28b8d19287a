"""The losses that most networks have, one pass for the value and one for the slope."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, TypeVar

from engine.fast import loops
from engine.kernel import Array
from engine.loss import Ends, LossFunction, loss_function
from engine.losses.crossentropy import SigmoidCrossentropy, SparseSoftmaxCrossentropy
from engine.losses.numbers import MeanSquaredErrorFunction
from graph.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy

L = TypeVar("L", bound=Loss)


@loss_function(SparseCategoricalCrossentropy, fused_with="softmax")
class CompiledSparseSoftmaxCrossentropy(SparseSoftmaxCrossentropy):
    """mean max x - x_t - log max y;  dx = (y - [class is t]) / n

    Where samples have weights, NumPy computes the value.
    """

    def __init__(self, declared: SparseCategoricalCrossentropy, ends: Ends) -> None:
        super().__init__(declared, ends)
        shape = (self.rows, ends.y.shape[-1])
        self.y_rows = ends.y.reshape(shape)
        self.x_rows: Array = self.y_rows if ends.x is None else ends.x.reshape(shape)
        self.dx_rows = None if ends.dy is None else ends.dy.reshape(shape)

    def value(self) -> float:
        if self.ends.sample_weight is not None:
            return super().value()
        return float(loops.crossentropy_rows(self.x_rows, self.y_rows, self.t)) / self.rows

    def slope(self) -> None:
        loops.crossentropy_slope_rows(self.y_rows, self.t, self.factor, self.dx_rows)
        self.weigh()


class OfEveryValue(LossFunction[L]):
    """A loss that is a mean over all values, by the loops; where samples have weights, by NumPy."""

    in_numpy: ClassVar[type[LossFunction[Any]]]

    def __init__(self, declared: L, ends: Ends) -> None:
        super().__init__(declared, ends)
        self.plain = None if ends.sample_weight is None else self.in_numpy(declared, ends)
        x, dy = ends.y if ends.x is None else ends.x, ends.dy
        self.x, self.y, self.t = x.reshape(-1), ends.y.reshape(-1), ends.t.reshape(-1)
        self.dy = None if dy is None else dy.reshape(-1)
        self.factor = ends.weight / ends.y.size

    def value(self) -> float:
        return self.whole() / self.y.size if self.plain is None else self.plain.value()

    def slope(self) -> None:
        if self.plain is None:
            self.bend()
        else:
            self.plain.slope()

    @abstractmethod
    def whole(self) -> float:
        """The sum of the losses of all values."""

    @abstractmethod
    def bend(self) -> None:
        """Write the gradient into `dy`."""


@loss_function(BinaryCrossentropy, fused_with="sigmoid")
class CompiledSigmoidCrossentropy(OfEveryValue[BinaryCrossentropy]):
    """mean max(x, 0) - x t + log(1 + exp(-|x|));  dx = (y - t) / n"""

    in_numpy = SigmoidCrossentropy

    def whole(self) -> float:
        return float(loops.sigmoid_crossentropy(self.x, self.t))

    def bend(self) -> None:
        loops.difference(self.y, self.t, self.factor, self.dy)


@loss_function(MeanSquaredError)
class CompiledMeanSquaredError(OfEveryValue[MeanSquaredError]):
    """mean (y - t)²;  dy = 2 (y - t) / n"""

    in_numpy = MeanSquaredErrorFunction

    def whole(self) -> float:
        return float(loops.squared_error(self.y, self.t))

    def bend(self) -> None:
        loops.difference(self.y, self.t, 2.0 * self.factor, self.dy)
