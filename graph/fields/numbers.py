"""A row of numbers of any length, such as the learning rates of a schedule."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

from graph.fields.kinds import Field, Show, limits_text, plain
from graph.message import Message


@dataclass(frozen=True)
class NumbersField(Field):
    """One number or more within limits; given as a list, or as text with commas."""

    whole: bool = False
    rising: bool = False
    most: int = 100
    min: float | None = 0
    max: float | None = None

    def parse_value(self, value: Any) -> tuple[float, ...]:
        given = value = plain(value)
        if isinstance(value, str):
            given = [one for one in value.strip().strip("()[]").replace(",", " ").split() if one]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            given = [value]
        try:
            if not isinstance(given, list | tuple) or any(isinstance(one, bool) for one in given):
                raise TypeError
            numbers = tuple(float(one) for one in given)
        except (TypeError, ValueError, OverflowError):
            raise self.wrong(self.expected(), value) from None
        if not self.fits(numbers):
            raise self.wrong(self.expected(), value)
        return tuple(int(one) for one in numbers) if self.whole else numbers

    def fits(self, numbers: tuple[float, ...]) -> bool:
        return (
            1 <= len(numbers) <= self.most
            and all(isfinite(one) and (not self.whole or one == one // 1) for one in numbers)
            and (self.min is None or min(numbers) >= self.min)
            and (self.max is None or max(numbers) <= self.max)
            and (not self.rising or all(a < b for a, b in pairwise(numbers)))
        )

    def expected(self) -> Message:
        kind = "whole numbers" if self.whole else "numbers"
        order = ", each larger than the one before" if self.rising else ""
        return Message(
            "{kind}{limits} with commas between them{order}",
            kind=Message(kind),
            limits=limits_text(self.min, self.max),
            order=Message(order),
        )

    def value_text(self, value: tuple[float, ...]) -> str:
        return ", ".join(str(one) if self.whole else f"{one:g}" for one in value)


def Numbers(
    *,
    default: Sequence[float] | None,
    doc: str,
    whole: bool = False,
    rising: bool = False,
    min: float | None = 0,
    max: float | None = None,
    optional: bool = False,
    none_text: str = "not set",
    show: Show = "changed",
    kw_only: bool = False,
) -> Any:
    """One number or more within limits."""
    stored = None if default is None else tuple(default)
    field = NumbersField(stored, doc, optional, show, none_text, whole=whole, rising=rising, min=min, max=max)
    return dataclasses.field(default=stored, kw_only=kw_only, metadata={"field": field})
