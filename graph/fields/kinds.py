"""The kinds of parameter a declaration may have, each with its limits, its text and its help.

Every `parse` takes what a person or a file may give, returns the one stored form, and raises ValueError with a
sentence that says what was expected and what was received.
"""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Literal

from graph.message import Message
from graph.names import did_you_mean

LARGEST_FLOAT = sys.float_info.max
"""No infinity, no NaN, and no whole number that a float cannot hold."""

MOST_SAID = 8
"""Of more choices than these, a wrong one is not answered with all of them."""

Show = Literal["value", "named", "changed", "never"]
"""How a card shows a parameter: its value, its name and value, only once changed (with its name), or never."""


@dataclass(frozen=True)
class Field(ABC):
    """What every kind of parameter has: a default, a help text, whether None is a value, how a card shows it.

    `rare` says that few people ever change it: a form folds it away.
    """

    default: Any
    doc: str
    optional: bool = False
    show: Show = "changed"
    none_text: str = "not set"
    rare: bool = False

    def parse(self, value: Any) -> Any:
        """The stored form of `value`; raises ValueError with a sentence for people."""
        if value is None and self.optional:
            return None
        return self.parse_value(value)

    @abstractmethod
    def parse_value(self, value: Any) -> Any:
        """The stored form of a value that is not None; raises ValueError as `parse` does."""

    def text(self, value: Any) -> str:
        """`value` as a card or an editor prints it."""
        return self.none_text if value is None else self.value_text(value)

    def value_text(self, value: Any) -> str:
        return str(value)

    def wrong(self, expected: str, value: Any) -> ValueError:
        received = Message("nothing") if value is None else shortened(repr(value))
        return ValueError(Message("expected {expected}, received {received}", expected=expected, received=received))


@dataclass(frozen=True)
class IntField(Field):
    """A whole number within limits."""

    min: int | None = None
    max: int | None = None

    def parse_value(self, value: Any) -> int:
        value = plain(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise self.wrong(self.expected(), value)
        if (self.min is not None and value < self.min) or (self.max is not None and value > self.max):
            raise self.wrong(self.expected(), value)
        return int(value)

    def expected(self) -> Message:
        return Message("a whole number{limits}", limits=limits_text(self.min, self.max))


@dataclass(frozen=True)
class FloatField(Field):
    """A number within limits."""

    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None

    def parse_value(self, value: Any) -> float:
        value = plain(value)
        number_given = isinstance(value, int | float) and not isinstance(value, bool)
        if not number_given or not self.allows(value):
            raise self.wrong(self.expected(), value)
        return float(value)

    def allows(self, value: float) -> bool:
        return (
            (self.min is None or value >= self.min)
            and (self.max is None or value <= self.max)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
            and abs(value) <= LARGEST_FLOAT
        )

    def expected(self) -> Message:
        limits = limits_text(self.min, self.max)
        if self.above is not None:
            limits = Message(" above {low:g}", low=self.above)
        if self.below is not None:
            text = "{limits} and below {high:g}" if limits else " below {high:g}"
            limits = Message(text, limits=limits, high=self.below)
        return Message("a number{limits}", limits=limits)

    def value_text(self, value: float) -> str:
        return f"{value:g}"


@dataclass(frozen=True)
class BoolField(Field):
    """Yes or no."""

    def parse_value(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self.wrong(Message("true or false"), value)
        return value

    def value_text(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True)
class ChoiceField(Field):
    """One of a set of names; the set may be a registry that is still being filled, so it is asked for late."""

    choices: Callable[[], Sequence[str]] = tuple
    what: str = "choice"

    def parse_value(self, value: Any) -> str:
        names = tuple(self.choices())
        if value in names:
            return str(value)
        near = did_you_mean(value, names) if isinstance(value, str) else None
        error = self.wrong(self.expected(names), value)
        if near is None:
            raise error
        raise ValueError(Message("{error}; did you mean {near!r}?", error=error.args[0], near=near))

    def expected(self, names: Sequence[str]) -> Message:
        if len(names) <= MOST_SAID:
            return Message("one of {names}", names=", ".join(names))
        return Message("the name of an existing {what}", what=Message(self.what))


@dataclass(frozen=True)
class IntsField(Field):
    """A fixed count of whole numbers, as a kernel size has; one number stands for all."""

    count: int = 2
    min: int = 1
    max: int | None = None

    def parse_value(self, value: Any) -> tuple[int, ...]:
        one = IntField(default=None, doc="", min=self.min, max=self.max)
        values = list(value) if isinstance(value, list | tuple) else [value] * self.count
        try:
            numbers = tuple(one.parse(v) for v in values)
        except ValueError:
            numbers = ()
        if len(numbers) != self.count:
            limits = limits_text(self.min, self.max)
            raise self.wrong(Message("{count} whole numbers{limits}", count=self.count, limits=limits), value)
        return numbers

    def value_text(self, value: tuple[int, ...]) -> str:
        return "×".join(map(str, value))


@dataclass(frozen=True)
class ShapeField(Field):
    """The sizes of one sample, without the batch; None (unknown) or -1 (inferred) only where the field says so."""

    unknown: bool = False
    inferred: bool = False
    max_rank: int = 8

    def parse_value(self, value: Any) -> tuple[int | None, ...]:
        sizes = [plain(one) for one in (value if isinstance(value, list | tuple) else (value,))]
        if value is None or len(sizes) > self.max_rank or not all(map(self.fits, sizes)):
            raise self.wrong(self.expected(), value)
        if sum(s == -1 for s in sizes) > 1:
            raise self.wrong(Message("at most one size of -1"), value)
        return tuple(sizes)

    def fits(self, one: Any) -> bool:
        if one is None:
            return self.unknown
        return isinstance(one, int) and not isinstance(one, bool) and (one >= 1 or (one == -1 and self.inferred))

    def expected(self) -> Message:
        text = "up to {most} sizes without the batch, such as (28, 28, 1), each at least 1"
        also = " or None where unknown" if self.unknown else " or one -1 for what is left" if self.inferred else ""
        return Message(text + also, most=self.max_rank)

    def value_text(self, value: tuple[int | None, ...]) -> str:
        return "×".join("?" if one is None else str(one) for one in value) or "scalar"


@dataclass(frozen=True)
class TextField(Field):
    """Free text on one line."""

    max_length: int = 4096

    def parse_value(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > self.max_length:
            raise self.wrong(Message("text of at most {most} characters", most=self.max_length), value)
        return value


def plain(value: Any) -> Any:
    """A number of another type, such as NumPy's, as Python's own; anything else as it is."""
    if isinstance(value, int | float):
        return value
    return int(value) if isinstance(value, Integral) else float(value) if isinstance(value, Real) else value


def shortened(text: str, length: int = 80) -> str:
    """`text`, cut off where it is longer than a person would read."""
    return text if len(text) <= length else text[: length - 1] + "…"


def limits_text(low: float | None, high: float | None) -> str:
    """ " from 1 to 8", " of at least 1", " of at most 8", or nothing."""
    if low is not None and high is not None:
        return Message(" from {low:,} to {high:,}", low=low, high=high)
    if low is not None:
        return Message(" of at least {low:,}", low=low)
    return Message(" of at most {high:,}", high=high) if high is not None else ""
