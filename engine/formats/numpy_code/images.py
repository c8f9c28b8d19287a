"""Convolution, pooling and normalization."""

from __future__ import annotations

from typing import Any

from engine.formats.numpy_code.core import last
from engine.formats.numpy_code.emitter import calling, emitter, weights_of
from engine.formats.python_text import call, python
from engine.formats.steps import Step
from graph.layers.axes import channels_last
from graph.layers.convolution import Conv1D, Conv2D, Conv3D, Convolution
from graph.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from graph.layers.filters import Dilated
from graph.layers.normalization import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    Rescaling,
    RMSNormalization,
    UnitNormalization,
)
from graph.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    GlobalPooling,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    Pooling,
)
from graph.layers.sum_pooling import (
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)
from graph.layers.transposed import Conv1DTranspose, Conv2DTranspose, Transposed


def slid(layer: Dilated) -> dict[str, Any]:
    """The options of a window that slides, those that differ from the function's own."""
    options: dict[str, Any] = {}
    if max(layer.strides) > 1:
        options["strides"] = layer.strides
    if max(layer.dilation_rate) > 1:
        options["dilation"] = layer.dilation_rate
    if layer.padding != "valid":
        options["padding"] = layer.padding
    return options


@emitter(Conv1D, Conv2D, Conv3D)
def convolution(layer: Convolution, step: Step) -> str:
    options = slid(layer) | ({"groups": layer.groups} if layer.groups > 1 else {})
    return last(layer, lambda x: calling(step, "convolve", (x,), **options), step.xs[0])


@emitter(DepthwiseConv1D, DepthwiseConv2D)
def depthwise(layer: Dilated, step: Step) -> str:
    return last(layer, lambda x: calling(step, "convolve_depthwise", (x,), **slid(layer)), step.xs[0])


@emitter(SeparableConv1D, SeparableConv2D)
def separable(layer: Dilated, step: Step) -> str:
    return last(layer, lambda x: calling(step, "convolve_separable", (x,), **slid(layer)), step.xs[0])


@emitter(Conv1DTranspose, Conv2DTranspose)
def transposed(layer: Transposed, step: Step) -> str:
    """What is cut off before an axis does not hang on its size, and what is left of it grows with it."""
    sizes = channels_last(step.inferred.inputs[0], layer.data_format)[1:-1]
    cut = tuple(layer.along(n or 1, axis)[0] for axis, n in enumerate(sizes))
    at = [axis + (2 if layer.data_format == "channels_first" else 1) for axis in range(len(sizes))]
    left = [
        python(layer.along(n, axis)[1])
        if n is not None
        else f"{step.xs[0]}.shape[{at[axis]}] * {layer.strides[axis]} + {layer.along(1, axis)[1] - layer.strides[axis]}"
        for axis, n in enumerate(sizes)
    ]
    options = {
        "strides": python(layer.strides),
        "dilation": python(layer.dilation_rate),
        "cut": python(cut),
        "sizes": f"({', '.join(left)},)",
    }
    return last(layer, lambda x: call("convolve_transposed", [x, weights_of(step)], options), step.xs[0])


@emitter(
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    SumPooling1D,
    SumPooling2D,
    SumPooling3D,
)
def pooling(layer: Pooling, step: Step) -> str:
    kind = next(kind for kind in ("max", "average", "sum") if layer.key.lower().startswith(kind))
    options = [python(layer.pool_size), python(layer.strides or layer.pool_size)]
    options += [python(layer.padding)] if layer.padding != "valid" else []
    return last(layer, lambda x: call(f"{kind}_pool", [x, *options], {}), step.xs[0])


@emitter(
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    GlobalSumPooling1D,
    GlobalSumPooling2D,
    GlobalSumPooling3D,
)
def global_pooling(layer: GlobalPooling, step: Step) -> str:
    kept = {"keepdims": "True"} if layer.keepdims else {}
    if layer.mask_rule.reads and step.masks[0] is not None:
        return call("masked_mean", [step.xs[0], step.masks[0].text], kept)
    method = next(of for kind, of in {"Max": "max", "Average": "mean", "Sum": "sum"}.items() if kind in layer.key)
    first = layer.data_format == "channels_first"
    axes = tuple(range(1 + first, len(step.inferred.inputs[0]) - 1 + first))
    return call(f"{step.xs[0]}.{method}", [python(axes)], kept)


@emitter(Rescaling)
def rescaling(layer: Rescaling, step: Step) -> str:
    return f"{step.xs[0]} * {layer.scale!r} + {layer.offset!r}"


@emitter(BatchNormalization)
def batch_normalization(layer: BatchNormalization, step: Step) -> str:
    return calling(step, "batch_normalize", **axis_of(layer.axis, -1), **epsilon(layer.epsilon, 1e-3))


@emitter(LayerNormalization)
def layer_normalization(layer: LayerNormalization, step: Step) -> str:
    return calling(step, "layer_normalize", **axis_of(layer.axis, (-1,)), **epsilon(layer.epsilon, 1e-3))


@emitter(GroupNormalization)
def group_normalization(layer: GroupNormalization, step: Step) -> str:
    groups = (step.inferred.inputs[0][layer.axis] or 1) if layer.groups == -1 else layer.groups
    return calling(step, "group_normalize", groups=groups, **axis_of(layer.axis, -1), **epsilon(layer.epsilon, 1e-3))


@emitter(RMSNormalization)
def rms_normalization(layer: RMSNormalization, step: Step) -> str:
    return calling(step, "rms_normalize", **axis_of(layer.axis, (-1,)), **epsilon(layer.epsilon, 1e-6))


@emitter(UnitNormalization)
def unit_normalization(layer: UnitNormalization, step: Step) -> str:
    return calling(step, "unit_normalize", axis=layer.axis)


def axis_of(axis: object, usual: object) -> dict[str, Any]:
    """The axis where it is not the usual one."""
    return {} if axis == usual else {"axis": axis}


def epsilon(value: float, usual: float) -> dict[str, Any]:
    """The epsilon where it is not the usual one."""
    return {} if value == usual else {"epsilon": value}
