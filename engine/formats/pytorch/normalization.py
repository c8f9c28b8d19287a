"""Normalization."""

from __future__ import annotations

import numpy as np

from engine.formats.python_text import call, python
from engine.formats.pytorch.builder import Builder, Said, Weights, emitter
from engine.formats.steps import Step
from engine.kernel import Array
from graph.layers.base import Layer
from graph.layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)


@emitter(BatchNormalization)
def batch_normalization(layer: BatchNormalization, step: Step, to: Builder) -> Said:
    """Over axis 1, to which the layer's axis is brought."""
    shape = step.inferred.inputs[0]
    rank, axis = len(shape), layer.axis % len(shape)
    options = {"eps": python(layer.epsilon), "momentum": python(round(1 - layer.momentum, 12))}
    trained = layer.scale or layer.center
    options |= {} if trained else {"affine": "False"}

    def state(w: Weights) -> dict[str, Array]:
        mean = w["moving_mean"]
        found = {"running_mean": mean, "running_var": w["moving_variance"], "num_batches_tracked": np.array(0)}
        if trained:
            found |= {"weight": w.get("gamma", np.ones_like(mean)), "bias": w.get("beta", np.zeros_like(mean))}
        return found

    made = to.module(step, call(f"nn.BatchNorm{max(rank - 2, 1)}d", [str(shape[axis])], options), state)
    attribute = made.removeprefix("self.")
    if not layer.trainable:
        to.still.append(attribute)
    elif trained and not (layer.scale and layer.center):
        to.frozen.append(f"{attribute}.{'bias' if layer.scale else 'weight'}")
    if axis == rank - 1 and rank > 2:
        return Said(f"{made}({to.first(step.xs[0])})", moved=True)
    x = to.last(step.xs[0])
    return Said(f"{made}({x})" if axis == 1 else f"{made}({x}.movedim({axis}, 1)).movedim(1, {axis})")


@emitter(LayerNormalization)
def layer_normalization(layer: LayerNormalization, step: Step, to: Builder) -> str:
    shape = step.inferred.inputs[0]
    x = to.last(step.xs[0])
    if layer.axis == (-1,) and layer.scale == layer.center:
        options = {"eps": python(layer.epsilon)} | ({} if layer.scale else {"elementwise_affine": "False"})
        module = call("nn.LayerNorm", [str(shape[-1])], options)
        names = {"gamma": "weight", "beta": "bias"}
        return f"{to.module(step, module, lambda w: {names[key]: one for key, one in w.items()})}({x})"
    sizes = spread(layer, step)
    options = {key: "False" for key in ("scale", "center") if not layer.config()[key]}
    module = call("LayerNorm", [python(sizes), python(layer.axis), python(layer.epsilon)], options)
    return f"{to.module(step, module, lambda w: {key: one.reshape(sizes) for key, one in w.items()})}({x})"


def spread(layer: Layer, step: Step) -> tuple[int, ...]:
    """The sizes of the weights of a normalization against its input."""
    shape = step.inferred.inputs[0]
    axes = {axis % len(shape) for axis in layer.config()["axis"]}
    return tuple((n or 1) if axis in axes else 1 for axis, n in enumerate(shape))


@emitter(GroupNormalization)
def group_normalization(layer: GroupNormalization, step: Step, to: Builder) -> Said:
    shape = step.inferred.inputs[0]
    axis = layer.axis % len(shape)
    channels = shape[axis] or 1
    groups = channels if layer.groups == -1 else layer.groups
    trained = layer.scale or layer.center
    options = {"eps": python(layer.epsilon)} | ({} if trained else {"affine": "False"})

    def state(w: Weights) -> dict[str, Array]:
        one = next(iter(w.values()))
        return {"weight": w.get("gamma", np.ones_like(one)), "bias": w.get("beta", np.zeros_like(one))}

    made = to.module(step, call("nn.GroupNorm", [str(groups), str(channels)], options), state if trained else None)
    if trained and layer.trainable and not (layer.scale and layer.center):
        to.frozen.append(f"{made.removeprefix('self.')}.{'bias' if layer.scale else 'weight'}")
    if axis == len(shape) - 1 and len(shape) > 2:
        return Said(f"{made}({to.first(step.xs[0])})", moved=True)
    x = to.last(step.xs[0])
    return Said(f"{made}({x})" if axis == 1 else f"{made}({x}.movedim({axis}, 1)).movedim(1, {axis})")


@emitter(RMSNormalization)
def rms_normalization(layer: RMSNormalization, step: Step, to: Builder) -> str:
    sizes = spread(layer, step)
    module = f"RMSNorm({python(sizes)}, {python(layer.axis)}, {layer.epsilon!r})"
    return f"{to.module(step, module, lambda w: {'scale': w['scale'].reshape(sizes)})}({to.last(step.xs[0])})"


@emitter(UnitNormalization)
def unit_normalization(layer: UnitNormalization, step: Step, to: Builder) -> str:
    return f"unit_normalize({to.last(step.xs[0])}, {python(layer.axis)})"
