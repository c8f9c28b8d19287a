"""A parameter that is an expression."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from graph.expression.parse import parse
from graph.fields import TextField


@dataclass(frozen=True)
class ExpressionField(TextField):
    """An expression of a Lambda, kept as the text that was given."""

    def parse_value(self, value: Any) -> str:
        text = super().parse_value(value).strip()
        parse(text)
        return text


def Expression(*, default: str, doc: str) -> Any:
    """An expression of a Lambda, always shown."""
    field = ExpressionField(default, doc, show="value")
    return dataclasses.field(default=default, metadata={"field": field})
