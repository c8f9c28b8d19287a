"""What holds weights within bounds after every step, by Keras's names.

Formulas: https://keras.io/api/layers/constraints/
"""

from __future__ import annotations

from typing import ClassVar

from graph.declare import Declared, Registry, register
from graph.fields import Float, Int

AXIS = "The axis along which lengths are taken: 0 for the inputs of each unit."


class Constraint(Declared):
    """A bound on a weight."""

    formula: ClassVar[str] = ""


constraints: Registry[Constraint] = Registry("constraint")


@register(constraints, "max_norm")
class MaxNorm(Constraint):
    """No longer than a certain length."""

    formula = "w min(|w|, max_value) / |w|"

    max_value: float = Float(default=2.0, min=0.0, doc="The greatest length.")
    axis: int = Int(default=0, min=0, max=7, doc=AXIS)


@register(constraints, "min_max_norm")
class MinMaxNorm(Constraint):
    """Neither shorter nor longer than certain lengths."""

    formula = "w (rate clip(|w|, min_value, max_value) + (1 - rate) |w|) / |w|"

    min_value: float = Float(default=0.0, min=0.0, doc="The least length.")
    max_value: float = Float(default=1.0, min=0.0, doc="The greatest length.")
    rate: float = Float(default=1.0, min=0.0, max=1.0, doc="How much of the way there is gone in a step.")
    axis: int = Int(default=0, min=0, max=7, doc=AXIS)


@register(constraints, "non_neg")
class NonNeg(Constraint):
    """Never negative."""

    formula = "max(w, 0)"


@register(constraints, "unit_norm")
class UnitNorm(Constraint):
    """Of length 1."""

    formula = "w / |w|"

    axis: int = Int(default=0, min=0, max=7, doc=AXIS)
