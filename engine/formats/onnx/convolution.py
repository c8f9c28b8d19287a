"""Convolutions: ONNX has channels first, and filters as (out, in, sizes)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Tensor
from engine.formats.onnx.emit import Place, emitter
from engine.kernel import Array
from graph.layers.axes import channels_last
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
from graph.layers.transposed import Conv1DTranspose, Conv2DTranspose, Transposed
from graph.layers.windows import pads
from graph.message import Message
from graph.problem import FileProblem


def first(at: Place, x: Tensor, rank: int, data_format: str) -> Tensor:
    """`x` with its channels first."""
    return x if data_format == "channels_first" else at.draft.transpose(x, (0, rank - 1, *range(1, rank - 1)))


def back(at: Place, y: Tensor, rank: int, data_format: str) -> Tensor:
    """`y`, whose channels are first, as `data_format` has it."""
    return y if data_format == "channels_first" else at.draft.transpose(y, (0, *range(2, rank), 1))


def filters(kernel: Array) -> Array:
    """(sizes, in, out) as (out, in, sizes)."""
    n = kernel.ndim - 2
    return kernel.transpose(n + 1, n, *range(n))


def single(kernel: Array) -> Array:
    """(sizes, in, multiplier), each filter for one channel, as (in multiplier, 1, sizes)."""
    *sizes, channels, multiplier = kernel.shape
    return filters(kernel.reshape(*sizes, 1, channels * multiplier))


def padded(
    at: Place,
    sizes: Sequence[int | None],
    windows: Sequence[int],
    strides: Sequence[int],
    dilation: Sequence[int],
    padding: str,
) -> dict[str, Any]:
    """What ONNX calls a padding: zeros before and behind every axis of `sizes`.

    Where they depend on a size that is open, ONNX Runtime finds them when it runs. It cannot where it would have to cut
    something off, as strides above the window ask for.
    """
    if padding == "valid":
        return {}
    found = []
    for n, k, s, d in zip(sizes, windows, strides, dilation, strict=True):
        follows = padding == "causal" or s == 1 or k == 1
        found.append(pads((k - 1) * d + 1 if n is None else n, k, s, d, padding) if follows or n is not None else None)
    known = [pair for pair in found if pair is not None]
    if len(known) == len(found):
        return {"pads": [*(before for before, _ in known), *(behind for _, behind in known)]}
    if any(s > k for k, s in zip(windows, strides, strict=True)):
        text = Message("{name}: ONNX cannot pad an open size for strides above the window.", name=at.name)
        raise FileProblem(text, Message("State the whole shape in the Input node, or use padding='valid'."))
    return {"auto_pad": "SAME_UPPER"}


def slide(at: Place, layer: Dilated, x: Tensor, w: Tensor, *bias: Tensor, group: int = 1) -> Tensor:
    """The filters `w` over `x`, whose channels are first, as a layer says it."""
    sizes = channels_last(at.shape, layer.data_format)[1:-1]
    said = padded(at, sizes, layer.kernel_size, layer.strides, layer.dilation_rate, layer.padding)
    return at.draft.op(
        "Conv",
        x,
        w,
        *bias,
        kernel_shape=list(layer.kernel_size),
        strides=list(layer.strides),
        dilations=list(layer.dilation_rate),
        group=group,
        **said,
    )


def bias(at: Place) -> tuple[Tensor, ...]:
    """The bias as an input that may be missing."""
    return (at.weight("bias"),) if at.has("bias") else ()


@emitter(Conv1D, Conv2D, Conv3D)
def convolution(layer: Convolution, at: Place) -> Tensor:
    """One operator, between two transpositions where channels are last."""
    rank = len(at.shape)
    x = first(at, at.x, rank, layer.data_format)
    y = slide(at, layer, x, at.weight("kernel", filters), *bias(at), group=layer.groups)
    return back(at, y, rank, layer.data_format)


@emitter(DepthwiseConv1D, DepthwiseConv2D)
def depthwise(layer: Depthwise, at: Place) -> Tensor:
    """As many groups as channels."""
    rank = len(at.shape)
    x = first(at, at.x, rank, layer.data_format)
    y = slide(at, layer, x, at.weight("kernel", single), *bias(at), group=layer.channels(at.shapes))
    return back(at, y, rank, layer.data_format)


@emitter(SeparableConv1D, SeparableConv2D)
def separable(layer: Separable, at: Place) -> Tensor:
    """One for the channels, one that mixes them."""
    rank = len(at.shape)
    x = first(at, at.x, rank, layer.data_format)
    deep = slide(at, layer, x, at.weight("depthwise_kernel", single), group=layer.channels(at.shapes))
    y = at.draft.op("Conv", deep, at.weight("pointwise_kernel", filters), *bias(at))
    return back(at, y, rank, layer.data_format)


@emitter(Conv1DTranspose, Conv2DTranspose)
def transposed(layer: Transposed, at: Place) -> Tensor:
    """What is cut off before and behind follows from the size that Keras gives; none of it depends on the input's."""
    rank = len(at.shape)
    x = first(at, at.x, rank, layer.data_format)
    before, behind, more = [], [], []
    for axis in range(rank - 2):
        k, d = layer.kernel_size[axis], layer.dilation_rate[axis]
        cut, size = layer.along(1, axis)
        left = size - ((k - 1) * d + 1 - cut)
        before.append(cut)
        behind.append(max(-left, 0))
        more.append(max(left, 0))
    fits = all(extra < max(s, d) for extra, s, d in zip(more, layer.strides, layer.dilation_rate, strict=True))
    y = at.draft.op(
        "ConvTranspose",
        x,
        at.weight("kernel", lambda kernel: np.moveaxis(kernel, (-1, -2), (0, 1))),
        *(bias(at) if fits else ()),
        kernel_shape=list(layer.kernel_size),
        strides=list(layer.strides),
        dilations=list(layer.dilation_rate),
        pads=[*before, *behind],
        **({"output_padding": more} if fits else {}),
    )
    if not fits:
        zeros = [0] * (rank - 2)
        y = at.draft.op("Pad", y, at.draft.ints(0, 0, *zeros, 0, 0, *more))
        for b in bias(at):
            y = at.draft.op("Add", y, at.draft.unsqueeze(b, *range(1, rank - 1)))
    return back(at, y, rank, layer.data_format)
