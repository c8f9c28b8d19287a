"""Layers with memory.

Where ONNX has the cell, with its functions, it is one operator. Else, and where a mask comes in, a Scan goes along the
steps: sequence_lens of the operators would say only that padding stands at the end, and what they give there is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Body, Draft, Tensor
from engine.formats.onnx.emit import Mask, Place, activated, emitter
from engine.kernel import Array
from graph.layers.recurrent import GRU, LSTM, Memory, Recurrent, SimpleRNN
from graph.message import Message

Cell = Callable[[Draft, Tensor, Sequence[Tensor]], Sequence[Tensor]]
"""The states behind a step, from what the input makes of it and from the states before."""
Sequenced = tuple[Tensor | None, tuple[Tensor, ...]]
"""The output of every step in the order of time, where it is wanted, and the states behind the last one read."""

NATIVE = {"tanh": "Tanh", "sigmoid": "Sigmoid", "relu": "Relu", "softsign": "Softsign", "softplus": "Softplus"}
"""The functions that the operators know under one name everywhere."""
OPERATORS: dict[type[Recurrent], tuple[str, tuple[int, ...]]] = {
    SimpleRNN: ("RNN", (0,)),
    LSTM: ("LSTM", (0, 3, 1, 2)),
    GRU: ("GRU", (0, 1, 2)),
}
"""The operator of a layer, and the order in which it has the gates."""
CARRIED = Message("The states begin at zero whenever the file is run; they are not carried from batch to batch.")


@emitter(SimpleRNN, LSTM, GRU)
def recurrent(layer: Recurrent, at: Place) -> tuple[Tensor, ...]:
    """The outputs in the order in which the sequence is read."""
    return laid_out(layer, at, along(layer, at))


def laid_out(layer: Memory, at: Place, found: Sequenced) -> tuple[Tensor, ...]:
    """What a layer gives of its steps and states."""
    steps, states = found
    y = states[0] if steps is None else at.draft.flip(steps, 1) if layer.go_backwards else steps
    return (y, *(states if layer.return_state else ()))


def along(layer: Recurrent, at: Place) -> Sequenced:
    """The sequence read by the layer."""
    if layer.stateful:
        at.note(CARRIED)
    mask = at.steps
    functions = [str(layer.config()[name]) for name in ("recurrent_activation", "activation") if name in layer.config()]
    if mask is None and all(name in NATIVE for name in functions):
        return operator(layer, at, [NATIVE[name] for name in functions])
    z = at.draft.op("MatMul", at.x, at.weight("kernel"))
    if layer.use_bias:
        own = at.draft.op("Gather", at.weight("bias"), at.draft.constant(0, np.int64), axis=0)
        z = at.draft.op("Add", z, own if is_double(layer) else at.weight("bias"))
    zeros = at.draft.op("Expand", at.draft.constant(0.0), at.draft.sizes([at.draft.size(at.x, 0), layer.units]))
    states = at.xs[1:] or (zeros,) * len(layer.states)
    return scanned(layer, at.draft, z, states, mask, 1, cells[type(layer)](layer, at))


def is_double(layer: Recurrent) -> bool:
    """Whether the state's product has a bias of its own."""
    return isinstance(layer, GRU) and layer.reset_after


def operator(layer: Recurrent, at: Place, functions: list[str]) -> Sequenced:
    """One operator; it has the steps in front, and an axis for its directions."""
    draft = at.draft
    kind, order = OPERATORS[type(layer)]

    def turned(kernel: Array) -> Array:
        return by_gate(kernel, order).T[None]

    def beside(bias: Array) -> Array:
        both = bias if bias.ndim == 2 else np.stack([bias, np.zeros_like(bias)])
        return by_gate(both, order).reshape(1, -1)

    said: dict[str, Any] = {"direction": "reverse" if layer.go_backwards else "forward", "hidden_size": layer.units}
    said["activations"] = [*functions, functions[-1]] if kind == "LSTM" else functions
    if kind == "GRU":
        said["linear_before_reset"] = int(is_double(layer))
    given = [
        draft.transpose(at.x, (1, 0, 2)),
        at.weight("kernel", turned),
        at.weight("recurrent_kernel", turned),
        at.weight("bias", beside) if layer.use_bias else "",
        "",
        *(draft.unsqueeze(state, 0) for state in at.xs[1:]),
    ]
    while not given[-1]:
        given.pop()
    steps, *states = draft.ops(kind, 1 + len(layer.states), *given, **said)
    ends = tuple(draft.squeeze(state, 0) for state in states)
    every = draft.transpose(draft.squeeze(steps, 1), (1, 0, 2)) if layer.return_sequences else None
    return every, ends


def by_gate(array: Array, order: Sequence[int]) -> Array:
    """The columns of the gates in another order."""
    parts = np.split(array, len(order), axis=-1)
    return np.concatenate([parts[i] for i in order], axis=-1)


def scanned(
    layer: Memory, draft: Draft, z: Tensor, states: Sequence[Tensor], mask: Mask | None, axes: int, cell: Cell
) -> Sequenced:
    """Every step of `z`, (N, T, ...), one after the other; at a masked one the states stay as they were.

    `axes` is how many axes a state has behind the batch.
    """
    before = [draft.name(f"{draft.scope}/state") for _ in states]
    step, there = draft.name(f"{draft.scope}/step"), draft.name(f"{draft.scope}/there")
    with draft.body() as operations:
        after = list(cell(draft, step, before))
        if mask is not None:
            seen = draft.unsqueeze(there, *range(1, 1 + axes))
            after = [draft.op("Where", seen, new, old) for new, old in zip(after, before, strict=True)]
        given = [draft.op("Identity", state) for state in after]
        shown = [draft.op("Identity", given[0])] if layer.return_sequences else []
    scans = [(step, np.float32), *([(there, np.bool_)] if mask is not None else [])]
    body = Body(
        (*((name, np.float32) for name in before), *scans),
        tuple((name, np.float32) for name in [*given, *shown]),
        tuple(operations),
    )
    direction = int(layer.go_backwards)
    made = draft.ops(
        "Scan",
        len(given) + len(shown),
        *states,
        z,
        *([mask.tensor] if mask is not None else []),
        body=body,
        num_scan_inputs=len(scans),
        scan_input_axes=[1] * len(scans),
        scan_input_directions=[direction] * len(scans),
        scan_output_axes=[1] * len(shown),
        scan_output_directions=[direction] * len(shown),
    )
    return (made[-1] if shown else None), made[: len(given)]


def gates(draft: Draft, x: Tensor, count: int, units: int, axis: int = -1) -> tuple[Tensor, ...]:
    """The parts of the gates."""
    return draft.ops("Split", count, x, draft.ints(*[units] * count), axis=axis)


def simple(layer: SimpleRNN, at: Place) -> Cell:
    """h = f(z + h⁻ r)"""

    def cell(draft: Draft, z: Tensor, states: Sequence[Tensor]) -> Sequence[Tensor]:
        s = draft.op("MatMul", states[0], at.weight("recurrent_kernel"))
        return [activated(draft, layer.activation, draft.op("Add", z, s))]

    return cell


def long(layer: LSTM, at: Place) -> Cell:
    """i, f, o = s(z + h⁻ r),  g = f(z + h⁻ r),  in the order i, f, g, o"""

    def cell(draft: Draft, z: Tensor, states: Sequence[Tensor]) -> Sequence[Tensor]:
        s = draft.op("Add", z, draft.op("MatMul", states[0], at.weight("recurrent_kernel")))
        return remembered(draft, layer.activation, layer.recurrent_activation, gates(draft, s, 4, layer.units), states)

    return cell


def remembered(
    draft: Draft, activation: str, recurrent: str, parts: Sequence[Tensor], states: Sequence[Tensor]
) -> Sequence[Tensor]:
    """c = f c⁻ + i g,  h = o f(c)"""
    i, f, o = (activated(draft, recurrent, parts[k]) for k in (0, 1, 3))
    g = activated(draft, activation, parts[2])
    c = draft.op("Add", draft.op("Mul", f, states[1]), draft.op("Mul", i, g))
    return [draft.op("Mul", o, activated(draft, activation, c)), c]


def gated(layer: GRU, at: Place) -> Cell:
    """z, r = s(x + h⁻ r),  g = f(x + r (h⁻ r + b')) or f(x + (r h⁻) r),  h = z h⁻ + (1 - z) g"""

    def cell(draft: Draft, x: Tensor, states: Sequence[Tensor]) -> Sequence[Tensor]:
        h, n = states[0], layer.units
        w = at.weight("recurrent_kernel")
        xz, xr, xg = gates(draft, x, 3, n)
        if layer.reset_after:
            s = draft.op("MatMul", h, w)
            if layer.use_bias:
                second = draft.op("Gather", at.weight("bias"), draft.constant(1, np.int64), axis=0)
                s = draft.op("Add", s, second)
            sz, sr, sg = gates(draft, s, 3, n)
        else:
            wz, wr, wg = gates(draft, w, 3, n)
            sz, sr = draft.op("MatMul", h, wz), draft.op("MatMul", h, wr)
        z = activated(draft, layer.recurrent_activation, draft.op("Add", xz, sz))
        r = activated(draft, layer.recurrent_activation, draft.op("Add", xr, sr))
        sg = draft.op("Mul", r, sg) if layer.reset_after else draft.op("MatMul", draft.op("Mul", r, h), wg)
        g = activated(draft, layer.activation, draft.op("Add", xg, sg))
        return [draft.op("Add", draft.op("Mul", z, draft.op("Sub", h, g)), g)]

    return cell


cells: dict[type[Recurrent], Callable[[Any, Place], Cell]] = {SimpleRNN: simple, LSTM: long, GRU: gated}
