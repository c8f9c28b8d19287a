"""What happens at one step of a layer with memory to one sample, behind the products of its input and its state.

`u` has the values of all gates side by side. On the way back it becomes the slopes of what they were computed from.
"""

from __future__ import annotations

from engine.fast.loops.compiled import inside
from engine.fast.loops.scalars import tanh
from engine.kernel import Array


@inside
def copy(values: Array, out: Array) -> None:
    """out = values, as many as it has room for"""
    for n in range(out.size):
        out[n] = values[n]


@inside
def add(values: Array, sums: Array) -> None:
    """sums += values"""
    for n in range(values.size):
        sums[n] += values[n]


@inside
def sigmoid(u: Array) -> None:
    """u = 1 / (1 + exp(-u))"""
    half = u.dtype.type(0.5)
    for n in range(u.size):
        u[n] = tanh(u[n] * half) * half + half


@inside
def lstm_gates(u: Array, before: Array, c: Array, a: Array, h: Array) -> None:
    """i, f, g, o = the gates of u,  c = f c⁻ + i g,  a = tanh c,  h = o a"""
    units = h.size
    i, f, g, o = u[:units], u[units : 2 * units], u[2 * units : 3 * units], u[3 * units : 4 * units]
    sigmoid(i)
    sigmoid(f)
    for n in range(units):
        g[n] = tanh(g[n])
    sigmoid(o)
    for n in range(units):
        c[n] = f[n] * before[n] + i[n] * g[n]
    for n in range(units):
        a[n] = tanh(c[n])
    for n in range(units):
        h[n] = o[n] * a[n]


@inside
def lstm_gates_back(u: Array, before: Array, a: Array, dh: Array, dc: Array) -> None:
    """u = the slopes;  dc becomes that before the step"""
    units, one = dh.size, u.dtype.type(1)
    i, f, g, o = u[:units], u[units : 2 * units], u[2 * units : 3 * units], u[3 * units : 4 * units]
    for n in range(units):
        dc[n] += dh[n] * o[n] * (one - a[n] * a[n])
    for n in range(units):
        o[n] = dh[n] * a[n] * o[n] * (one - o[n])
    for n in range(units):
        write, value = i[n], g[n]
        i[n] = dc[n] * value * write * (one - write)
        g[n] = dc[n] * write * (one - value * value)
    for n in range(units):
        keep, slope = f[n], dc[n]
        f[n] = slope * before[n] * keep * (one - keep)
        dc[n] = slope * keep


@inside
def gru_gates(u: Array, first: int, last: int, before: Array, h: Array) -> None:
    """q, z, r, g = the gates of u, r q added to g,  h = z h⁻ + (1 - z) g;  z and r are at `first`, g is at `last`"""
    units = h.size
    q, z, r, g = u, u[first:], u[first + units :], u[last:]
    sigmoid(u[first : first + 2 * units])
    for n in range(units):
        g[n] = tanh(g[n] + r[n] * q[n])
    for n in range(units):
        h[n] = z[n] * (before[n] - g[n]) + g[n]


@inside
def gru_gates_back(u: Array, first: int, last: int, before: Array, dh: Array) -> None:
    """u = the slopes;  dh becomes what of that before the step comes past the gates"""
    units, one = dh.size, u.dtype.type(1)
    q, z, r, g = u, u[first:], u[first + units :], u[last:]
    for n in range(units):
        update, value, slope = z[n], g[n], dh[n]
        z[n] = slope * (before[n] - value) * update * (one - update)
        g[n] = slope * (one - update) * (one - value * value)
        dh[n] = slope * update
    for n in range(units):
        reset, slope = r[n], g[n]
        r[n] = slope * q[n] * reset * (one - reset)
        q[n] = slope * reset
