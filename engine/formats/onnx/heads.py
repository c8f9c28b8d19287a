"""Attention in heads, found in its operators: products of queries and keys, weighed by a softmax, times values.

A MultiHeadAttention has a product before each of its inputs and one behind. Those that stand before and behind in the
file become its own. Where none stands there, its matrix changes nothing: 1 for every feature.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.formats.onnx.reading import Reading
from engine.formats.onnx.value import OPEN, Scores, Unreadable, Value, affordable
from engine.kernel import Array
from graph.layers.attention import MultiHeadAttention
from graph.layers.core import Dense
from graph.layers.lambda_layer import Lambda
from graph.layers.normalization import Rescaling
from graph.message import Message


@dataclass(frozen=True)
class Linear:
    """A value as a product of another one: x kernel + bias, and whether there is a bias at all."""

    x: Value
    kernel: Array
    bias: Array
    biased: bool


def causal(mask: Array) -> bool:
    """Whether an array hides, by very small numbers, what comes behind a step, and nothing else."""
    if mask.ndim < 2 or min(mask.shape[-2:]) < 2 or any(n != 1 for n in mask.shape[:-2]):
        return False
    rows = np.reshape(mask, mask.shape[-2:])
    hidden = ~np.tri(mask.shape[-2], mask.shape[-1], dtype=bool)
    return bool((rows[hidden] <= -1e8).all() and not rows[~hidden].any())


def in_heads(r: Reading, scores: Scores, values: Value) -> Value:
    """(N, H, T, Dv): what every query takes of the values (N, H, S, Dv)."""
    q = _factors(r, scores.queries)
    k = _factors(r, scores.keys.turned(0, 1, 3, 2))
    heads, size = q.x.sizes[1], q.x.sizes[3]
    of_value = values.sizes[3]
    if OPEN in (heads, size, of_value):
        raise Unreadable(Message("the number of its features is not known"))
    found = [_linear(r, _rows(r, x)) for x in (q.x, values, k.x)]
    usual = size**-0.5
    factor = scores.factor * q.factor * k.factor / usual
    if abs(factor - 1.0) > 1e-6:
        found[0] = replace(found[0], kernel=found[0].kernel * factor, bias=found[0].bias * factor)
    given = heads * of_value
    affordable(given**2)
    layer = MultiHeadAttention(
        heads,
        size,
        value_dim=None if of_value == size else of_value,
        output_shape=given if given != found[0].x.sizes[-1] else None,
        use_bias=any(one.biased for one in found),
        use_causal_mask=scores.causal,
    )
    weights: dict[str, Array] = {}
    for name, one, wide in zip(("query", "value", "key"), found, (size, of_value, size), strict=True):
        weights[f"{name}_kernel"] = one.kernel.reshape(-1, heads, wide)
        weights[f"{name}_bias"] = one.bias.reshape(heads, wide)
    weights["attention_output_kernel"] = np.eye(given, dtype=np.float32).reshape(heads, of_value, given)
    weights["attention_output_bias"] = np.zeros(given, np.float32)
    y = _added(r, layer, [one.x for one in found], weights)
    r.plain_outputs.add(y.layer)
    return r.reshaped(y, [*y.sizes[:2], heads, of_value]).turned(0, 2, 1, 3)


def _added(r: Reading, layer: MultiHeadAttention, xs: list[Value], weights: dict[str, Array]) -> Value:
    kept = {key: w for key, w in weights.items() if layer.use_bias or not key.endswith("bias")}
    return r.add(layer, *(xs[:2] if xs[1] == xs[2] else xs), weights=kept)


def composed(r: Reading, x: Value, kernel: Array, bias: Array | None) -> Value | None:
    """A product behind attention, as its own; None where `x` is something else, or has one already."""
    layer = r.layers[x.layer]
    if x.layer not in r.plain_outputs or not isinstance(layer, MultiHeadAttention):
        return None
    xs, weights = list(r.sources[x.layer]), r.weights_of(x.layer)
    xs = xs if len(xs) == 3 else [*xs, xs[1]]
    units = kernel.shape[1]
    out = layer.with_(
        output_shape=None if units == xs[0].sizes[-1] else units, use_bias=layer.use_bias or bias is not None
    )
    for name in ("query", "value", "key"):
        weights.setdefault(f"{name}_bias", np.zeros(weights[f"{name}_kernel"].shape[1:], np.float32))
    weights["attention_output_kernel"] = kernel.reshape(layer.num_heads, -1, units)
    weights["attention_output_bias"] = np.zeros(units, np.float32) if bias is None else bias
    assert isinstance(out, MultiHeadAttention)
    return _added(r, out, xs, weights)


def with_bias(r: Reading, x: Value, bias: Array) -> Value | None:
    """An offset behind attention as its own bias; None where `x` is something else, or has one already."""
    layer = r.layers[x.layer]
    if not isinstance(layer, MultiHeadAttention) or bias.size != x.own.sizes[-1]:
        return None
    weights = r.weights_of(x.layer)
    if layer.use_bias and weights["attention_output_bias"].any():
        return None
    xs = list(r.sources[x.layer])
    for name in ("query", "value", "key"):
        weights.setdefault(f"{name}_bias", np.zeros(weights[f"{name}_kernel"].shape[1:], np.float32))
    out = layer.with_(use_bias=True)
    assert isinstance(out, MultiHeadAttention)
    y = _added(r, out, xs if len(xs) == 3 else [*xs, xs[1]], weights | {"attention_output_bias": bias.reshape(-1)})
    return y.seen(x.groups)


@dataclass(frozen=True)
class Scaled:
    """A value, and a number that it was multiplied by."""

    x: Value
    factor: float


def _factors(r: Reading, x: Value) -> Scaled:
    """What was multiplied by numbers only to become `x`."""
    factor = 1.0
    while isinstance(layer := r.layers[x.layer], Rescaling) and not layer.offset:
        factor *= layer.scale
        (source,) = r.sources[x.layer]
        x = source.seen(x.groups)
    return Scaled(x, factor)


def _rows(r: Reading, x: Value) -> Value:
    """(N, T, H D) for (N, H, T, D)."""
    n, heads, steps, size = x.sizes
    return r.plain(r.reshaped(x.turned(0, 2, 1, 3), [n, steps, heads * size]))


def _linear(r: Reading, x: Value) -> Linear:
    """The product that a value is; with 1 for every feature where it is none."""
    layer = r.layers[x.layer]
    if isinstance(layer, Dense) and layer.activation == "linear":
        weights = r.weights_of(x.layer)
        bias = weights.get("bias", np.zeros(layer.units, np.float32))
        return Linear(r.sources[x.layer][0], weights["kernel"], bias, layer.use_bias)
    if isinstance(layer, Lambda) and (taken := r.taken.get(x.layer)) is not None:
        inner = _linear(r, r.sources[x.layer][0])
        return replace(inner, kernel=inner.kernel[:, taken], bias=inner.bias[taken])
    features = x.sizes[-1]
    affordable(features**2)
    return Linear(x, np.eye(features, dtype=np.float32), np.zeros(features, np.float32), False)
