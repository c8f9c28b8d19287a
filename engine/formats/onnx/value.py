"""What a layer gives, as an operator of a file sees it.

An operator may see the axes of a value in another order than the layer gives them, several axes as one, or an axis of
size 1 that the layer does not have. Such a view is remembered, not made: transposes and reshapes of a file often undo
each other, and a layer that works on every value by itself does not care. Only where nothing else helps, it becomes a
Permute or a Reshape.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from graph.message import Message
from graph.shapes import Shape

BATCH = 16_777_213
"""Stands for the size of the batch among sizes. It is a prime, so it is seen in a product: 8 times it is that of eight
values a sample."""
OPEN = 65_521
"""Stands for every other size that is not known; a prime too."""

Group = tuple[int, ...]


class Unreadable(Exception):
    """An operator that no layer says; the text says why."""

    def __init__(self, text: Message) -> None:
        self.text = text
        super().__init__(text)


LARGEST_MADE = 2**24
"""How many numbers may be made for an operator that the file does not hold."""


def affordable(count: int) -> None:
    """Raise Unreadable where so many numbers would have to be made that the file does not hold."""
    if count > LARGEST_MADE:
        raise Unreadable(Message("it would need an array of {n:,} numbers", n=count))


@dataclass(frozen=True)
class Value:
    """What a layer gives. `given` is its own shape; `order` says which of its axes are seen as each axis, if not those.

    No axis stands for one of size 1 that is put in.
    """

    layer: str
    port: str
    given: Shape | None
    order: tuple[Group, ...] | None = None
    steps: int | None = None
    """For a value that is seen a step at a time, as many samples as there are steps: how many those are."""

    @property
    def own(self) -> Value:
        """The value as the layer gives it."""
        return replace(self, order=None)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The layer's own axes that are seen as each axis."""
        if self.given is None:
            raise Unreadable(Message("the shape of what comes in is not known"))
        return singles(range(len(self.given))) if self.order is None else self.order

    def size(self, axis: int) -> int:
        """The size of an own axis."""
        n = self.given[axis] if self.given else None
        return BATCH * (self.steps or 1) if axis == 0 else OPEN if n is None else n

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape that is seen, with numbers for what is not known."""
        return tuple(prod(map(self.size, group)) for group in self.groups)

    @property
    def shape(self) -> Shape:
        """The shape that is seen."""
        known = self.given or ()
        return tuple(
            None if any(known[a] is None for a in group) else prod(map(self.size, group)) for group in self.groups
        )

    def axis(self, seen: int) -> int:
        """The layer's own axis for one that is seen."""
        group = self.groups[seen]
        wide = [axis for axis in group if self.size(axis) != 1] or list(group)
        if len(wide) != 1:
            raise Unreadable(Message("it works along axes that were laid together"))
        return wide[0]

    @property
    def is_simple(self) -> bool:
        """Whether every axis that is seen is one of the layer's, the batch in front."""
        return self.order is None or (self.order[0] == (0,) and all(len(group) == 1 for group in self.order))

    def seen(self, groups: Sequence[Group]) -> Value:
        """The layer's value with these axes."""
        plain = singles(range(len(self.given or ())))
        return replace(self, order=None if tuple(groups) == plain else tuple(groups))

    @property
    def together(self) -> Value:
        """A value that is seen a step at a time, as the layer gives it: samples and steps seen as one axis."""
        if self.steps is None or self.given is None:
            return self
        axes = [
            tuple(shifted for axis in group for shifted in ((axis + 1,) if axis else (0, 1))) for group in self.groups
        ]
        return Value(self.layer, self.port, (None, self.steps, *self.given[1:]), tuple(axes))

    def turned(self, *order: int) -> Value:
        """The value with what is seen in another order."""
        return self.seen([self.groups[axis] for axis in order])


@dataclass(frozen=True)
class Scores:
    """What a layer gives: (N, H, T, S), queries (N, H, T, D) times keys (N, H, D, S), and what was done to it since."""

    queries: Value
    keys: Value
    factor: float = 1.0
    causal: bool = False
    weighed: bool = False


def singles(axes: Sequence[int]) -> tuple[Group, ...]:
    """Axes that are seen one by one."""
    return tuple((axis,) for axis in axes)


def to_first(rank: int) -> tuple[Group, ...]:
    """The order that brings channels to the front."""
    return singles((0, rank - 1, *range(1, rank - 1)))


@dataclass(frozen=True)
class Regrouped:
    """How the axes of a value become others: what each own axis is split into, and which of those are seen together."""

    pieces: tuple[tuple[int, ...], ...]
    groups: tuple[Group, ...]


def regrouped(x: Value, sizes: Sequence[int]) -> Regrouped | None:
    """What is seen of a value, in order, as axes of other sizes; None where those run across its axes."""
    left = deque((axis, x.size(axis)) for group in x.groups for axis in group)
    pieces: dict[int, list[int]] = {axis: [] for axis, _ in left}
    seen: list[list[tuple[int, int]]] = []
    for size in sizes:
        group: list[tuple[int, int]] = []
        have = 1
        while have < size or (size == 1 and not group and left and left[0][1] == 1):
            if not left:
                return None
            axis, n = left.popleft()
            want = size // have
            taken = n if want % n == 0 else want
            if n % taken or size % have:
                return None
            if taken < n:
                left.appendleft((axis, n // taken))
            pieces[axis].append(taken)
            group.append((axis, len(pieces[axis]) - 1))
            have *= taken
        if have != size:
            return None
        seen.append(group)
    if any(n != 1 for _, n in left) or not seen:
        return None
    for axis, _ in left:
        pieces[axis].append(1)
        seen[-1].append((axis, len(pieces[axis]) - 1))
    order = sorted(pieces)
    first = {axis: sum(len(pieces[before]) for before in order[:i]) for i, axis in enumerate(order)}
    groups = tuple(tuple(first[axis] + place for axis, place in group) for group in seen)
    return Regrouped(tuple(tuple(pieces[axis]) for axis in order), groups)
