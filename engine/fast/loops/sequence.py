"""All steps of a layer with memory, with the products of its state in tiles: no step goes back to the interpreter.

The axes are those of `engine.kernels.sequence`; w is (U, gates × U), float32, with units by eights and samples by
sixteens. `none` are zeros, one for each sample.
"""

from __future__ import annotations

from engine.fast.loops.compiled import compiled, inside
from engine.fast.loops.convolution import at, tile
from engine.fast.loops.memory import gru_back, gru_step, lstm_back, lstm_step
from engine.kernel import Array

ROWS = 8


@inside
def from_state(w: Array, h: Array, t: int, none: Array, u: Array) -> None:
    """u[t] = wᵀ h[:, t]"""
    units, columns = w.shape
    steps, batch = h.shape[1], h.shape[2]
    wide = 32 if batch % 32 == 0 else 16
    for n in range(0, columns, ROWS):
        for s in range(0, batch, wide):
            out = at(u, (t * columns + n) * batch + s)
            by_unit = (0, steps * batch)
            tile(wide, at(w, n), (1, 0, columns), at(h, t * batch + s), by_unit, (1, units), at(none, 0), 0, out, batch)


@inside
def to_state(w: Array, dz: Array, none: Array, dh: Array) -> None:
    """dh = w dz"""
    units, columns = w.shape
    batch = dh.shape[1]
    wide = 32 if batch % 32 == 0 else 16
    for n in range(0, units, ROWS):
        for s in range(0, batch, wide):
            rows, out = (columns, 0, 1), at(dh, n * batch + s)
            tile(wide, at(w, n * columns), rows, at(dz, s), (0, batch), (1, columns), at(none, 0), 0, out, batch)


@inside
def add_step(dy: Array, t: int, dh: Array) -> None:
    """dh += dy[:, t]"""
    for n in range(dh.shape[0]):
        for s in range(dh.shape[1]):
            dh[n, s] += dy[n, t, s]


@compiled
def lstm_sequence(w: Array, z: Array, none: Array, u: Array, c: Array, a: Array, h: Array) -> None:
    """All steps of an LSTM: see `lstm_step`."""
    for t in range(u.shape[0]):
        from_state(w, h, t, none, u)
        lstm_step(z, u, c, a, h, t)


@compiled
def lstm_sequence_back(
    w: Array,
    u: Array,
    c: Array,
    a: Array,
    dy: Array,
    each: bool,
    none: Array,
    dh: Array,
    dc: Array,
    z: Array,
    dz: Array,
) -> None:
    """All steps back: see `lstm_back`. `each`: every step has a slope of its own in dy."""
    for t in range(u.shape[0] - 1, -1, -1):
        if each:
            add_step(dy, t, dh)
        lstm_back(u, c, a, dh, dc, z, dz, t)
        to_state(w, dz, none, dh)


@compiled
def gru_sequence(w: Array, z: Array, b: Array, none: Array, u: Array, q: Array, h: Array) -> None:
    """All steps of a GRU: see `gru_step`."""
    for t in range(u.shape[0]):
        from_state(w, h, t, none, u)
        gru_step(z, b, u, q, h, t)


@compiled
def gru_sequence_back(
    w: Array,
    u: Array,
    q: Array,
    h: Array,
    dy: Array,
    each: bool,
    none: Array,
    dh: Array,
    kept: Array,
    z: Array,
    dq: Array,
    dz: Array,
) -> None:
    """All steps back: see `gru_back`. `each`: every step has a slope of its own in dy."""
    for t in range(u.shape[0] - 1, -1, -1):
        if each:
            add_step(dy, t, dh)
        gru_back(u, q, h, dh, kept, z, dq, dz, t)
        to_state(w, dz, none, dh)
        for n in range(dh.shape[0]):
            for s in range(dh.shape[1]):
                dh[n, s] += kept[n, s]
