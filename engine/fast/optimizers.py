"""Adam in one pass."""

from __future__ import annotations

from engine.fast import loops
from engine.kernel import Array
from engine.optimizers.adam import AdamStepper
from engine.optimizers.stepper import stepper
from graph.optimizers import Adam, AdamW


@stepper(Adam)
@stepper(AdamW)
class CompiledAdam(AdamStepper):
    """m += (1 - b1) (g - m);  v += (1 - b2) (g² - v);  w -= alpha m / (sqrt v + epsilon)

    With amsgrad, NumPy does the work.
    """

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        d = self.declared
        if d.amsgrad:
            super().move(w, g, *rest)
        else:
            loops.adam(w, g, rest[0], rest[1], d.beta_1, d.beta_2, self.alpha, d.epsilon)
