"""Layers that look things up.

Axes: N samples, H heads, T queries, S keys and values.
"""

from __future__ import annotations

import numpy as np

from engine.formats.onnx.draft import Tensor
from engine.formats.onnx.emit import Mask, Place, emitter
from graph.layers.attention import AdditiveAttention, Attention, MultiHeadAttention, SameFeatures

HIDDEN = -1e9
"""The score of a value that a query must not see."""


def future(at: Place, steps: tuple[int | None, int | None]) -> Tensor:
    """(T, S): whether a value lies behind the query."""
    draft = at.draft
    if None not in steps:
        before, behind = (np.arange(n or 0) for n in steps)
        return draft.constant(behind > before[:, None], np.bool_)
    counted = []
    for x in at.xs[:2]:
        count = draft.squeeze(draft.size(x, 1), 0)
        counted.append(draft.op("Range", draft.constant(0, np.int64), count, draft.constant(1, np.int64)))
    return draft.op("Less", draft.unsqueeze(counted[0], 1), draft.unsqueeze(counted[1], 0))


def unseen(
    at: Place, causal: bool, queries: tuple[Mask | None, ...], values: tuple[Mask | None, ...], heads: bool = False
) -> Tensor | None:
    """(N, T, S), or (N, H, T, S): whether a query must not see a value."""
    draft = at.draft
    hidden = [future(at, (at.shapes[0][1], at.shapes[1][1]))] if causal else []
    for masks, axes in ((queries, (1, 3) if heads else (2,)), (values, (1, 2) if heads else (1,))):
        hidden += [draft.unsqueeze(draft.op("Not", mask.tensor), *axes) for mask in masks if mask is not None]
    return draft.fold("Or", hidden) if hidden else None


@emitter(Attention)
def attention(layer: Attention, at: Place) -> tuple[Tensor, ...]:
    """softmax(a q kᵀ) v, or with the scores c sum tanh(a (q + k))"""
    draft, q, k = at.draft, at.xs[0], at.xs[-1]
    if layer.score_mode == "concat":
        s = summed(at, at.weight("scale") if layer.use_scale else None)
        s = draft.op("Mul", draft.reduce("Sum", s, [-1], keepdims=False), at.weight("concat_score_weight"))
    else:
        s = draft.op("MatMul", q, draft.transpose(k, (0, 2, 1)))
        s = draft.op("Mul", s, at.weight("scale")) if layer.use_scale else s
    return looked_up(layer, at, s)


@emitter(AdditiveAttention)
def additive(layer: AdditiveAttention, at: Place) -> tuple[Tensor, ...]:
    """softmax(sum w tanh(q + k)) v"""
    s = summed(at, None)
    s = at.draft.op("Mul", s, at.weight("scale")) if layer.use_scale else s
    return looked_up(layer, at, at.draft.reduce("Sum", s, [-1], keepdims=False))


def summed(at: Place, factor: Tensor | None) -> Tensor:
    """tanh(a (q + k)) for every query and key."""
    both = at.draft.op("Add", at.draft.unsqueeze(at.xs[0], 2), at.draft.unsqueeze(at.xs[-1], 1))
    return at.draft.op("Tanh", both if factor is None else at.draft.op("Mul", both, factor))


def looked_up(layer: SameFeatures, at: Place, s: Tensor) -> tuple[Tensor, ...]:
    """The values weighed by the softmax of the scores; 0 where a query is masked."""
    draft = at.draft
    hidden = unseen(at, layer.use_causal_mask, (), at.masks[1:2])
    if hidden is not None:
        s = draft.op("Add", s, draft.op("Mul", draft.cast(hidden, np.float32), draft.constant(HIDDEN)))
    p = draft.op("Softmax", s, axis=-1)
    y = draft.op("MatMul", p, at.xs[1])
    if at.masks[0] is not None:
        y = draft.op("Mul", y, draft.unsqueeze(draft.cast(at.masks[0].tensor, np.float32), -1))
    return (y, p)[: len(layer.outputs)]


@emitter(MultiHeadAttention)
def in_heads(layer: MultiHeadAttention, at: Place) -> tuple[Tensor, ...]:
    """softmax(q kᵀ / sqrt key_dim) v in every head, and a product of all heads."""
    draft = at.draft
    q, k, v = (head(layer, at, name, i) for name, i in (("query", 0), ("key", len(at.xs) - 1), ("value", 1)))
    s = draft.op("MatMul", draft.op("Mul", q, draft.constant(layer.key_dim**-0.5)), draft.transpose(k, (0, 1, 3, 2)))
    if len(at.shape) == 3:
        hidden = unseen(at, layer.use_causal_mask, at.masks[:1], at.masks[1:], heads=True)
        s = s if hidden is None else draft.op("Where", hidden, draft.constant(HIDDEN), s)
    p = draft.op("Softmax", s, axis=-1)
    rows = draft.transpose(draft.op("MatMul", p, v), (0, 2, 1, 3))
    size = layer.num_heads * (layer.value_dim or layer.key_dim)
    y = draft.op(
        "MatMul",
        draft.reshape(rows, [0, 0, size]),
        at.weight("attention_output_kernel", lambda kernel: kernel.reshape(size, -1)),
    )
    if layer.use_bias:
        y = draft.op("Add", y, at.weight("attention_output_bias"))
    return (unfolded(layer, at, y), scores(layer, at, p))[: len(layer.outputs)]


def head(layer: MultiHeadAttention, at: Place, name: str, i: int) -> Tensor:
    """(N, H, T, F): one product for all heads of one input."""
    draft = at.draft
    size = (layer.value_dim or layer.key_dim) if name == "value" else layer.key_dim
    columns = layer.num_heads * size
    x = folded(layer, at, i)
    z = draft.op("MatMul", x, at.weight(f"{name}_kernel", lambda kernel: kernel.reshape(-1, columns)))
    if layer.use_bias:
        z = draft.op("Add", z, at.weight(f"{name}_bias", lambda bias: bias.reshape(columns)))
    return draft.transpose(draft.reshape(z, [0, 0, layer.num_heads, size]), (0, 2, 1, 3))


def open_sizes(at: Place, i: int, axes: tuple[int, ...]) -> list[int | Tensor]:
    """The sizes of an input along axes."""
    return [at.draft.size(at.xs[i], axis) if (n := at.shapes[i][axis]) is None else n for axis in axes]


def folded(layer: MultiHeadAttention, at: Place, i: int) -> Tensor:
    """An input as (N, T, features): axes that look at each other laid together, the others laid to the batch."""
    rank = len(at.shapes[i])
    if rank == 3:
        return at.xs[i]
    looked = layer.axes(rank)
    moved = at.draft.transpose(at.xs[i], (*layer.rest(rank), *looked, rank - 1))
    count = at.draft.op("ReduceProd", at.draft.sizes(open_sizes(at, i, looked)), keepdims=1)
    return at.draft.reshape(moved, [-1, count, at.shapes[i][-1] or 1])


def unfolded(layer: MultiHeadAttention, at: Place, y: Tensor) -> Tensor:
    """The output with the axes of the queries."""
    rank = len(at.shape)
    if rank == 3:
        return y
    order = (*layer.rest(rank), *layer.axes(rank), rank - 1)
    laid = at.draft.reshape(y, [*open_sizes(at, 0, order[:-1]), at.ys[0][-1] or 1])
    return at.draft.transpose(laid, np.argsort(order).tolist())


def scores(layer: MultiHeadAttention, at: Place, p: Tensor) -> Tensor:
    """The weights with the axes of queries and values."""
    rank = len(at.shape)
    if rank == 3:
        return p
    looked = layer.axes(rank)
    sizes = [*open_sizes(at, 0, layer.rest(rank)), layer.num_heads]
    return at.draft.reshape(p, [*sizes, *open_sizes(at, 0, looked), *open_sizes(at, 1, looked)])
