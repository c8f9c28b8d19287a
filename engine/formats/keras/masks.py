"""Masks as Keras writes them: operations beside the layers that make and join them, and arguments of those that read.

What a layer does with masks is its `mask_rule`; here is only how Keras says it
(https://keras.io/guides/understanding_masking_and_padding/).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.formats.keras.calls import Sheet, Tensor
from graph.layers.attention import AdditiveAttention, Attention, MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.core import Embedding
from graph.layers.masking import Masking
from graph.layers.merge import Concatenate
from graph.layers.normalization import BatchNormalization
from graph.layers.pooling import GlobalAveragePooling1D
from graph.layers.rectifiers import Softmax
from graph.layers.recurrent import Memory
from graph.layers.wrappers import Bidirectional, TimeDistributed

Masks = Sequence[Tensor | None]

TAKE_ONE = (BatchNormalization, GlobalAveragePooling1D, Softmax, Memory, Bidirectional, TimeDistributed)
"""The layers that Keras hands the mask of their first input."""
TAKE_ALL = (Attention, AdditiveAttention)
"""The layers that it hands a list of all."""


def mask_arguments(layer: Layer, masks: Masks) -> dict[str, Any]:
    """What Keras hands the layer besides its inputs, where any of these has a mask."""
    if all(mask is None for mask in masks):
        return {}
    if isinstance(layer, MultiHeadAttention):
        names = ("query_mask", "value_mask", "key_mask")
        return {name: mask for name, mask in zip(names, masks, strict=False) if mask is not None}
    if isinstance(layer, TAKE_ALL):
        return {"mask": list(masks)}
    return {"mask": masks[0]} if isinstance(layer, TAKE_ONE) and masks[0] is not None else {}


def mask_given(sheet: Sheet, name: str, layer: Layer, xs: Sequence[Tensor], masks: Masks) -> Tensor | None:
    """The mask of the layer's first output, written down where it is computed; None where it has none."""
    rule = layer.mask_rule
    if not rule.marks([mask is not None for mask in masks]):
        return None
    if isinstance(layer, Embedding):
        return _compared(sheet, name, xs[0], 0)
    if isinstance(layer, Masking):
        there = _compared(sheet, name, xs[0], layer.mask_value)
        return _any(sheet, name, there)
    if isinstance(layer, Concatenate):
        return _side_by_side(sheet, name, layer.axis, xs, masks)
    joined, *others = [mask for mask in masks if mask is not None]
    if rule.gives == "the first":
        return masks[0]
    for mask in others:
        shape = max(joined.shape, mask.shape, key=len)
        joined = sheet.operation("LogicalOr", (joined, mask), shape, near=name, dtype="bool")
    return joined


def _compared(sheet: Sheet, name: str, x: Tensor, padding: float) -> Tensor:
    return sheet.operation("NotEqual", (x, padding), x.shape, near=name, dtype="bool")


def _any(sheet: Sheet, name: str, mask: Tensor) -> Tensor:
    return sheet.operation("Any", (mask,), mask.shape[:-1], {"axis": -1, "keepdims": False}, near=name, dtype="bool")


def _side_by_side(sheet: Sheet, name: str, axis: int, xs: Sequence[Tensor], masks: Masks) -> Tensor:
    """A step is there where it is in any of the inputs; those without a mask have all their steps."""
    wide = []
    for x, mask in zip(xs, masks, strict=True):
        if mask is None:
            one = sheet.operation("OnesLike", (x,), x.shape, {"dtype": "bool"}, near=name, dtype="bool")
        else:
            one = mask
            if len(mask.shape) < len(x.shape):
                thin = sheet.operation("ExpandDims", (mask,), (*mask.shape, 1), {"axis": -1}, near=name, dtype="bool")
                none = sheet.operation("ZerosLike", (x,), x.shape, {"dtype": "bool"}, near=name, dtype="bool")
                one = sheet.operation("LogicalOr", (thin, none), x.shape, near=name, dtype="bool")
        wide.append(one)
    joined = sheet.operation("Concatenate", (wide,), xs[0].shape, {"axis": axis}, near=name, dtype="bool")
    return _any(sheet, name, joined)
