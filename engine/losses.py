"""The losses for numbers, by Keras's formulas; importing this module fills the registry with all losses.

Formulas: https://keras.io/api/losses/
"""

from __future__ import annotations

import numpy as np

import engine.crossentropy  # noqa: F401  (fills the registry)
from engine.loss import Ends, LossFunction, fuses, loss_function, loss_function_of, target_dtype, target_sizes
from graph.losses import MeanAbsoluteError, MeanSquaredError

__all__ = ["Ends", "LossFunction", "fuses", "loss_function_of", "target_dtype", "target_sizes"]


@loss_function(MeanSquaredError)
class _MeanSquaredError(LossFunction):
    """mean (y - t)²;  dy = 2 (y - t) / n"""

    def __init__(self, ends: Ends) -> None:
        super().__init__(ends)
        self.difference = ends.scratch(*ends.y.shape)
        self.flat = self.difference.reshape(-1)
        self.factor = 2.0 * ends.weight / ends.y.size

    def value(self) -> float:
        np.subtract(self.ends.y, self.ends.t, out=self.difference)
        return float(np.dot(self.flat, self.flat)) / self.flat.size

    def slope(self) -> None:
        np.multiply(self.difference, self.factor, out=self.ends.dy)


@loss_function(MeanAbsoluteError)
class _MeanAbsoluteError(LossFunction):
    """mean |y - t|;  dy = sign(y - t) / n"""

    def __init__(self, ends: Ends) -> None:
        super().__init__(ends)
        self.difference = ends.scratch(*ends.y.shape)
        self.distance = ends.scratch(*ends.y.shape)
        self.factor = ends.weight / ends.y.size

    def value(self) -> float:
        np.subtract(self.ends.y, self.ends.t, out=self.difference)
        np.abs(self.difference, out=self.distance)
        return float(self.distance.sum()) / self.distance.size

    def slope(self) -> None:
        np.sign(self.difference, out=self.difference)
        np.multiply(self.difference, self.factor, out=self.ends.dy)
