"""Finds names by what a person types of them: a beginning, the first letters of its words, some letters in order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from graph.names import fold

T = TypeVar("T")


def ranked(query: str, items: Iterable[T], text: Callable[[T], tuple[str, str]]) -> list[T]:
    """The items that match `query`, the best first and equals in their order.

    `text` gives an item's name and further words that may be searched, such as its category and its help.
    """
    scored = [(score(query, *text(item)), item) for item in items]
    return [item for points, item in sorted(scored, key=lambda pair: -pair[0]) if points > 0]


def score(query: str, name: str, words: str = "") -> int:
    """How well `query` names `name`; 0 where it does not."""
    wanted, whole = fold(query), fold(name)
    if not wanted:
        return 1
    initials = "".join(re.findall(r"[A-Z0-9]|(?<=[\s_])\w|^\w", name)).lower()
    if whole == wanted:
        return 6
    if whole.startswith(wanted):
        return 5
    if initials.startswith(wanted):
        return 4
    if wanted in whole:
        return 3
    if any(word.startswith(query.strip().lower()) for word in re.findall(r"\w+", words.lower())):
        return 2
    return 1 if len(wanted) > 1 and scattered(wanted, whole) else 0


def scattered(letters: str, text: str) -> bool:
    """Whether the letters stand in the text in this order."""
    rest = iter(text)
    return all(letter in rest for letter in letters)
