"""What a cell of a table says: nothing, a number or a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite, nan

import numpy as np

from engine.data.samples import Array

MISSING = frozenset({"", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None", "?"})
"""What people and programs write into a cell that has no value."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE_WITH_ZEROS = re.compile(r"[+-]?\d+\.0+", re.ASCII)


def number(cell: str, decimal: str = ".") -> float | None:
    """The number in a cell, NaN for an empty one, None for a text."""
    text = cell.strip()
    if text in MISSING:
        return nan
    if decimal == ",":
        text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if isfinite(value) else None


def numbers(cells: Sequence[str], decimal: str = ".") -> tuple[Array, list[int]]:
    """The numbers in cells, NaN where there is none, and the places of those that hold text.

    Most columns hold nothing but plain numbers, so that is tried first; `float` reads a few more spellings than
    people expect in a table ("1_000", "inf"), which the slow way then looks at one by one.
    """
    try:
        plain = [cell.replace(",", ".") for cell in cells] if decimal == "," else cells
        values = np.fromiter(map(float, plain), np.float64, len(cells))
        if "_" not in "".join(cells) and bool(np.isfinite(values).all()):
            return values, []
    except ValueError:
        pass
    each = [number(cell, decimal) for cell in cells]
    texts = [place for place, value in enumerate(each) if value is None]
    return np.array([nan if value is None else value for value in each], np.float64), texts


def category(cell: str) -> str:
    """The category a cell names, "" for an empty one. 1.0 and 1 are the same category."""
    text = cell.strip()
    if text in MISSING:
        return ""
    return text[: text.index(".")] if _WHOLE_WITH_ZEROS.fullmatch(text) else text


def in_order(categories: Sequence[str] | set[str]) -> tuple[str, ...]:
    """Categories in the order people expect: by value where all are numbers, otherwise by letter."""
    values = {text: number(text) for text in categories}
    if all(value is not None and value == value for value in values.values()):
        return tuple(sorted(categories, key=lambda text: (values[text], text)))
    return tuple(sorted(categories))
