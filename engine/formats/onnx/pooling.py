"""Windows and whole images: their largest, mean and sum."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from engine.formats.onnx.convolution import back, first, padded
from engine.formats.onnx.draft import Tensor
from engine.formats.onnx.emit import Place, emitter
from graph.layers import pooling, sum_pooling
from graph.layers.axes import channels_last
from graph.layers.pooling import GlobalPooling, Pooling


def windows(layer: Pooling, at: Place) -> dict[str, Any]:
    """The attributes of a window."""
    size = layer.pool_size
    strides = layer.strides or size
    sizes = channels_last(at.shape, layer.data_format)[1:-1]
    said = padded(at, sizes, size, strides, (1,) * len(size), layer.padding)
    return {"kernel_shape": list(size), "strides": list(strides), **said}


@emitter(pooling.MaxPooling1D, pooling.MaxPooling2D, pooling.MaxPooling3D)
def largest(layer: Pooling, at: Place) -> Tensor:
    """MaxPool, for which padding is never the largest."""
    rank = len(at.shape)
    y = at.draft.op("MaxPool", first(at, at.x, rank, layer.data_format), **windows(layer, at))
    return back(at, y, rank, layer.data_format)


@emitter(pooling.AveragePooling1D, pooling.AveragePooling2D, pooling.AveragePooling3D)
def mean(layer: Pooling, at: Place) -> Tensor:
    """AveragePool; padding does not count."""
    rank = len(at.shape)
    x = first(at, at.x, rank, layer.data_format)
    return back(at, at.draft.op("AveragePool", x, count_include_pad=0, **windows(layer, at)), rank, layer.data_format)


@emitter(sum_pooling.SumPooling1D, sum_pooling.SumPooling2D, sum_pooling.SumPooling3D)
def total(layer: Pooling, at: Place) -> Tensor:
    """The mean, padding counted, times the values of a window."""
    rank = len(at.shape)
    x = first(at, at.x, rank, layer.data_format)
    y = at.draft.op("AveragePool", x, count_include_pad=1, **windows(layer, at))
    return back(at, at.draft.op("Mul", y, at.draft.constant(prod(layer.pool_size))), rank, layer.data_format)


def places(layer: GlobalPooling, at: Place) -> list[int]:
    """The axes that are no channels."""
    rank = len(at.shape)
    return list(range(2, rank) if layer.data_format == "channels_first" else range(1, rank - 1))


@emitter(pooling.GlobalMaxPooling1D, pooling.GlobalMaxPooling2D, pooling.GlobalMaxPooling3D)
def largest_of_all(layer: GlobalPooling, at: Place) -> Tensor:
    """ReduceMax"""
    return at.draft.reduce("Max", at.x, places(layer, at), layer.keepdims)


@emitter(sum_pooling.GlobalSumPooling1D, sum_pooling.GlobalSumPooling2D, sum_pooling.GlobalSumPooling3D)
def total_of_all(layer: GlobalPooling, at: Place) -> Tensor:
    """ReduceSum"""
    return at.draft.reduce("Sum", at.x, places(layer, at), layer.keepdims)


@emitter(pooling.GlobalAveragePooling2D, pooling.GlobalAveragePooling3D)
def mean_of_all(layer: GlobalPooling, at: Place) -> Tensor:
    """ReduceMean"""
    return at.draft.reduce("Mean", at.x, places(layer, at), layer.keepdims)


@emitter(pooling.GlobalAveragePooling1D)
def mean_of_steps(layer: GlobalPooling, at: Place) -> Tensor:
    """The mean of the steps that are there; 0 where none is."""
    mask = at.masks[0]
    if mask is None or layer.data_format == "channels_first":
        return mean_of_all(layer, at)
    m = at.draft.unsqueeze(at.draft.cast(mask.tensor, np.float32), -1)
    total = at.draft.reduce("Sum", at.draft.op("Mul", at.x, m), [1], layer.keepdims)
    count = at.draft.reduce("Sum", m, [1], layer.keepdims)
    return at.draft.op("Div", total, at.draft.op("Max", count, at.draft.constant(1.0)))
