"""What a declaration writes for a parameter: `units: int = Int(default=64, min=1, doc="...")`.

A specifier returns a dataclass field that carries a `Field`. Type checkers see a dataclass only where a specifier takes
`default` and `kw_only` by keyword (PEP 681).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graph.fields.kinds import (
    BoolField,
    ChoiceField,
    Field,
    FloatField,
    IntField,
    IntsField,
    ShapeField,
    Show,
    TextField,
)


def _specifier(field: Field, kw_only: bool) -> Any:
    return dataclasses.field(default=field.default, kw_only=kw_only, metadata={"field": field})


def Int(
    *,
    default: int | None,
    doc: str,
    min: int | None = None,
    max: int | None = None,
    optional: bool = False,
    none_text: str = "not set",
    show: Show = "changed",
    rare: bool = False,
    kw_only: bool = False,
) -> Any:
    """A whole number within limits."""
    field = IntField(default, doc, optional, show, none_text, rare, min=min, max=max)
    return _specifier(field, kw_only)


def Float(
    *,
    default: float | None,
    doc: str,
    min: float | None = None,
    max: float | None = None,
    above: float | None = None,
    below: float | None = None,
    optional: bool = False,
    none_text: str = "not set",
    show: Show = "changed",
    rare: bool = False,
    kw_only: bool = False,
) -> Any:
    """A number within limits; `above` and `below` exclude the limit itself."""
    field = FloatField(default, doc, optional, show, none_text, rare, min=min, max=max, above=above, below=below)
    return _specifier(field, kw_only)


def Bool(*, default: bool, doc: str, show: Show = "changed", rare: bool = False, kw_only: bool = False) -> Any:
    """Yes or no."""
    return _specifier(BoolField(default, doc, False, show, rare=rare), kw_only)


def Choice(
    *,
    default: str | None,
    doc: str,
    choices: Sequence[str] | Callable[[], Sequence[str]],
    what: str = "choice",
    optional: bool = False,
    none_text: str = "none",
    show: Show = "changed",
    rare: bool = False,
    kw_only: bool = False,
) -> Any:
    """One name of a set, or of a registry (given as a function that lists it)."""
    listed = choices if callable(choices) else lambda: choices
    return _specifier(ChoiceField(default, doc, optional, show, none_text, rare, choices=listed, what=what), kw_only)


def Ints(
    *,
    default: Sequence[int] | None,
    doc: str,
    count: int = 2,
    min: int = 1,
    max: int | None = None,
    optional: bool = False,
    none_text: str = "not set",
    show: Show = "changed",
    rare: bool = False,
    kw_only: bool = False,
) -> Any:
    """`count` whole numbers; one number given stands for all."""
    stored = None if default is None else tuple(default)
    return _specifier(IntsField(stored, doc, optional, show, none_text, rare, count=count, min=min, max=max), kw_only)


def Sizes(
    *,
    default: Sequence[int | None] | None,
    doc: str,
    unknown: bool = False,
    inferred: bool = False,
    optional: bool = False,
    none_text: str = "not set",
    show: Show = "changed",
    rare: bool = False,
    kw_only: bool = False,
) -> Any:
    """The sizes of one sample, without the batch."""
    stored = None if default is None else tuple(default)
    field = ShapeField(stored, doc, optional, show, none_text, rare, unknown=unknown, inferred=inferred)
    return _specifier(field, kw_only)


def Text(*, default: str, doc: str, show: Show = "never", kw_only: bool = False) -> Any:
    """Free text on one line."""
    return _specifier(TextField(default, doc, False, show), kw_only)


def fields_of(cls: type) -> Mapping[str, Field]:
    """The parameters of a declaration, in the order of its constructor."""
    return {f.name: f.metadata["field"] for f in dataclasses.fields(cls) if "field" in f.metadata}
