"""Convolution and pooling."""

from __future__ import annotations

from math import prod

from engine.formats.python_text import call, python
from engine.formats.pytorch.builder import Builder, Said, Weights, emitter, filters, source, spatial
from engine.formats.steps import Step
from engine.kernel import Array
from graph.layers.convolution import Conv1D, Conv2D, Conv3D, Convolution
from graph.layers.depthwise import (
    Depthwise,
    DepthwiseConv1D,
    DepthwiseConv2D,
    Separable,
    SeparableConv1D,
    SeparableConv2D,
)
from graph.layers.filters import Dilated
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


def convolving(layer: Dilated, channels: int, made: int, groups: int, bias: bool) -> str:
    """The module of a convolution. Where the padding is not as PyTorch has it, the input is padded before."""
    options: dict[str, str] = {}
    if max(layer.strides) > 1:
        options["stride"] = source(layer.strides)
    if max(layer.dilation_rate) > 1:
        options["dilation"] = source(layer.dilation_rate)
    if layer.padding == "same" and max(layer.strides) == 1:
        options["padding"] = python("same")
    if groups > 1:
        options["groups"] = str(groups)
    if not bias:
        options["bias"] = "False"
    return call(f"nn.Conv{len(layer.kernel_size)}d", [str(channels), str(made), source(layer.kernel_size)], options)


def edged(layer: Dilated, x: str) -> str:
    """The input of a convolution, padded where the module does not do it."""
    if layer.padding == "causal":
        return f"F.pad({x}, ({(layer.kernel_size[0] - 1) * layer.dilation_rate[0]}, 0))"
    if layer.padding == "same" and max(layer.strides) > 1:
        return call("pad_same", [x, python(layer.kernel_size), python(layer.strides)], {})
    return x


def channels_of(layer: Dilated, step: Step) -> int:
    """How many channels come in."""
    return layer.channels(step.inferred.inputs)


def with_bias(weights: Weights, weight: Array) -> dict[str, Array]:
    """The state of a module with this weight."""
    return {"weight": weight} | ({"bias": weights["bias"]} if "bias" in weights else {})


def deep(kernel: Array) -> Array:
    """Filters of one channel each: (*size, in, multiplier) as (in multiplier, 1, *size)."""
    *size, channels, multiplier = kernel.shape
    return filters(kernel.reshape(*size, 1, channels * multiplier))


@emitter(Conv1D, Conv2D, Conv3D)
def convolution(layer: Convolution, step: Step, to: Builder) -> Said:
    module = convolving(layer, channels_of(layer, step), layer.filters, layer.groups, layer.use_bias)
    made = to.module(step, module, lambda w: with_bias(w, filters(w["kernel"])))
    return spatial(layer, step, to, lambda x: f"{made}({edged(layer, x)})")


@emitter(DepthwiseConv1D, DepthwiseConv2D)
def depthwise(layer: Depthwise, step: Step, to: Builder) -> Said:
    channels = channels_of(layer, step)
    module = convolving(layer, channels, channels * layer.depth_multiplier, channels, layer.use_bias)
    made = to.module(step, module, lambda w: with_bias(w, deep(w["kernel"])))
    return spatial(layer, step, to, lambda x: f"{made}({edged(layer, x)})")


@emitter(SeparableConv1D, SeparableConv2D)
def separable(layer: Separable, step: Step, to: Builder) -> Said:
    channels = channels_of(layer, step)
    mixed = channels * layer.depth_multiplier
    first = convolving(layer, channels, mixed, channels, False)
    bias = {} if layer.use_bias else {"bias": "False"}
    second = call(f"nn.Conv{len(layer.kernel_size)}d", [str(mixed), str(layer.filters), "1"], bias)

    def state(w: Weights) -> dict[str, Array]:
        pointwise = with_bias(w, filters(w["pointwise_kernel"]))
        return {"0.weight": deep(w["depthwise_kernel"])} | {f"1.{name}": one for name, one in pointwise.items()}

    made = to.module(step, call("nn.Sequential", [first, second], {}), state)
    return spatial(layer, step, to, lambda x: f"{made}({edged(layer, x)})")


@emitter(Conv1DTranspose, Conv2DTranspose)
def transposed(layer: Transposed, step: Step, to: Builder) -> Said:
    """What is cut off an axis does not hang on its size: PyTorch cuts as much on both sides, and adds at the end."""
    before, behind = [], []
    for axis, (k, s, d) in enumerate(zip(layer.kernel_size, layer.strides, layer.dilation_rate, strict=True)):
        cut, size = layer.along(100, axis)
        before.append(cut)
        behind.append(99 * s + (k - 1) * d + 1 - cut - size)
    more = [max(-b, 0) for b in behind]
    options = {"stride": source(layer.strides)} | (
        {"dilation": source(layer.dilation_rate)} if max(layer.dilation_rate) > 1 else {}
    )
    if any(more):
        options["output_padding"] = source(tuple(more))
    options |= {} if layer.use_bias else {"bias": "False"}
    sizes = [str(channels_of(layer, step)), str(layer.filters), source(layer.kernel_size)]
    made = to.module(
        step,
        call(f"nn.ConvTranspose{len(layer.kernel_size)}d", sizes, options),
        lambda w: with_bias(w, filters(w["kernel"])),
    )
    kept = [f"{a or ''}:{-max(b, 0) or ''}" for a, b in zip(before, behind, strict=True)]
    cut_off = "" if set(kept) == {":"} else f"[:, :, {', '.join(kept)}]"
    return spatial(layer, step, to, lambda x: f"{made}({x}){cut_off}")


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
def pooling(layer: Pooling, step: Step, to: Builder) -> Said:
    size, strides = source(layer.pool_size), layer.strides or layer.pool_size
    moving = [size] if strides == layer.pool_size else [size, source(strides)]
    count = prod(layer.pool_size)
    kind = "max" if "Max" in layer.key else "avg"
    function = f"F.{kind}_pool{len(layer.pool_size)}d"

    def compute(x: str) -> str:
        def pool(x: str) -> str:
            return call(function, [x, *moving], {})

        if layer.padding == "valid":
            return pool(x) if "Sum" not in layer.key else f"{pool(x)} * {count}"
        value = {"value": "-torch.inf"} if kind == "max" else {}
        padded = call("pad_same", [x, python(layer.pool_size), python(strides)], value)
        if kind == "max":
            return pool(padded)
        if "Sum" in layer.key:
            return f"{pool(padded)} * {count}"
        there = call("pad_same", [f"torch.ones_like({x})", python(layer.pool_size), python(strides)], {})
        return f"{pool(padded)} / {pool(there)}"

    return spatial(layer, step, to, compute)


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
def global_pooling(layer: GlobalPooling, step: Step, to: Builder) -> Said | str:
    if layer.mask_rule.reads and step.masks[0] is not None:
        kept = {"keepdims": "True"} if layer.keepdims else {}
        return call("masked_mean", [to.last(step.xs[0]), step.masks[0].text], kept)
    kept = {"keepdim": "True"} if layer.keepdims else {}
    method = next(of for kind, of in {"Max": "amax", "Average": "mean", "Sum": "sum"}.items() if kind in layer.key)
    moved = step.xs[0] in to.moved and layer.data_format == "channels_last"
    x = step.xs[0] if moved else to.last(step.xs[0])
    first = moved or layer.data_format == "channels_first"
    axes = tuple(range(1 + first, len(step.inferred.inputs[0]) - 1 + first))
    return Said(call(f"{x}.{method}", [python(axes)], kept), moved and layer.keepdims)
