"""Operators that bring values to a common scale."""

from __future__ import annotations

from math import prod

import numpy as np

from engine.formats.onnx.draft import Operation
from engine.formats.onnx.norm_patterns import STANDARD
from engine.formats.onnx.read_parts import mixed
from engine.formats.onnx.reading import Reading, reader
from engine.formats.onnx.value import OPEN, Unreadable, Value, affordable
from engine.kernel import Array
from graph.layers.lambda_layer import Lambda
from graph.layers.normalization import BatchNormalization, GroupNormalization, LayerNormalization, RMSNormalization
from graph.message import Message


@reader("BatchNormalization")
def batch_normalization(r: Reading, one: Operation) -> Value:
    """A BatchNormalization of the channels."""
    x = r.value(one)
    gamma, beta, mean, variance = (r.constant(one, i) for i in range(1, 5))
    layer = BatchNormalization(
        axis=x.axis(1),
        momentum=min(max(float(one.attributes.get("momentum", 0.9)), 0.0), 0.9999),
        epsilon=float(one.attributes.get("epsilon", 1e-5)),
    )
    weights = {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_variance": variance}
    return r.add(layer, x, wanted=r.named_after(one, 1), weights=weights, order=x.order)


@reader("LayerNormalization", "SimplifiedLayerNormalization", "RMSNormalization")
def layer_normalization(r: Reading, one: Operation) -> Value:
    """A normalization along the last axes."""
    seen = r.seen(one)
    axis = int(one.attributes.get("axis", -1)) % len(seen.groups)
    x, order = r.on_last(seen) if axis == len(seen.groups) - 1 else (r.plain(seen), None)
    count = len(seen.groups) - axis
    axes, epsilon = tuple(range(-count, 0)), float(one.attributes.get("epsilon", 1e-5))
    gamma = np.broadcast_to(r.constant(one, 1), x.sizes[-count:])
    if one.kind != "LayerNormalization":
        return r.add(
            RMSNormalization(axes, epsilon), x, wanted=r.named_after(one, 1), weights={"scale": gamma}, order=order
        )
    weights = {"gamma": gamma}
    if r.is_given(one, 2):
        weights["beta"] = np.broadcast_to(r.constant(one, 2), gamma.shape)
    layer = LayerNormalization(axis=axes, epsilon=epsilon, center="beta" in weights)
    return r.add(layer, x, wanted=r.named_after(one, 1), weights=weights, order=order)


@reader(STANDARD)
def standardize(r: Reading, one: Operation) -> Value:
    """A normalization that was written out; factors and offsets may follow."""
    x = r.value(one)
    axes, epsilon = sorted(x.axis(axis) for axis in one.attributes["axes"]), one.attributes["epsilon"]
    rank = len(x.own.sizes)
    if rank > len(LayerNormalization.inputs[0].ranks) + 1 or OPEN in [x.size(axis) for axis in axes]:
        named = f"axis=({', '.join(map(str, axes))},), keepdims=True"
        top = f"(x - mean(x, {named}))" if one.attributes["centered"] else "x"
        return r.add(Lambda(f"{top} / sqrt(mean(square({top}), {named}) + {epsilon!r})"), x, order=x.order)
    if one.attributes["centered"]:
        layer = LayerNormalization(axis=tuple(axes), epsilon=epsilon, center=False, scale=False)
        return r.add(layer, x, order=x.order)
    if axes != list(range(axes[0], rank)):
        x = r.plain(x)
    affordable(prod(x.size(axis) for axis in axes))
    ones = np.ones([x.size(axis) for axis in axes], np.float32)
    return r.add(RMSNormalization(tuple(axes), epsilon), x, weights={"scale": ones}, order=x.order)


@reader("LRN")
def local_response(r: Reading, one: Operation) -> Value:
    """An expression of the squares of near channels, which a fixed product adds."""
    x = r.value(one)
    axis, channels, size = x.axis(1), x.sizes[1], int(one.attributes["size"])
    if channels % OPEN == 0:
        raise Unreadable(Message("the number of its channels is not known"))
    affordable(channels**2)
    far = np.arange(channels)[:, None] - np.arange(channels)[None]
    near = ((far >= -((size - 1) // 2)) & (far <= size // 2)).astype(np.float32)
    # the sum for channel c runs from c - floor((size - 1) / 2) to c + ceil((size - 1) / 2)
    sums = mixed(r, r.add(Lambda("square(x)"), x), axis, near)
    alpha, beta = float(one.attributes.get("alpha", 1e-4)), float(one.attributes.get("beta", 0.75))
    bias = float(one.attributes.get("bias", 1.0))
    return r.add(Lambda(f"x0 / ({bias!r} + {alpha / size!r} * x1) ** {beta!r}"), x, sums, order=x.order)


@reader("InstanceNormalization", "GroupNormalization")
def group_normalization(r: Reading, one: Operation) -> Value:
    """A GroupNormalization; each channel by itself where the file names no groups."""
    x = r.value(one)
    channels = x.sizes[1]
    groups = int(one.attributes.get("num_groups", -1))
    epsilon = float(one.attributes.get("epsilon", 1e-5))
    source = r.unlaid(x)
    plain = (r.constant(one, 1) == 1).all() and not r.constant(one, 2).any()
    if groups == -1 and plain and source is not None and 2 < len(source.sizes) != len(x.sizes) == 3:
        whole = GroupNormalization(groups=channels, axis=1, epsilon=epsilon, scale=False, center=False)
        return r.reshaped(r.add(whole, source), x.sizes)
    gamma, beta = (_spread(r.constant(one, i), channels) for i in (1, 2))
    layer = GroupNormalization(groups=groups, axis=x.axis(1), epsilon=float(one.attributes.get("epsilon", 1e-5)))
    return r.add(layer, x, wanted=r.named_after(one, 1), weights={"gamma": gamma, "beta": beta}, order=x.order)


def _spread(array: Array, channels: int) -> Array:
    if not array.size or channels % array.size:
        raise Unreadable(Message("its factors are not those of its channels"))
    affordable(channels)
    return np.repeat(array.reshape(-1), channels // array.size)
