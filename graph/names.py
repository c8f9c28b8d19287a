"""Names that people type: the nearest known one, a fresh one, Keras's automatic one, and what no layer is called."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable

from graph.message import Message

_FORBIDDEN = re.compile(r"[/\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""The slash that files put between a layer and its weight, and what stands for no letter: a line break, a NUL."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely stands for, or None where none is near."""
    by_folded = {fold(candidate): candidate for candidate in known}
    near = difflib.get_close_matches(fold(name), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def fold(name: str) -> str:
    """`name` without case and separators, so that "Max Pooling 2D" and "max_pooling2d" are the same."""
    return re.sub(r"[\W_]+", "", name).lower()


def snake(name: str) -> str:
    """`MaxPooling2D` as Keras writes it in automatic names: `max_pooling2d`."""
    spaced = re.sub(r"\W+", "", name)
    spaced = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", spaced)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()


def fresh(wanted: str, taken: Collection[str], first: int = 1) -> str:
    """`wanted`, or the first of `wanted_1`, `wanted_2`, ... that is not taken; `first` says where to begin."""
    if wanted not in taken:
        return wanted
    stem = _stem(wanted)
    number = first
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def all_fresh(wanted: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """A fresh name for each of `wanted`, no name twice."""
    names: dict[str, str] = {}
    known = set(taken)
    # Each goes on counting where the last of its stem was found, or many would each count from the beginning.
    numbers: dict[str, int] = {}
    for name in wanted:
        stem = _stem(name)
        names[name] = fresh(name, known, numbers.get(stem, 1))
        if names[name] != name:
            numbers[stem] = int(names[name].removeprefix(f"{stem}_")) + 1
        known.add(names[name])
    return names


def _stem(name: str) -> str:
    return re.sub(r"_\d+$", "", name)


def wrong_name(name: str) -> Message | None:
    """Why no layer can be called `name`, or None where one can."""
    if not name.strip():
        return Message("A layer needs a name.")
    found = _FORBIDDEN.search(name)
    if found is None:
        return None
    if found.group() == "/":
        return Message('A name holds no "/": files put it between a layer and its weight, as in dense/kernel.')
    return Message("A name holds no line breaks or other control characters.")


def mended_name(name: str, taken: Collection[str]) -> str:
    """A name like `name` that a layer can have and none in `taken` has."""
    return fresh(_FORBIDDEN.sub("_", name).strip() or "layer", taken)
