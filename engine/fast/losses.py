"""The cross-entropy of class numbers behind a softmax, one pass for its value and one for its slope."""

from __future__ import annotations

from engine.fast import loops
from engine.kernel import Array
from engine.loss import Ends, loss_function
from engine.losses.crossentropy import SparseSoftmaxCrossentropy
from graph.losses import SparseCategoricalCrossentropy


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
