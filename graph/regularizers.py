"""What is added to the loss to keep weights small or apart, by Keras's names.

Formulas: https://keras.io/api/layers/regularizers/
"""

from __future__ import annotations

from typing import ClassVar

from graph.declare import Declared, Registry, register
from graph.fields import Choice, Float


class Regularizer(Declared):
    """A penalty on a weight."""

    formula: ClassVar[str] = ""


regularizers: Registry[Regularizer] = Registry("regularizer")


@register(regularizers, "l1")
class L1(Regularizer):
    """The sum of the sizes of the weights: makes many of them zero."""

    formula = "l1 sum(|w|)"

    l1: float = Float(default=0.01, min=0.0, doc="How strong the penalty is.")


@register(regularizers, "l2")
class L2(Regularizer):
    """The sum of the squares of the weights: keeps them small."""

    formula = "l2 sum(w^2)"

    l2: float = Float(default=0.01, min=0.0, doc="How strong the penalty is.")


@register(regularizers, "l1_l2")
class L1L2(Regularizer):
    """Both: the sum of the sizes and the sum of the squares."""

    formula = "l1 sum(|w|) + l2 sum(w^2)"

    l1: float = Float(default=0.0, min=0.0, doc="How strong the penalty on sizes is.")
    l2: float = Float(default=0.0, min=0.0, doc="How strong the penalty on squares is.")


@register(regularizers, "orthogonal_regularizer")
class OrthogonalRegularizer(Regularizer):
    """The mean cosine between rows, or columns, of a matrix: makes them point different ways."""

    formula = "factor sum_(i<j) |cos(w_i, w_j)| / pairs"

    factor: float = Float(default=0.01, min=0.0, doc="How strong the penalty is.")
    mode: str = Choice(default="rows", choices=("rows", "columns"), doc="What is to point different ways.")
