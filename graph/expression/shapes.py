"""The shape of an expression's value, from those of its inputs.

Values keep the batch as their first axis: every sample is computed by itself. So an axis of that number can neither be
reduced nor cut, and values of different rank are not joined, because the batch of one would meet another axis.
"""

from __future__ import annotations

from itertools import zip_longest

from graph.expression.tokens import ExpressionError
from graph.expression.tree import Input, Node, Number, Part, Range, Reduce, arguments, inputs
from graph.message import Message, plural
from graph.shapes import Shape, Shapes, shape_text


def shape_of(tree: Node, xs: Shapes) -> Shape:
    """The shape of the whole. Raises ExpressionError where it has none, which says where and how to mend it."""
    if not any(inputs(tree)):
        raise ExpressionError(1, Message("This uses no input."), Message("Write x for what comes in."))
    return shapes_of(tree, xs)[tree]


def shapes_of(tree: Node, xs: Shapes) -> dict[Node, Shape]:
    """The shape of every part; a number has none of its own, and fits every shape."""
    found: dict[Node, Shape] = {}
    _fill(tree, xs, found)
    return found


def _fill(node: Node, xs: Shapes, found: dict[Node, Shape]) -> None:
    if node in found:
        return
    for one in arguments(node):
        _fill(one, xs, found)
    if isinstance(node, Number):
        found[node] = ()
    elif isinstance(node, Input):
        found[node] = _input(node, xs)
    elif isinstance(node, Reduce):
        found[node] = _reduced(node, found[node.argument])
    elif isinstance(node, Part):
        found[node] = _part(node, found[node.argument])
    else:
        found[node] = _joined([found[one] for one in node.arguments], node.column)


def _input(node: Input, xs: Shapes) -> Shape:
    if node.place < len(xs):
        return xs[node.place]
    raise ExpressionError(
        node.column,
        Message("x{place} is not wired: there is {count}.", place=node.place, count=plural(len(xs), "input")),
        Message("Inputs are counted from 0. Draw another wire, or use x0."),
    )


def _joined(shapes: list[Shape], column: int) -> Shape:
    """The shape of values one by one: a size of 1 is repeated."""
    given = [shape for shape in shapes if shape]
    if not given:
        return ()
    if len({len(shape) for shape in given}) > 1:
        raise ExpressionError(
            column,
            Message("{shapes} have different numbers of axes.", shapes=_said(given)),
            Message("Keep reduced axes with keepdims=True, or take 0:1 instead of 0."),
        )
    out: list[int | None] = []
    for sizes in zip(*given, strict=True):
        wide = {n for n in sizes if n not in (None, 1)}
        if len(wide) > 1:
            raise ExpressionError(
                column,
                Message("{shapes} have different sizes.", shapes=_said(given)),
                Message("Sizes are equal, or one of them is 1."),
            )
        out.append(wide.pop() if wide else None if None in sizes else 1)
    return tuple(out)


def _reduced(node: Reduce, x: Shape) -> Shape:
    axes = reduced_axes(node, len(x))
    if not axes:
        raise ExpressionError(
            node.column,
            Message("{name} has nothing to take together.", name=node.operation),
            Message("Each sample is one value here."),
        )
    return tuple(1 if i in axes else n for i, n in enumerate(x) if node.keepdims or i not in axes)


def reduced_axes(node: Reduce, rank: int) -> tuple[int, ...]:
    """The axes that are taken together in a value of `rank`, counted from the front."""
    if node.axes is None:
        return tuple(range(1, rank))
    for axis in node.axes:
        if not -rank < axis < rank or axis == 0:
            raise ExpressionError(
                node.column,
                Message("axis {axis} is not an axis of a sample, which has {n}.", axis=axis, n=rank - 1),
                Message("Axes are counted with the batch as 0; -1 is the last."),
            )
    axes = tuple(sorted(axis % rank for axis in node.axes))
    if len(set(axes)) < len(axes):
        raise ExpressionError(node.column, Message("An axis is named twice."))
    return axes


def _part(node: Part, x: Shape) -> Shape:
    taken = spelled_out(node, len(x))
    out: list[int | None] = []
    for axis, (n, place) in enumerate(zip_longest(x, taken, fillvalue=Range())):
        assert n is None or isinstance(n, int)
        if axis == 0 and place != Range():
            raise ExpressionError(
                node.column,
                Message("The first axis is the batch, which cannot be cut."),
                Message("Begin with a colon: x[:, 0]."),
            )
        if isinstance(place, int):
            if n is not None and not -n <= place < n:
                raise ExpressionError(
                    node.column,
                    Message("There is no place {place}: axis {axis} has {n}.", place=place, axis=axis, n=n),
                    Message("Places are counted from 0."),
                )
            continue
        size = n if n is None or place == Range() else _taken(place, n)
        if size == 0:
            raise ExpressionError(
                node.column, Message("Nothing is left of axis {axis}, which has {n}.", axis=axis, n=n)
            )
        out.append(size)
    return tuple(out)


def _taken(place: Range, n: int) -> int:
    """How many places of an axis of `n` are taken; `len` of a range ends at the machine's word, a shape does not."""
    start, stop, step = slice(place.start, place.stop, place.step).indices(n)
    return max(0, -((start - stop) // step))


def spelled_out(node: Part, rank: int) -> tuple[int | Range, ...]:
    """What is taken of each axis of a value of `rank`; axes that are not named are taken whole."""
    named = sum(place is not ... for place in node.places)
    if named > rank:
        raise ExpressionError(
            node.column, Message("{named} axes are named, but there are {rank}.", named=named, rank=rank)
        )
    out: list[int | Range] = []
    for place in node.places:
        if isinstance(place, int | Range):
            out.append(place)
        else:
            out += [Range()] * (rank - named)
    return (*out, *[Range()] * (rank - len(out)))


def _said(shapes: list[Shape]) -> str:
    return " and ".join(shape_text(shape) for shape in shapes)
