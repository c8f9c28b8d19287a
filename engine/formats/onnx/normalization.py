"""Layers that bring values to a common scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.formats.onnx.draft import Tensor
from engine.formats.onnx.emit import Place, emitter
from graph.layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)

SHORTEST = 1e-12


@emitter(BatchNormalization)
def batch(layer: BatchNormalization, at: Place) -> Tensor:
    """BatchNormalization, which has its channels behind the batch."""
    rank = len(at.shape)
    axis = layer.axis % rank
    order = [0, axis, *(i for i in range(1, rank) if i != axis)]
    channels = at.shape[axis] or 1
    y = at.draft.op(
        "BatchNormalization",
        at.draft.transpose(at.x, order),
        at.weight("gamma") if layer.scale else at.draft.constant(np.ones(channels)),
        at.weight("beta") if layer.center else at.draft.constant(np.zeros(channels)),
        at.weight("moving_mean"),
        at.weight("moving_variance"),
        epsilon=layer.epsilon,
    )
    return at.draft.transpose(y, np.argsort(order).tolist())


@emitter(LayerNormalization)
def along(layer: LayerNormalization, at: Place) -> Tensor:
    """LayerNormalization where the axes are the last ones, else what it stands for."""
    rank = len(at.shape)
    axes = sorted(axis % rank for axis in layer.axis)
    if axes == list(range(axes[0], rank)) and layer.scale:
        trained = [at.weight("gamma"), *([at.weight("beta")] if layer.center else [])]
        return at.draft.op("LayerNormalization", at.x, *trained, axis=axes[0], epsilon=layer.epsilon)
    y = standard(at, at.x, axes, layer.epsilon)
    return scaled(at, y, [(at.shape[axis] or 1) if axis in axes else 1 for axis in range(axes[0], rank)])


@emitter(GroupNormalization)
def grouped(layer: GroupNormalization, at: Place) -> Tensor:
    """Channels as groups, each with mean 0 and variance 1 over all its places."""
    rank = len(at.shape)
    axis = layer.axis % rank
    channels = at.shape[axis] or 1
    groups = channels if layer.groups == -1 else layer.groups
    behind = at.shape[axis + 1 :]
    if sum(n is None for n in at.shape[1:]) > 1:
        laid = [at.draft.size(at.x, i) if n is None else n for i, n in enumerate(behind, start=axis + 1)]
    else:
        laid = [-1 if n is None else n for n in behind]
    split = at.draft.reshape(at.x, [*(0 for _ in at.shape[:axis]), groups, channels // groups, *laid])
    over = [i for i in range(1, rank + 1) if i != axis]
    y = standard(at, split, over, layer.epsilon)
    y = at.draft.op("Reshape", y, at.draft.op("Shape", at.x))
    return scaled(at, y, [channels, *(1 for _ in behind)])


@emitter(RMSNormalization)
def by_root(layer: RMSNormalization, at: Place) -> Tensor:
    """x / sqrt(mean x² + epsilon)"""
    axes = sorted(axis % len(at.shape) for axis in layer.axis)
    square = at.draft.reduce("Mean", at.draft.op("Mul", at.x, at.x), axes, keepdims=True)
    root = at.draft.op("Sqrt", at.draft.op("Add", square, at.draft.constant(layer.epsilon)))
    return at.draft.op("Mul", at.draft.op("Div", at.x, root), at.weight("scale"))


@emitter(UnitNormalization)
def by_length(layer: UnitNormalization, at: Place) -> Tensor:
    """x divided by its length"""
    return unit(at, at.x, sorted(axis % len(at.shape) for axis in layer.axis))


def unit(at: Place, x: Tensor, axes: Sequence[int]) -> Tensor:
    """`x` brought to length 1 along axes."""
    total = at.draft.reduce("Sum", at.draft.op("Mul", x, x), axes, keepdims=True)
    length = at.draft.op("Max", at.draft.op("Sqrt", total), at.draft.constant(SHORTEST))
    return at.draft.op("Div", x, length)


def standard(at: Place, x: Tensor, axes: Sequence[int], epsilon: float) -> Tensor:
    """`x` with mean 0 and variance 1 over axes."""
    centred = at.draft.op("Sub", x, at.draft.reduce("Mean", x, axes, keepdims=True))
    variance = at.draft.reduce("Mean", at.draft.op("Mul", centred, centred), axes, keepdims=True)
    return at.draft.op("Div", centred, at.draft.op("Sqrt", at.draft.op("Add", variance, at.draft.constant(epsilon))))


def scaled(at: Place, y: Tensor, sizes: Sequence[int]) -> Tensor:
    """`y` by the trained factors and offsets, laid out as `sizes` against its last axes."""
    if at.has("gamma"):
        y = at.draft.op("Mul", y, at.weight("gamma", lambda array: array.reshape(sizes)))
    return at.draft.op("Add", y, at.weight("beta", lambda array: array.reshape(sizes))) if at.has("beta") else y
