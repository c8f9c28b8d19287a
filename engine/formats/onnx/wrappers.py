"""Layers that hold a layer: its operators, over all steps or in both directions."""

from __future__ import annotations

import numpy as np

from engine.formats.onnx import conv_lstm, recurrent
from engine.formats.onnx.draft import Draft, Tensor
from engine.formats.onnx.emit import Mask, Place, emit, emitter
from engine.formats.onnx.recurrent import Sequenced
from graph.layers.base import Layer
from graph.layers.conv_lstm import ConvLSTM
from graph.layers.recurrent import Recurrent
from graph.layers.wrappers import BACKWARD, FORWARD, Bidirectional, TimeDistributed


@emitter(TimeDistributed)
def at_every_step(layer: TimeDistributed, at: Place) -> Tensor:
    """The steps of all samples are the samples of the layer inside."""
    draft, (batch, steps, *sizes) = at.draft, at.shape
    x = draft.reshape(at.x, [-1, *found(draft, at.x, at.shape[2:], 2)])
    mask = at.masks[0]
    if mask is not None:
        within = [-1, *found(draft, at.x, at.shape[2 : mask.rank], 2)]
        mask = Mask(draft.reshape(mask.tensor, within), mask.rank - 1) if mask.rank > 2 else None
    place = at.holding(layer.layer, (x,), ((None, *sizes),), masks=(mask,))
    y = emit(layer.layer, place)[0]
    around: list[int | Tensor] = [draft.size(at.x, 0) if batch is None else batch]
    around.append(draft.size(at.x, 1) if steps is None else steps)
    return draft.reshape(y, [*around, *found(draft, y, place.ys[0][1:], 1)])


def found(draft: Draft, x: Tensor, sizes: tuple[int | None, ...], first: int) -> list[int | Tensor]:
    """Sizes of `x` from the axis `first` on; what is open is found when the graph runs."""
    return [draft.size(x, axis) if n is None else n for axis, n in enumerate(sizes, start=first)]


@emitter(Bidirectional)
def both_ways(layer: Bidirectional, at: Place) -> tuple[Tensor, ...]:
    """Two directions in the order of time, their masked steps 0 where every step is given on, and then joined."""
    draft, first = at.draft, layer.layer.config()
    count = len(layer.layer.inputs)
    ways = ((layer.layer, slice(1, count), FORWARD), (layer.backwards, slice(count, None), BACKWARD))
    ys, ends = list[Tensor](), list[Tensor]()
    mask = at.steps
    for inner, own, prefix in ways:
        xs, shapes = (at.x, *at.xs[own]), (at.shape, *at.shapes[own])
        masks = (at.masks[0], *at.masks[own])
        steps, states = along(inner, at.holding(inner, xs, shapes, masks=masks, prefix=at.prefix + prefix))
        y = states[0] if steps is None else steps
        if mask is not None and steps is not None:
            seen = draft.cast(mask.tensor, np.float32)
            y = draft.op("Mul", y, draft.unsqueeze(seen, *range(2, len(at.shape))))
        ys.append(y)
        ends += states if first["return_state"] else ()
    joined = list(ys) if layer.merge_mode is None else [join(draft, layer.merge_mode, ys)]
    if first["return_sequences"] and first["go_backwards"]:
        joined = [draft.flip(y, 1) for y in joined]
    return (*joined, *ends)


def along(layer: Layer, at: Place) -> Sequenced:
    """The sequence read in one direction."""
    if isinstance(layer, ConvLSTM):
        return conv_lstm.along(layer, at)
    assert isinstance(layer, Recurrent), "the layers with memory are of two families"
    return recurrent.along(layer, at)


def join(draft: Draft, mode: str, ys: list[Tensor]) -> Tensor:
    """The two results as one."""
    if mode == "concat":
        return draft.op("Concat", *ys, axis=-1)
    y = draft.op("Mul" if mode == "mul" else "Add", *ys)
    return draft.op("Mul", y, draft.constant(0.5)) if mode == "ave" else y
