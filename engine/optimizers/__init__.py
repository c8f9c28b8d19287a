"""The optimizers, by Keras's formulas; importing this package fills the registry with all of them."""

from __future__ import annotations

import engine.optimizers.adam
import engine.optimizers.adaptive
import engine.optimizers.momentum
from engine import fast
from engine.optimizers.stepper import AVERAGE, Stepper, stepper_of, vectors_of

if fast.wanted():
    import engine.fast.optimizers  # noqa: F401

__all__ = ["AVERAGE", "Stepper", "stepper_of", "vectors_of"]
