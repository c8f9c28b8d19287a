"""Reading an expression: a text becomes a tree, or an error that says where and why.

The text is cut into tokens, and these are read by precedence climbing (Clarke 1986): a value, then every operator that
binds at least as tightly as asked for, with what stands behind it. Names are looked up in the tables of `operations`
and nowhere else. Length and nesting are limited, and numbers are computed as floats, so that no text is a burden.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graph.expression.build import Builder, Options, call_hint
from graph.expression.operations import REDUCTIONS, SIGN, SYMBOLS
from graph.expression.tokens import ExpressionError, Token, tokens_of
from graph.expression.tree import Node, Place, Range
from graph.message import Message

LONGEST = 1000
"""The most characters of an expression."""
DEEPEST = 40
"""The most brackets and signs that stand inside of each other."""


@lru_cache(maxsize=1024)
def parse(text: str) -> Node:
    """The tree of an expression. Raises ExpressionError, whose text says the column and what was expected."""
    if len(text) > LONGEST:
        raise ExpressionError(LONGEST, Message("An expression has at most {n} characters.", n=LONGEST))
    reader = Reader(tokens_of(text))
    if reader.next.kind == "end":
        raise ExpressionError(1, Message("There is nothing here."), Message("Write an expression, such as x ** 2."))
    tree = reader.value()
    if reader.next.kind != "end":
        raise reader.unexpected(Message("an operator or the end"))
    return tree


class Reader:
    """The tokens of a text, and how far they are read."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.make = Builder()

    @property
    def next(self) -> Token:
        """The token that is to be read."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """The next token, which is then read."""
        token = self.next
        self.at += 1
        return token

    def takes(self, mark: str) -> bool:
        """Whether the next token is `mark`; then it is read."""
        found = self.next.kind != "end" and self.next.text == mark
        self.at += found
        return found

    def need(self, mark: str) -> None:
        """Read `mark`."""
        if not self.takes(mark):
            raise self.unexpected(Message("{mark!r}", mark=mark))

    def unexpected(self, expected: Message) -> ExpressionError:
        """The error that something else stands here."""
        token = self.next
        received = Message("the end") if token.kind == "end" else Message("{text!r}", text=token.text)
        hint = Message("Values are compared with ==.") if token.text == "=" else None
        text = Message("expected {expected}, received {received}.", expected=expected, received=received)
        return ExpressionError(token.column, text, hint)

    def value(self, least: int = 1) -> Node:
        """A value and the operators behind it that bind at least as tightly as `least`."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(
                self.next.column,
                Message("More than {n} brackets stand inside of each other.", n=DEEPEST),
                Message("Use several Lambda layers."),
            )
        left = self._signed()
        compared = False
        while self.next.text in SYMBOLS:
            binds, name = SYMBOLS[self.next.text]
            if binds < least:
                break
            column = self.take().column
            if binds == 1 and compared:
                raise ExpressionError(
                    column,
                    Message("Comparisons do not follow each other."),
                    Message("Multiply them: (0 < x) * (x < 1)."),
                )
            compared = binds == 1
            right = self.value(SIGN if name == "power" else binds + 1)
            left = self.make.call(name, (left, right), column)
        self.depth -= 1
        return left

    def _signed(self) -> Node:
        column = self.next.column
        if self.takes("-"):
            return self.make.call("negative", (self.value(SIGN),), column)
        if self.takes("+"):
            return self.value(SIGN)
        value = self._single()
        while self.takes("["):
            value = self._part(value)
        return value

    def _single(self) -> Node:
        token = self.next
        if token.kind == "number":
            self.at += 1
            return self.make.number(float(token.text), token.column)
        if token.kind == "name":
            self.at += 1
            return self._function(token) if self.takes("(") else self.make.name(token)
        if self.takes("("):
            inside = self.value()
            self.need(")")
            return inside
        raise self.unexpected(Message("a value"))

    def _function(self, token: Token) -> Node:
        """A function whose opening bracket is read."""
        self.make.known(token)
        given: list[Node] = []
        options: dict[str, Any] = {}
        while not self.takes(")"):
            if given or options:
                self.need(",")
            if self.next.kind == "name" and self.tokens[self.at + 1].text == "=":
                self._option(token.text, options)
            else:
                given.append(self.value())
        return self.make.function(token, given, Options(**options))

    def _option(self, function: str, options: dict[str, Any]) -> None:
        """An axis, or whether axes are kept: `axis=1`."""
        key = self.take()
        self.need("=")
        if function not in REDUCTIONS or key.text not in ("axis", "keepdims") or key.text in options:
            text = Message("{name} takes no {key} here.", name=function, key=key.text)
            raise ExpressionError(key.column, text, call_hint(function))
        options[key.text] = self._axes() if key.text == "axis" else self._truth()

    def _axes(self) -> tuple[int, ...]:
        closing = ")" if self.takes("(") else "]" if self.takes("[") else ""
        axes = [self._whole()]
        while closing and not self.takes(closing):
            self.need(",")
            if self.next.text != closing:
                axes.append(self._whole())
        return tuple(axes)

    def _truth(self) -> bool:
        if self.next.text not in ("True", "False"):
            raise self.unexpected(Message("True or False"))
        return self.take().text == "True"

    def _whole(self) -> int:
        negative = self.takes("-")
        if not self.next.text.isdecimal() or len(self.next.text) > 9:
            raise self.unexpected(Message("a whole number"))
        number = int(self.take().text)
        return -number if negative else number

    def _part(self, value: Node) -> Node:
        """What is taken of a value by brackets, of which the opening one is read."""
        column = self.tokens[self.at - 1].column
        places = [self._place()]
        while not self.takes("]"):
            self.need(",")
            places.append(self._place())
        return self.make.part(value, places, column)

    def _place(self) -> Place:
        if self.takes("..."):
            return ...
        ends = [self._end()]
        while len(ends) < 3 and self.takes(":"):
            ends.append(self._end())
        if len(ends) == 1:
            if ends[0] is None:
                raise self.unexpected(Message("a place, such as 0, 1:3 or :"))
            return ends[0]
        if len(ends) == 3 and ends[2] is not None and ends[2] < 1:
            raise ExpressionError(self.next.column - 1, Message("A step is at least 1."))
        return Range(*ends)

    def _end(self) -> int | None:
        """One end of a range, or its step; None where nothing stands."""
        return None if self.next.text in (":", ",", "]") else self._whole()
