"""A choice from a registry with its parameters, written on one line: `he_normal`, `l2(0.01)`, `constant(value=0.5)`.

The stored form is text: the name, and in brackets the parameters that differ from their default. It is read by the few
lines below; nothing in it is run.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from graph.fields.kinds import ChoiceField
from graph.message import Message

LINE = re.compile(r"\s*(\w+)\s*(?:\((.*)\)\s*)?")
WORDS: Mapping[str, Any] = {"True": True, "False": False, "None": None}


class Makes(Protocol):
    """What a spec needs of a registry."""

    def make(self, key: str, config: Mapping[str, Any] | None = None) -> Any: ...

    def names(self) -> tuple[str, ...]: ...

    def __contains__(self, key: object) -> bool: ...

    def __getitem__(self, key: str) -> Any: ...


def read_spec(registry: Makes, text: str) -> Any:
    """The declaration that a spec stands for. Raises ValueError or LookupError with a sentence."""
    found = LINE.fullmatch(text)
    if found is None:
        raise ValueError(
            Message("expected a name, or a name with parameters in brackets, received {text!r}", text=text)
        )
    name, inside = found.group(1), (found.group(2) or "").strip().rstrip(",")
    known = [one.name for one in sorted(dataclasses.fields(registry[name]), key=lambda one: bool(one.kw_only))]
    config: dict[str, Any] = {}
    for place, part in enumerate(inside.split(",") if inside else ()):
        key, is_named, value = (one.strip() for one in part.partition("="))
        if not is_named and place >= len(known):
            raise ValueError(Message("expected at most {n} parameters of {name}", n=len(known), name=name))
        config[key if is_named else known[place]] = _value(value if is_named else key)
    return registry.make(name, config)


def write_spec(declared: Any) -> str:
    """The spec of a declaration."""
    said = ", ".join(f"{key}={value!r}" for key, value in declared.changed().items())
    return f"{declared.key}({said})" if said else str(declared.key)


def _value(text: str) -> Any:
    if text in WORDS:
        return WORDS[text]
    try:
        return int(text) if re.fullmatch(r"[+-]?\d{1,18}", text) else float(text)
    except ValueError:
        return text.strip("'\"")


@dataclass(frozen=True)
class SpecField(ChoiceField):
    """One declaration of a registry, with its parameters."""

    registry: Makes | None = None

    def parse_value(self, value: Any) -> str:
        assert self.registry is not None
        found = LINE.fullmatch(value) if isinstance(value, str) else None
        if found is None or found.group(1) not in self.registry:
            return super().parse_value(found.group(1) if found else value)
        try:
            return write_spec(read_spec(self.registry, value))
        except ValueError as error:
            raise ValueError(error.args[0]) from None


def Spec(
    registry: Makes, default: str | None, doc: str, what: str, optional: bool = False, none_text: str = "none"
) -> Any:
    """One declaration of a registry, with its parameters; never on a card."""
    field = SpecField(default, doc, optional, "never", none_text, choices=registry.names, what=what, registry=registry)
    return dataclasses.field(default=default, metadata={"field": field})
