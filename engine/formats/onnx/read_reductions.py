"""Operators that make one value of those along axes."""

from __future__ import annotations

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import Unreadable, Value
from graph.layers import layers
from graph.layers.lambda_layer import Lambda
from graph.message import Message

POOLS = {"mean": "Average", "max": "Max", "sum": "Sum"}
EXPRESSIONS = {
    "ReduceMean": "mean(x, {})",
    "ReduceMax": "max(x, {})",
    "ReduceSum": "sum(x, {})",
    "ReduceMin": "min(x, {})",
    "ReduceL1": "sum(abs(x), {})",
    "ReduceL2": "sqrt(sum(square(x), {}))",
    "ReduceSumSquare": "sum(square(x), {})",
    "ReduceLogSum": "log(sum(x, {}))",
    "ReduceLogSumExp": "log(sum(exp(x), {}))",
}


@reader(*EXPRESSIONS)
def reduce(r: Reading, one: Operation) -> Value:
    """A global pooling where it is one, else an expression."""
    x = r.value(one)
    rank, named = len(x.shape), r.axes(one)
    if not named and one.attributes.get("noop_with_empty_axes", 0):
        return x
    seen = sorted(a % rank for a in (range(rank) if named is None else named))
    keepdims = bool(one.attributes.get("keepdims", 1))
    if 0 in seen:
        raise Unreadable(Message("it runs over the batch"))
    kind = POOLS.get(one.kind.removeprefix("Reduce").lower())
    axes = sorted(x.axis(axis) for axis in seen)
    for data_format, places in (("channels_last", range(1, rank - 1)), ("channels_first", range(2, rank))):
        if kind and 3 <= rank <= 5 and axes == list(places):
            layer = layers.make(f"Global{kind}Pooling{rank - 2}D", {"data_format": data_format, "keepdims": keepdims})
            return r.add(layer, x, order=x.order if keepdims else None)
    said = f"axis=({', '.join(map(str, axes))},), keepdims={keepdims or x.order is not None}"
    y = r.add(Lambda(EXPRESSIONS[one.kind].format(said)), x, order=x.order)
    return y if keepdims or x.order is None else r.reshaped(y, [n for i, n in enumerate(y.sizes) if i not in seen])
