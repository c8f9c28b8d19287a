"""LSTMs whose products are convolutions: one over all steps for the input, and a Scan of those of the state."""

from __future__ import annotations

from collections.abc import Sequence

from engine.formats.onnx.convolution import filters, padded
from engine.formats.onnx.draft import Draft, Tensor
from engine.formats.onnx.emit import Place, emitter
from engine.formats.onnx.recurrent import CARRIED, Sequenced, gates, laid_out, remembered, scanned
from graph.layers.axes import channels_last
from graph.layers.conv_lstm import ConvLSTM, ConvLSTM1D, ConvLSTM2D


@emitter(ConvLSTM1D, ConvLSTM2D)
def convolved(layer: ConvLSTM, at: Place) -> tuple[Tensor, ...]:
    """The outputs in the order in which the sequence is read."""
    return laid_out(layer, at, along(layer, at))


def along(layer: ConvLSTM, at: Place) -> Sequenced:
    """The sequence read by the layer, with channels first in between."""
    if layer.stateful:
        at.note(CARRIED)
    draft, rank = at.draft, len(at.shape)
    last = layer.data_format == "channels_last"
    x = draft.transpose(at.x, (0, 1, rank - 1, *range(2, rank - 1))) if last else at.x
    channels, *sizes = (at.shape[-1], *at.shape[2:-1]) if last else at.shape[2:]
    ys = layer.places((None, *at.shape[2:]), layer.filters)
    assert isinstance(ys, tuple), "the shape was inferred"
    places = [int(n or 0) for n in channels_last(ys, layer.data_format)[1:-1]]
    z = draft.op(
        "Conv",
        draft.reshape(x, [-1, *(int(n or 0) for n in (channels, *sizes))]),
        at.weight("kernel", filters),
        *([at.weight("bias")] if layer.use_bias else []),
        strides=list(layer.strides),
        dilations=list(layer.dilation_rate),
        **padded(at, sizes, layer.kernel_size, layer.strides, layer.dilation_rate, layer.padding),
    )
    batch = draft.size(at.x, 0)
    steps: int | Tensor = draft.size(at.x, 1) if at.shape[1] is None else at.shape[1]
    z = draft.reshape(z, [batch, steps, 4 * layer.filters, *places])
    zeros = draft.op("Expand", draft.constant(0.0), draft.sizes([batch, layer.filters, *places]))
    to_first = (0, rank - 2, *range(1, rank - 2))
    states = [draft.transpose(state, to_first) if last else state for state in at.xs[1:]] or [zeros, zeros]

    def cell(draft: Draft, step: Tensor, before: Sequence[Tensor]) -> Sequence[Tensor]:
        ones = (1,) * len(layer.kernel_size)
        same = padded(at, places, layer.kernel_size, ones, ones, "same")
        s = draft.op("Conv", before[0], at.weight("recurrent_kernel", filters), **same)
        parts = gates(draft, draft.op("Add", step, s), 4, layer.filters, axis=1)
        return remembered(draft, layer.activation, layer.recurrent_activation, parts, before)

    every, ends = scanned(layer, draft, z, states, at.steps, len(places) + 1, cell)
    if not last:
        return every, ends
    if every is not None:
        every = draft.transpose(every, (0, 1, *range(3, rank), 2))
    return every, tuple(draft.transpose(state, (0, *range(2, rank - 1), 1)) for state in ends)
