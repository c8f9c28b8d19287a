"""Two numbers for every axis: how much before it and how much after."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.fields.kinds import IntsField, limits_text


@dataclass(frozen=True)
class PairsField(IntsField):
    """A pair of whole numbers for each of `count` axes: one number for all, one an axis, or all in a row will do."""

    def parse_value(self, value: Any) -> tuple[tuple[int, int], ...]:  # type: ignore[override]
        given = list(value) if isinstance(value, list | tuple) else [value] * self.count
        if len(given) == 2 * self.count:
            given = [given[i : i + 2] for i in range(0, len(given), 2)]
        one = IntsField(default=None, doc="", count=2, min=self.min, max=self.max)
        try:
            pairs = tuple(one.parse(pair) for pair in given)
        except ValueError:
            pairs = ()
        if len(pairs) != self.count:
            raise self.wrong(f"{self.count} pairs of whole numbers{limits_text(self.min, self.max)}", value)
        return pairs

    def value_text(self, value: tuple[tuple[int, int], ...]) -> str:  # type: ignore[override]
        return " × ".join(f"{before}+{after}" for before, after in value)


def Pairs(*, default: Sequence[Sequence[int]], doc: str, min: int = 0, max: int | None = None) -> Any:
    """A pair of whole numbers for each axis, always shown."""
    stored = tuple((before, after) for before, after in default)
    field = PairsField(stored, doc, show="value", count=len(stored), min=min, max=max)
    return dataclasses.field(default=stored, metadata={"field": field})
