"""Shapes as Keras writes them: the batch first, `None` where a size is not known yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod

from graph.message import Message

Shape = tuple[int | None, ...]
Shapes = tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a layer cannot take what it is given: a value, because a user's mistake is not an exception.

    `parameter` names the layer's own parameter that is at odds with the input, where there is one;
    `changes` are parameter values that would mend it, offered as a fix.
    """

    text: Message
    hint: Message
    parameter: str | None = None
    changes: dict[str, object] = field(default_factory=dict)


def size(dimensions: Shape) -> int | None:
    """How many values `dimensions` hold, or None where one of them is unknown."""
    return None if any(d is None for d in dimensions) else prod(d for d in dimensions if d is not None)


def shape_text(shape: Shape, batch: bool = False) -> str:
    """`(None, 8, 8, 32)` as people write it: `8×8×32`. With `batch`, as Keras does: `(None, 8, 8, 32)`."""
    if batch:
        return "(" + ", ".join("None" if d is None else str(d) for d in shape) + ("," if len(shape) == 1 else "") + ")"
    return "×".join("?" if d is None else str(d) for d in shape[1:]) or "scalar"


def agree(a: Shape, b: Shape) -> bool:
    """Whether two shapes can be the same, an unknown size agreeing with every size."""
    return len(a) == len(b) and all(m is None or n is None or m == n for m, n in zip(a, b, strict=True))


def merge(a: Shape, b: Shape) -> Shape:
    """Two agreeing shapes as one that knows what either knows."""
    return tuple(n if m is None else m for m, n in zip(a, b, strict=True))
