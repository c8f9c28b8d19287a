"""The nodes of a tree made one by one: names looked up, values counted, numbers computed at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from graph.expression.operations import CONSTANTS, FUNCTIONS, OPERATIONS, REDUCTIONS, SEVERAL
from graph.expression.tokens import ExpressionError, Token
from graph.expression.tree import Call, Input, Node, Number, Part, Place, Reduce
from graph.message import Message, plural
from graph.names import did_you_mean

MOST = 200
"""The most operations of an expression."""
INPUT = re.compile(r"x(\d{0,3})")


@dataclass(frozen=True, slots=True)
class Options:
    """What a reduction is told by name."""

    axis: tuple[int, ...] | None = None
    keepdims: bool = False


class Builder:
    """Makes nodes, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def number(self, value: float, column: int) -> Number:
        """A number that a float can hold."""
        if not isfinite(value):
            raise ExpressionError(column, Message("This number is too large."))
        return Number(value)

    def name(self, token: Token) -> Node:
        """A constant or an input."""
        name, found = token.text, INPUT.fullmatch(token.text)
        if name in CONSTANTS:
            return Number(CONSTANTS[name])
        if found is not None:
            return Input(int(found[1] or 0), token.column)
        if is_function(name):
            text = Message("{name} needs its value in brackets.", name=name)
            raise ExpressionError(token.column, text, call_hint(name))
        text = Message("There is no value named {name!r}.", name=name)
        near = did_you_mean(name, ("x", "x0", "x1", *CONSTANTS))
        known = Message("Inputs are x, or x0, x1 and so on.")
        raise ExpressionError(token.column, text, Message("Did you mean {near!r}?", near=near) if near else known)

    def known(self, token: Token) -> None:
        """Refuse a function that is none."""
        if is_function(token.text):
            return
        near = did_you_mean(token.text, (*FUNCTIONS, *REDUCTIONS))
        known = Message("Functions are {names}.", names=", ".join((*FUNCTIONS, *REDUCTIONS)))
        raise ExpressionError(
            token.column,
            Message("There is no function named {name!r}.", name=token.text),
            Message("Did you mean {near!r}?", near=near) if near else known,
        )

    def function(self, token: Token, given: list[Node], options: Options) -> Node:
        """A function of what stands in its brackets."""
        name, column = token.text, token.column
        if name in SEVERAL and len(given) > 1:
            return self._extreme(name, given, options, column)
        takes = FUNCTIONS[name].takes if name in FUNCTIONS else 1
        if len(given) != takes:
            text = Message(
                "{name} takes {takes}, but has {got}.", name=name, takes=plural(takes, "value"), got=len(given)
            )
            raise ExpressionError(column, text, call_hint(name))
        if name in FUNCTIONS:
            return self.call(name, tuple(given), column)
        if isinstance(given[0], Number):
            raise ExpressionError(column, Message("{name} needs an input, not a number.", name=name))
        self._counted(column)
        return Reduce(name, given[0], options.axis, options.keepdims, column)

    def _extreme(self, name: str, given: list[Node], options: Options, column: int) -> Node:
        if options != Options():
            raise ExpressionError(
                column,
                Message("{name} of several values has no axis.", name=name),
                Message("Take the {name} along axes first, then that of the values.", name=name),
            )
        joined = given[0]
        for one in given[1:]:
            joined = self.call(SEVERAL[name], (joined, one), column)
        return joined

    def part(self, value: Node, places: list[Place], column: int) -> Part:
        """A part of a value."""
        if isinstance(value, Number):
            raise ExpressionError(column, Message("A number has no parts."))
        if sum(place is ... for place in places) > 1:
            raise ExpressionError(column, Message("'...' may stand once."))
        self._counted(column)
        return Part(value, tuple(places), column)

    def call(self, name: str, given: tuple[Node, ...], column: int) -> Node:
        """An operation on `given`, computed at once where all of them are numbers; x ** 2 is the square."""
        self._counted(column)
        if name == "power" and given[1] == Number(2.0):
            name, given = "square", given[:1]
        numbers = [one.value for one in given if isinstance(one, Number)]
        if len(numbers) < len(given):
            return Call(name, given, column)
        try:
            return self.number(float(OPERATIONS[name].number(*numbers)), column)
        except (ArithmeticError, ValueError) as error:
            if isinstance(error, ExpressionError):
                raise
            raise ExpressionError(column, Message("This has no finite value.")) from None

    def _counted(self, column: int) -> None:
        self.count += 1
        if self.count > MOST:
            raise ExpressionError(
                column,
                Message("An expression has at most {n} operations.", n=MOST),
                Message("Use several Lambda layers."),
            )


def is_function(name: str) -> bool:
    """Whether this is the name of a function."""
    return name in FUNCTIONS or name in REDUCTIONS


def call_hint(name: str) -> Message:
    """How a function is written."""
    if name in REDUCTIONS:
        return Message("Write {name}(x, axis=1).", name=name)
    takes = FUNCTIONS[name].takes
    return Message("Write {name}({values}).", name=name, values=", ".join("cab"[:takes]) if takes > 1 else "x")
