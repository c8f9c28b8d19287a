"""All steps of a layer with memory in one call, for float32: the samples are rows, and the weights lie in panels.

Axes: T steps, B batch, I features in, U units. `read` is (T + 1, rows, depth): read[t] has the input of step t and the
state before it, each filled up to eights, as the batch is to rows; so one product takes both. `u` is (T, rows, columns)
with the gates of each sample side by side. `c`, (T + 1, B, U), and `a`, (T, B, U), are those of
`engine.kernels.long_memory`. y and dy are (B, T, U), or (B, 1, U) of the last step.

Prediction keeps no steps: in an array that has not as many, they take turns.
"""

from __future__ import annotations

from engine.fast.loops.compiled import compiled, inside
from engine.fast.loops.convolution import at
from engine.fast.loops.gates import add, copy, gru_gates, gru_gates_back, lstm_gates, lstm_gates_back
from engine.fast.loops.panels import add_products, by_panels
from engine.fast.loops.tile import ROWS
from engine.kernel import Array

STEPS = 4
"""Whose slopes are multiplied into the gradient of the weights together, while they are in the cache."""


@inside
def step_of(array: Array, t: int) -> int:
    """The address of a step."""
    return at(array, t % array.shape[0] * array.shape[1] * array.shape[2])


@inside
def place_of_state(read: Array, units: int) -> int:
    """Where the state begins behind the input."""
    place: int = read.shape[2] - (units + ROWS - 1) // ROWS * ROWS
    return place


@inside
def take(x: Array, t: int, backwards: bool, read: Array) -> None:
    """read[t] = the input of step t"""
    batch, steps, features = x.shape
    for m in range(batch):
        copy(x[m, steps - 1 - t if backwards else t], read[t % len(read), m, :features])


@inside
def add_slope(dy: Array, t: int, steps: int, dh: Array) -> None:
    """dh += dy[:, t], where the step is given on"""
    batch, given, units = dy.shape
    if given == steps or t == steps - 1:
        for m in range(batch):
            add(dy[m, t % given], dh[m, :units])


@inside
def give_slope(w: Array, u: Array, first: int, t: int, backwards: bool, none: Array, row: Array, dx: Array) -> None:
    """dx[:, t] = w du, du being the slopes from column `first` on; dx has no steps where it is not wanted"""
    batch, steps, _ = dx.shape
    if steps:
        rows, columns = u.shape[1:]
        by_panels(step_of(u, t) + 4 * first, columns, w, at(none, 0), 0, rows, at(row, 0), row.shape[1])
        for m in range(batch):
            copy(row[m], dx[m, steps - 1 - t if backwards else t])


@compiled
def lstm_sequence(
    x: Array, backwards: bool, w: Array, b: Array, read: Array, u: Array, c: Array, a: Array, y: Array
) -> None:
    """All steps of an LSTM."""
    batch, steps, _ = x.shape
    rows, columns = u.shape[1:]
    units = y.shape[2]
    place = place_of_state(read, units)
    for t in range(steps):
        take(x, t, backwards, read)
        by_panels(step_of(read, t), read.shape[2], w, at(b, 0), 0, rows, step_of(u, t), columns)
        for m in range(batch):
            h = read[(t + 1) % len(read), m, place : place + units]
            lstm_gates(u[t % len(u), m], c[t % len(c), m], c[(t + 1) % len(c), m], a[t % len(a), m], h)
            copy(h, y[m, t % y.shape[1]])


@compiled
def lstm_sequence_back(
    w: Array, r: Array, read: Array, c: Array, a: Array, dy: Array, backwards: bool, none: Array,
    u: Array, dh: Array, dc: Array, dw: Array, db: Array, row: Array, dx: Array,
) -> None:  # fmt: skip
    """All steps back: u becomes its slopes, and what comes of them for weights and bias is added to dw and db."""
    steps, rows, columns = u.shape
    batch, units = dc.shape
    for t in range(steps - 1, -1, -1):
        add_slope(dy, t, steps, dh)
        for m in range(batch):
            lstm_gates_back(u[t, m], c[t, m], a[t, m], dh[m, :units], dc[m])
            add(u[t, m], db)
        give_slope(w, u, 0, t, backwards, none, row, dx)
        by_panels(step_of(u, t), columns, r, at(none, 0), 0, rows, at(dh, 0), dh.shape[1])
        if t % STEPS == 0:
            add_products(read, u, (0, len(dw)), (0, r.shape[1]), (t, min(t + STEPS, steps)), dw)


@compiled
def gru_sequence(
    x: Array, backwards: bool, w: Array, of_g: Array, of_q: Array, b: Array, read: Array, u: Array, y: Array
) -> None:
    """All steps of a GRU: see `gru_gates` for what it computes."""
    batch, steps, _ = x.shape
    rows, columns = u.shape[1:]
    units, depth, width = y.shape[2], read.shape[2], len(of_g) * of_g.shape[2]
    place, last = place_of_state(read, units), width + len(w) * w.shape[2]
    for t in range(steps):
        take(x, t, backwards, read)
        source, out = step_of(read, t), step_of(u, t)
        by_panels(source + 4 * place, depth, of_q, at(b, 0), 0, rows, out, columns)
        by_panels(source, depth, w, at(b, width), 0, rows, out + 4 * width, columns)
        by_panels(source, depth, of_g, at(b, last), 0, rows, out + 4 * last, columns)
        for m in range(batch):
            before = read[t % len(read), m, place : place + units]
            h = read[(t + 1) % len(read), m, place : place + units]
            gru_gates(u[t % len(u), m], width, last, before, h)
            copy(h, y[m, t % y.shape[1]])


@compiled
def gru_sequence_back(
    w: Array, r: Array, read: Array, dy: Array, backwards: bool, none: Array,
    u: Array, dh: Array, dw: Array, db: Array, row: Array, dx: Array,
) -> None:  # fmt: skip
    """All steps back: u becomes its slopes, and what comes of them for weights and bias is added to dw and db."""
    steps, rows, columns = u.shape
    batch, _, units = dy.shape
    place, width, last = place_of_state(read, units), dh.shape[1], r.shape[1]
    for t in range(steps - 1, -1, -1):
        add_slope(dy, t, steps, dh)
        for m in range(batch):
            gru_gates_back(u[t, m], width, last, read[t, m, place : place + units], dh[m, :units])
            add(u[t, m], db)
        give_slope(w, u, width, t, backwards, none, row, dx)
        by_panels(step_of(u, t), columns, r, at(dh, 0), dh.shape[1], rows, at(dh, 0), dh.shape[1])
        if t % STEPS == 0 and len(dw):
            chunk = t, min(t + STEPS, steps)
            add_products(read, u, (0, place), (width, last + width), chunk, dw)
            add_products(read, u, (place, len(dw)), (0, last), chunk, dw)
