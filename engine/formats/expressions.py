"""Expressions of a Lambda as source text for a library of arrays: Keras, NumPy or PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.formats.python_text import python
from graph.expression import Call, Input, Node, Number, Part, Range, Reduce, shapes_of
from graph.expression.operations import COMPARISONS, SIGN, SYMBOLS
from graph.expression.shapes import reduced_axes
from graph.shapes import Shape, Shapes

BINDS = {name: (binds, symbol) for symbol, (binds, name) in SYMBOLS.items()}
TIGHTEST = 6
"""How tightly a call or a name binds: more than any operator."""


@dataclass(frozen=True)
class Dialect:
    """How a library writes what an expression holds: its name, its functions, and a comparison as numbers."""

    library: str
    as_number: Callable[[str], str]
    functions: Mapping[str, str] = field(default_factory=dict)
    """The functions that have another name there than here."""
    reductions: Mapping[str, str] = field(default_factory=dict)
    """The same for what makes one value of those along axes."""

    def function(self, operation: str) -> str:
        """The function that does an operation."""
        return self.functions.get(operation, f"{self.library}.{operation}")

    def reduction(self, operation: str) -> str:
        """The function that makes one value of those along axes."""
        return self.reductions.get(operation, f"{self.library}.{operation}")


def expression(node: Node, names: list[str], inputs: Shapes, dialect: Dialect) -> str:
    """The source of an expression; `names` are those of its inputs, `inputs` their shapes."""
    return Writer(names, shapes_of(node, inputs), dialect).written(node)[0]


@dataclass(frozen=True)
class Writer:
    """Writes the nodes of one expression."""

    names: list[str]
    shapes: Mapping[Node, Shape]
    dialect: Dialect

    def written(self, node: Node) -> tuple[str, int]:
        """The source of a node, and how tightly its outermost operator binds."""
        if isinstance(node, Number):
            return (python(node.value), TIGHTEST if node.value >= 0 else SIGN)
        if isinstance(node, Input):
            return self.names[node.place], TIGHTEST
        if isinstance(node, Part):
            return f"{self.within(node.argument, TIGHTEST)}[{', '.join(map(_place, node.places))}]", TIGHTEST
        if isinstance(node, Reduce):
            axes = reduced_axes(node, len(self.shapes[node.argument]))
            axis = python(axes[0] if len(axes) == 1 else axes)
            kept = ", keepdims=True" if node.keepdims else ""
            return (
                f"{self.dialect.reduction(node.operation)}({self.written(node.argument)[0]}, axis={axis}{kept})",
                TIGHTEST,
            )
        return self._call(node)

    def within(self, node: Node, least: int) -> str:
        """The source of a node, in brackets where it binds less tightly than `least`."""
        source, binds = self.written(node)
        return source if binds >= least else f"({source})"

    def _call(self, node: Call) -> tuple[str, int]:
        if node.operation in COMPARISONS:
            return self.dialect.as_number(self._compared(node)), TIGHTEST
        if node.operation == "negative":
            return f"-{self.within(node.arguments[0], SIGN)}", SIGN
        if node.operation in BINDS:
            binds, symbol = BINDS[node.operation]
            tight = (TIGHTEST, SIGN) if node.operation == "power" else (binds, binds + 1)
            a, b = (self.within(one, least) for one, least in zip(node.arguments, tight, strict=True))
            return f"{a} {symbol} {b}", binds
        given = [self.written(one)[0] for one in node.arguments]
        if node.operation == "where":
            condition = node.arguments[0]
            is_compared = isinstance(condition, Call) and condition.operation in COMPARISONS
            given[0] = self._compared(condition) if is_compared else f"{self.within(condition, 2)} != 0.0"
        return f"{self.dialect.function(node.operation)}({', '.join(given)})", TIGHTEST

    def _compared(self, node: Node) -> str:
        assert isinstance(node, Call)
        a, b = (self.within(one, 2) for one in node.arguments)
        return f"{a} {BINDS[node.operation][1]} {b}"


def _place(place: Any) -> str:
    if place is ...:
        return "..."
    if not isinstance(place, Range):
        return str(place)
    ends = [place.start, place.stop, *([] if place.step is None else [place.step])]
    return ":".join("" if end is None else str(end) for end in ends)
