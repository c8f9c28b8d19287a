"""A parameter that is an expression."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from graph.expression.parse import LONGEST
from graph.fields import TextField


@dataclass(frozen=True)
class ExpressionField(TextField):
    """An expression of a Lambda, kept as it was typed.

    What is wrong with it is a problem of the layer, as of any work that is not finished: nobody loses what they typed.
    """

    max_length: int = LONGEST

    def parse_value(self, value: Any) -> str:
        return super().parse_value(value).strip()


def Expression(*, default: str, doc: str) -> Any:
    """An expression of a Lambda, always shown."""
    field = ExpressionField(default, doc, show="value")
    return dataclasses.field(default=default, metadata={"field": field})
