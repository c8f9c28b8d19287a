"""Products: with an array of the file a Dense, with each other a Dot, and in heads what attention is made of."""

from __future__ import annotations

from typing import Any

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.heads import composed, in_heads
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import OPEN, Scores, Unreadable, Value
from engine.kernel import Array
from graph.layers.core import Dense
from graph.layers.dot import Dot
from graph.layers.lambda_layer import Lambda
from graph.message import Message

NO_PRODUCT = Message("it is no product of rows with a matrix")


@reader("MatMul")
def matmul(r: Reading, one: Operation) -> Value:
    """A Dense, a Dot, or in heads a MultiHeadAttention."""
    if r.is_constant(one, 1):
        return _dense(r, one, r.seen(one), _matrix(r.constant(one, 1)))
    if r.is_constant(one, 0):
        x = r.seen(one, 1)
        rest = range(len(x.groups) - 2)
        y = _dense(r, one, x.turned(*rest, -1, -2), _matrix(r.constant(one, 0)).T)
        return y.turned(*rest, -1, -2)
    return _product(r, r.seen(one), r.seen(one, 1))


def _product(r: Reading, a: Value, b: Value) -> Value:
    rank = len(a.groups)
    if len(b.groups) != rank or rank not in (3, 4):
        raise Unreadable(Message("it multiplies two values that are no sequences"))
    if rank == 3:
        a, b = (x if x.is_simple else r.plain(x) for x in (a, b))
        return r.add(Dot(axes=(a.axis(2), b.axis(1))), a, b)
    before = r.scores.get(a.layer)
    if before is not None and before.weighed and a.order is None:
        return in_heads(r, before, b)
    y = _by_head(r, a, b)
    r.scores[y.layer] = Scores(a, b)
    return y


def _by_head(r: Reading, a: Value, b: Value) -> Value:
    """The products of every head, as one expression: a sum over values that are repeated."""
    rows, columns = r.plain(a), r.plain(b.turned(0, 1, 3, 2))
    heads, n, m = rows.shape[1], rows.shape[2], columns.shape[2]
    if OPEN in (rows.sizes[1], rows.sizes[3]):
        raise Unreadable(Message("more than one size is left open"))
    x = r.relaid(rows, [heads, n, 1, rows.shape[3]])
    x2 = r.relaid(columns, [heads, 1, m, columns.shape[3]])
    return r.add(Lambda("sum(x0 * x1, axis=-1)"), x, x2)


def _matrix(w: Array) -> Array:
    if w.ndim < 2 or any(n != 1 for n in w.shape[:-2]):
        raise Unreadable(Message("it multiplies by an array of {n} axes", n=w.ndim))
    return w.reshape(w.shape[-2:])


@reader("Gemm")
def gemm(r: Reading, one: Operation) -> Value:
    """A Dense with its bias."""
    w = r.constant(one, 1) * one.attributes.get("alpha", 1.0)
    w = w.T if one.attributes.get("transB", 0) else w
    if w.ndim != 2 or one.attributes.get("transA", 0):
        raise Unreadable(NO_PRODUCT)
    bias = r.constant(one, 2).reshape(-1) * one.attributes.get("beta", 1.0) if r.is_given(one, 2) else None
    return _dense(r, one, r.seen(one), w, bias)


def _dense(r: Reading, one: Operation, seen: Value, w: Array, bias: Array | None = None) -> Value:
    x, order = r.on_last(seen)
    joined = composed(r, x, w, bias)
    if joined is not None:
        return joined.seen(order or joined.groups)
    weights: dict[str, Any] = {"kernel": w}
    if bias is not None:
        weights["bias"] = bias if bias.size == w.shape[1] else bias.repeat(w.shape[1])
    layer = Dense(w.shape[1], use_bias=bias is not None)
    return r.add(layer, x, wanted=r.named_after(one, 1), weights=weights, order=order)


@reader("Einsum")
def einsum(r: Reading, one: Operation) -> Value:
    """The same, where it is said in letters."""
    said = str(one.attributes.get("equation", "")).replace(" ", "")
    inputs, _, result = said.partition("->")
    terms = inputs.split(",")
    if len(terms) != 2 or not result or "." in said or any(len(set(t)) < len(t) for t in (*terms, result)):
        raise Unreadable(Message("its equation {said} is no product of two", said=said))
    a, b = terms
    kept, summed = [c for c in a if c in b and c in result], [c for c in a if c in b and c not in result]
    rows, columns = [c for c in a if c not in b], [c for c in b if c not in a]
    if len(summed) != 1 or set(result) != {*kept, *rows, *columns} or len(columns) != 1:
        raise Unreadable(Message("its equation {said} is no product of two", said=said))
    if r.is_constant(one, 1) and not kept:
        x = r.seen(one).turned(*(a.index(c) for c in (*rows, *summed)))
        w = r.constant(one, 1).transpose([b.index(c) for c in (*summed, *columns)])
        y = _dense(r, one, x, w)
    elif len(rows) == 1 and not r.is_constant(one, 0) and not r.is_constant(one, 1):
        x = r.seen(one).turned(*(a.index(c) for c in (*kept, *rows, *summed)))
        x2 = r.seen(one, 1).turned(*(b.index(c) for c in (*kept, *summed, *columns)))
        y = _product(r, x, x2)
    else:
        raise Unreadable(Message("its equation {said} is no product of two", said=said))
    made = (*kept, *rows, *columns)
    return y.turned(*(made.index(c) for c in result))
