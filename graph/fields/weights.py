"""The weights of classes, written on one line: `balanced`, or `benign: 1, malignant: 3`."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from graph.fields.kinds import TextField, shortened
from graph.message import Message

BALANCED = "balanced"
"""Every class counts as much as any other, however many samples it has."""

_NAME = r'"(?:[^"\\]|\\.)*"|[^",:]+'
_LINE = re.compile(rf"\s*({_NAME})\s*:\s*([^\s,:]+)\s*(?:,|$)")


def read_weights(text: str) -> Mapping[str, float] | None:
    """The weight of each class that is named; None for balanced ones. Raises ValueError with a sentence."""
    if text.strip() == BALANCED:
        return None
    weights: dict[str, float] = {}
    at = 0
    while at < len(text):
        found = _LINE.match(text, at)
        if found is None and ":" not in text:
            break
        if found is None:
            raise ValueError(
                Message("expected a class and its weight, as in “yes: 3”, at {part!r}", part=text[at:].strip())
            )
        name, weight = _name(found[1].strip()), _number(found[2])
        if name in weights:
            raise ValueError(Message("the class {name!r} has two weights", name=name))
        weights[name] = weight
        at = found.end()
    if not weights:
        raise ValueError(
            Message(
                "expected balanced, or each class with its weight, as in “no: 1, yes: 3”, received {text!r}",
                text=shortened(text),
            )
        )
    return weights


def write_weights(weights: Mapping[str, float]) -> str:
    """The line that stands for these weights."""
    return ", ".join(f"{_quoted(name)}: {weight:.12g}" for name, weight in weights.items())


def _quoted(name: str) -> str:
    plain = re.fullmatch(r'[^",:]+', name) and name == name.strip()
    return name if plain else json.dumps(name, ensure_ascii=False)


def _name(said: str) -> str:
    if not said.startswith('"'):
        return said
    try:
        return str(json.loads(said, strict=False))
    except ValueError:
        raise ValueError(Message("the name {name} does not end as it begins", name=said)) from None


def _number(said: str) -> float:
    try:
        number = float(said)
    except ValueError:
        number = -1.0
    if not isfinite(number) or number < 0:
        raise ValueError(Message("expected a weight of at least 0, received {value!r}", value=said))
    return number


@dataclass(frozen=True)
class WeightsField(TextField):
    """Text that says how much each class counts."""

    def parse_value(self, value: Any) -> str:
        if isinstance(value, Mapping):
            value = write_weights(value)
        weights = read_weights(super().parse_value(value))
        return BALANCED if weights is None else write_weights(weights)

    def expected(self) -> Message:
        return Message("balanced, or each class with its weight")


def ClassWeights(*, doc: str, none_text: str) -> Any:
    """How much each class counts, or nothing."""
    field = WeightsField(None, doc, True, "never", none_text)
    return dataclasses.field(default=None, metadata={"field": field})
