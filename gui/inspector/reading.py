"""Reads what a person types into a parameter's field, and writes a value as they would type it.

`read(field, written(field, value)) == value` for every value a field takes.
"""

from __future__ import annotations

import re
from typing import Any

from graph.fields import Field, FloatField, IntField, IntsField, ShapeField
from graph.fields.numbers import NumbersField
from graph.fields.pairs import PairsField

SEPARATORS = re.compile(r"\s*[×xX*,;]\s*|\s+")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
WHOLE = re.compile(r"[+-]?\d+")


def read(field: Field, text: str) -> Any:
    """The value that `text` stands for. Raises ValueError with a sentence that says what is expected."""
    text = text.strip()
    if not text and field.optional:
        return None
    if isinstance(field, IntField):
        return field.parse(whole(text))
    if isinstance(field, FloatField):
        return field.parse(number(text))
    if isinstance(field, IntsField | ShapeField):
        sizes = [size(part) for part in parts(text)]
        return field.parse(sizes[0] if isinstance(field, IntsField) and len(sizes) == 1 else tuple(sizes))
    return field.parse(text)


def written(field: Field, value: Any) -> str:
    """`value` as a person would type it."""
    if value is None:
        return ""
    if isinstance(field, FloatField):
        short = f"{value:g}"
        return short if float(short) == value else repr(value)
    if isinstance(field, NumbersField):
        return ", ".join(str(one) for one in value)
    if isinstance(field, PairsField):
        return " × ".join(str(one) for pair in value for one in pair)
    if isinstance(field, IntsField | ShapeField):
        return " × ".join("?" if one is None else str(one) for one in value)
    return str(value)


def parts(text: str) -> list[str]:
    """The sizes in "3 × 3", "3x3", "3, 3" or "(3, 3)"."""
    inner = text.strip().strip("()[]").strip().rstrip(",")
    return SEPARATORS.split(inner) if inner else []


def size(text: str) -> Any:
    """One size: a whole number, or None where it is not known."""
    return None if text in ("?", "None", "none") else whole(text)


def whole(text: str) -> Any:
    """A whole number where `text` is one, with or without commas at the thousands; else what may be a number."""
    plain = text.replace(",", "") if THOUSANDS.fullmatch(text) else text.replace("_", "")
    return int(plain) if WHOLE.fullmatch(plain) and len(plain) < 20 else number(text)


def number(text: str) -> Any:
    """A number where `text` is one; else `text`, for the field to refuse."""
    try:
        return float(text)
    except ValueError:
        return text or None
