"""The operations of expressions: what they are called, how many values they take, and what they give for numbers."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on values one by one. `number` computes it for numbers that stand in the text."""

    name: str
    takes: int
    number: Callable[..., float]
    doc: str


def _named(*operations: Operation) -> dict[str, Operation]:
    return {one.name: one for one in operations}


OPERATORS = _named(
    Operation("add", 2, operator.add, "The sum."),
    Operation("subtract", 2, operator.sub, "The difference."),
    Operation("multiply", 2, operator.mul, "The product."),
    Operation("divide", 2, operator.truediv, "The quotient."),
    Operation("power", 2, math.pow, "The power."),
    Operation("negative", 1, operator.neg, "The same with the other sign."),
    Operation("less", 2, operator.lt, "1 where the first is smaller, else 0."),
    Operation("less_equal", 2, operator.le, "1 where the first is not larger, else 0."),
    Operation("greater", 2, operator.gt, "1 where the first is larger, else 0."),
    Operation("greater_equal", 2, operator.ge, "1 where the first is not smaller, else 0."),
    Operation("equal", 2, operator.eq, "1 where both are the same, else 0."),
    Operation("not_equal", 2, operator.ne, "1 where they differ, else 0."),
)
"""What is written between or before values."""

FUNCTIONS = _named(
    Operation("exp", 1, math.exp, "e raised to x."),
    Operation("log", 1, math.log, "The natural logarithm."),
    Operation("sqrt", 1, math.sqrt, "The square root."),
    Operation("square", 1, lambda x: x * x, "x times x."),
    Operation("tanh", 1, math.tanh, "The hyperbolic tangent."),
    Operation("sigmoid", 1, lambda x: 1.0 / (1.0 + math.exp(-x)), "1 / (1 + exp(-x))."),
    Operation("abs", 1, abs, "The size without the sign."),
    Operation("sin", 1, math.sin, "The sine."),
    Operation("cos", 1, math.cos, "The cosine."),
    Operation("where", 3, lambda c, a, b: a if c else b, "where(c, a, b) is a where c is not 0, else b."),
)
"""What is written with its values in brackets."""

EXTREMES = _named(
    Operation("maximum", 2, max, "The larger one."),
    Operation("minimum", 2, min, "The smaller one."),
)
"""What `max` and `min` of several values are, two at a time."""

OPERATIONS = OPERATORS | FUNCTIONS | EXTREMES

REDUCTIONS = {
    "mean": "The mean along axes.",
    "sum": "The sum along axes.",
    "max": "The largest along axes; with several values, the largest of them one by one.",
    "min": "The smallest along axes; with several values, the smallest of them one by one.",
}
"""What makes one value of those along axes: `mean(x, axis=1, keepdims=True)`."""

SEVERAL = {"max": "maximum", "min": "minimum"}
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
CONSTANTS = {"pi": math.pi, "e": math.e}
SYMBOLS: dict[str, tuple[int, str]] = {
    "<": (1, "less"),
    "<=": (1, "less_equal"),
    ">": (1, "greater"),
    ">=": (1, "greater_equal"),
    "==": (1, "equal"),
    "!=": (1, "not_equal"),
    "+": (2, "add"),
    "-": (2, "subtract"),
    "*": (3, "multiply"),
    "/": (3, "divide"),
    "**": (5, "power"),
}
"""Every operator with how tightly it binds; a sign before a value binds with 4."""
SIGN = 4
