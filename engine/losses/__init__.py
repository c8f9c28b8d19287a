"""The losses, by Keras's formulas; importing this package fills the registry with all of them.

Formulas: https://keras.io/api/losses/
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import engine.losses.crossentropy
import engine.losses.focal
import engine.losses.hinge
import engine.losses.numbers
import engine.losses.probabilities  # these fill the registry
from engine import fast
from engine.loss import Ends, LossFunction, fuses, target_dtype, target_sizes
from engine.losses.prepared import prepared
from graph.losses import Loss

if fast.wanted():
    import engine.fast.losses  # noqa: F401

__all__ = ["Ends", "LossFunction", "fuses", "loss_function_of", "target_dtype", "target_sizes"]


def loss_function_of(loss: Loss, fused: bool) -> Callable[[Ends], LossFunction[Any]]:
    """What binds a declared loss to its arrays. Raises KeyError where there is none."""
    return partial(prepared, loss, fused)
