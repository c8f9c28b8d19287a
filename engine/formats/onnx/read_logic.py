"""Operators that compare and choose: what is true is 1 here, and what is not is 0."""

from __future__ import annotations

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import Unreadable, Value
from graph.layers.lambda_layer import Lambda
from graph.message import Message

EXPRESSIONS = {
    "Equal": "{} == {}",
    "Less": "{} < {}",
    "LessOrEqual": "{} <= {}",
    "Greater": "{} > {}",
    "GreaterOrEqual": "{} >= {}",
    "And": "{} * {}",
    "Or": "max({}, {})",
    "Xor": "{} != {}",
    "Where": "where({}, {}, {})",
}


@reader(*(kind for kind in EXPRESSIONS if kind != "Where"))
def compared(r: Reading, one: Operation) -> Value:
    """An expression that gives 1 or 0."""
    return computed(r, one, EXPRESSIONS[one.kind])


@reader("Not")
def opposite(r: Reading, one: Operation) -> Value:
    """An expression that gives 1 where there was 0."""
    x = r.seen(one)
    return r.add(Lambda("x == 0"), x, order=x.order)


def computed(r: Reading, one: Operation, expression: str) -> Value:
    """An expression of all inputs, those of the file being single numbers."""
    places = [i for i in range(len(one.inputs)) if not r.is_constant(one, i)]
    xs = aligned(r, [r.seen(one, i) for i in places])
    different = list(dict.fromkeys(xs))
    said = {i: f"x{different.index(x)}" for i, x in zip(places, xs, strict=True)}
    for i in range(len(one.inputs)):
        if i not in said:
            array = r.constant(one, i)
            if array.size == 0 or (array != array.reshape(-1)[0]).any():
                raise Unreadable(Message("it joins a value with an array in another way than by a factor or an offset"))
            said[i] = f"({number(float(array.reshape(-1)[0]))})"
    return r.add(Lambda(expression.format(*(said[i] for i in range(len(one.inputs))))), *different, order=xs[0].order)


def number(n: float) -> str:
    """A number as an expression has it, which knows none that is not finite: a very large one serves."""
    return repr(max(min(n, 3e38), -3e38))


def aligned(r: Reading, xs: list[Value]) -> list[Value]:
    """Values whose axes lie in the same way: as the first one has them, or as they are seen."""
    rank = max(len(x.groups) for x in xs)
    xs = [x if len(x.groups) == rank else r.reshaped(x, [1] * (rank - len(x.groups)) + list(x.sizes)) for x in xs]
    if any(x.order != xs[0].order or len(x.given or ()) != len(xs[0].given or ()) for x in xs):
        xs = [r.plain(x) for x in xs]
    return xs
