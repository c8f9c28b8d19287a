"""Products, look-ups, masks, and layers that do nothing once training is over."""

from __future__ import annotations

import numpy as np

from engine.formats.onnx.draft import Tensor
from engine.formats.onnx.emit import Place, emitter, mask_maker
from graph.layers.base import Layer
from graph.layers.core import Dense, Embedding, Identity
from graph.layers.endpoints import Input, Output
from graph.layers.masking import Masking
from graph.layers.normalization import Rescaling
from graph.layers.regularization import (
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)


@emitter(
    Input,
    Output,
    Identity,
    ActivityRegularization,
    AlphaDropout,
    Dropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
)
def same(layer: Layer, at: Place) -> Tensor:
    """What comes in."""
    return at.x


@emitter(Dense)
def dense(layer: Dense, at: Place) -> Tensor:
    """x w + b"""
    y = at.draft.op("MatMul", at.x, at.weight("kernel"))
    return at.draft.op("Add", y, at.weight("bias")) if layer.use_bias else y


@emitter(Embedding)
def embedding(layer: Embedding, at: Place) -> Tensor:
    """The rows of a matrix; numbers beyond its ends take the row there."""
    place = at.draft.cast(at.x, np.int64)
    last = layer.input_dim - 1
    inside = at.draft.op("Clip", place, at.draft.constant(0, np.int64), at.draft.constant(last, np.int64))
    return at.draft.op("Gather", at.weight("embeddings"), inside, axis=0)


@mask_maker(Embedding)
def words(layer: Embedding, at: Place) -> Tensor:
    """0 is no word."""
    return at.draft.op("Not", at.draft.op("Equal", at.x, at.draft.constant(0.0)))


@mask_maker(Masking)
def differing(layer: Masking, at: Place) -> Tensor:
    """A step is there where any feature is not the value that pads."""
    equal = at.draft.op("Equal", at.x, at.draft.constant(layer.mask_value))
    padding = at.draft.reduce("Min", at.draft.cast(equal, np.float32), [-1], keepdims=False)
    return at.draft.op("Not", at.draft.cast(padding, np.bool_))


@emitter(Masking)
def masking(layer: Masking, at: Place) -> Tensor:
    """0 in the steps that are padding."""
    mask = at.draft.cast(differing(layer, at), np.float32)
    return at.draft.op("Mul", at.x, at.draft.unsqueeze(mask, -1))


@emitter(Rescaling)
def rescaling(layer: Rescaling, at: Place) -> Tensor:
    """x scale + offset"""
    y = at.draft.op("Mul", at.x, at.draft.constant(layer.scale))
    return at.draft.op("Add", y, at.draft.constant(layer.offset))
