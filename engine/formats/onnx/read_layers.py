"""Operators that are layers with weights: products, normalization, look-ups."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.reading import Reading, Unreadable, Value, reader
from graph.layers.core import Dense, Embedding
from graph.layers.dot import Dot
from graph.layers.normalization import BatchNormalization, LayerNormalization
from graph.message import Message


@reader("MatMul")
def matmul(r: Reading, one: Operation) -> Value:
    """A Dense; its bias may follow."""
    if not r.is_constant(one, 1):
        a, b = r.plain(r.value(one)), r.plain(r.value(one, 1))
        if len(a.shape) != 3 or len(b.shape) != 3:
            raise Unreadable(Message("it multiplies two values that are no sequences"))
        return r.add(Dot(axes=(2, 1)), a, b)
    w = r.constant(one, 1)
    if w.ndim != 2:
        raise Unreadable(Message("it multiplies by an array of {n} axes", n=w.ndim))
    x = r.plain(r.value(one))
    return r.add(Dense(w.shape[1], use_bias=False), x, wanted=r.named_after(one, 1), weights={"kernel": w})


@reader("Gemm")
def gemm(r: Reading, one: Operation) -> Value:
    """A Dense with its bias."""
    w = r.constant(one, 1) * one.attributes.get("alpha", 1.0)
    w = w.T if one.attributes.get("transB", 0) else w
    if w.ndim != 2 or one.attributes.get("transA", 0):
        raise Unreadable(Message("it is no product of rows with a matrix"))
    bias = None if len(one.inputs) < 3 else r.constant(one, 2) * one.attributes.get("beta", 1.0)
    weights = {"kernel": w} | ({} if bias is None else {"bias": np.broadcast_to(bias.reshape(-1), w.shape[1:])})
    layer = Dense(w.shape[1], use_bias=bias is not None)
    return r.add(layer, r.plain(r.value(one)), wanted=r.named_after(one, 1), weights=weights)


@reader("BatchNormalization")
def batch_normalization(r: Reading, one: Operation) -> Value:
    """Channels behind the batch."""
    x = r.value(one)
    gamma, beta, mean, variance = (r.constant(one, i) for i in range(1, 5))
    layer = BatchNormalization(
        axis=x.axis(1),
        momentum=min(max(float(one.attributes.get("momentum", 0.9)), 0.0), 0.9999),
        epsilon=float(one.attributes.get("epsilon", 1e-5)),
    )
    weights = {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_variance": variance}
    return r.add(layer, replace(x, order=None), wanted=r.named_after(one, 1), weights=weights, order=x.order)


@reader("LayerNormalization")
def layer_normalization(r: Reading, one: Operation) -> Value:
    """The last axes."""
    x = r.plain(r.value(one))
    axis = int(one.attributes.get("axis", -1)) % len(x.shape)
    has_beta = len(one.inputs) > 2 and bool(one.inputs[2])
    weights = {"gamma": r.constant(one, 1)} | ({"beta": r.constant(one, 2)} if has_beta else {})
    layer = LayerNormalization(
        axis=tuple(range(axis - len(x.shape), 0)), epsilon=float(one.attributes.get("epsilon", 1e-5)), center=has_beta
    )
    return r.add(layer, x, wanted=r.named_after(one, 1), weights=weights)


@reader("Gather")
def gather(r: Reading, one: Operation) -> Value:
    """Rows of a matrix, looked up."""
    table = r.constant(one, 0)
    if table.ndim != 2 or one.attributes.get("axis", 0) != 0:
        raise Unreadable(Message("it looks up something else than rows of a matrix"))
    layer = Embedding(*table.shape)
    return r.add(layer, r.plain(r.value(one, 1)), weights={"embeddings": table}, wanted=r.named_after(one, 0))
