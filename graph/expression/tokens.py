"""An expression cut into tokens: numbers, names and marks, each with the column it begins in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph.message import Message

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<mark>\*\*|<=|>=|==|!=|\.\.\.|[-+*/<>()\[\],:=])|(?P<end>$)|(?P<other>\S))"
)
INSTEAD = {
    "^": Message("A power is written **."),
    ".": Message("Functions stand before their values: exp(x), not x.exp()."),
    "%": Message("There is no remainder."),
    "@": Message("There is no matrix product; use a Dot or a Dense."),
    "&": Message("Multiply conditions: (x > 0) * (x < 1)."),
    "|": Message("Use max of conditions: max(x < 0, x > 1)."),
    '"': Message("There is no text in an expression."),
    "'": Message("There is no text in an expression."),
}
"""What to write instead of what people try."""


class ExpressionError(ValueError):
    """What is wrong with an expression, and where; the first argument says both, and how to mend it."""

    def __init__(self, column: int, text: Message, hint: Message | None = None) -> None:
        self.column, self.hint = column, hint
        self.text = Message("Column {column}: {text}", column=column, text=text)
        super().__init__(Message("{text} {hint}", text=self.text, hint=hint) if hint else self.text)


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a name or a mark, or the end, and the column it begins in."""

    kind: str
    text: str
    column: int


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text; the last is the end. Raises ExpressionError at what is no token."""
    tokens = []
    for found in TOKEN.finditer(text):
        kind = found.lastgroup or "end"
        token = Token(kind, found[kind], found.start(kind) + 1)
        if kind == "other":
            wrong = Message("{mark!r} has no meaning here.", mark=token.text)
            raise ExpressionError(token.column, wrong, INSTEAD.get(token.text))
        tokens.append(token)
        if kind == "end":
            break
    return tuple(tokens)
