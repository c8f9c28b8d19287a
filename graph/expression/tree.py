"""What an expression is once it is read: a tree of numbers, inputs and operations.

Nodes are equal where they compute the same, wherever they stand in the text, so that a part written twice is computed
once. `column` is where a node begins, for messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import EllipsisType


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Input:
    """What comes in, counted from 0."""

    place: int
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """An operation on values one by one; a size of 1 is repeated."""

    operation: str
    arguments: tuple[Node, ...]
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Reduce:
    """One value made of those along some axes, counted with the batch as 0; of all axes but the batch where None."""

    operation: str
    argument: Node
    axes: tuple[int, ...] | None = None
    keepdims: bool = False
    column: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """The places from `start` to before `stop`, as Python counts them."""

    start: int | None = None
    stop: int | None = None
    step: int | None = None


Place = int | Range | EllipsisType
"""What is taken of an axis: one place, which drops the axis, or some; `...` stands for all axes that are not named."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a value, as `x[:, 0, 1:]` takes it."""

    argument: Node
    places: tuple[Place, ...]
    column: int = field(default=1, compare=False)


Node = Number | Input | Call | Reduce | Part


def arguments(node: Node) -> tuple[Node, ...]:
    """What a node is computed from."""
    if isinstance(node, Call):
        return node.arguments
    return (node.argument,) if isinstance(node, Reduce | Part) else ()


def inputs(node: Node) -> Iterator[Input]:
    """Every mention of an input."""
    if isinstance(node, Input):
        yield node
    for one in arguments(node):
        yield from inputs(one)
