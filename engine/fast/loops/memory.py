"""What happens at one step of a layer with memory, behind the product of its state: all gates in one pass.

The axes are those of `engine.kernels.sequence`: U units, T steps, B batch; z is (gates × U, T, B).
"""

from __future__ import annotations

from engine.fast.loops.compiled import compiled
from engine.fast.loops.scalars import tanh
from engine.kernel import Array


@compiled
def lstm_step(z: Array, u: Array, c: Array, a: Array, h: Array, t: int) -> None:
    """u = the gates of u[t] + z[:, t],  c[t + 1] = f c[t] + i g,  a[t] = tanh c,  h[:, t + 1] = o a"""
    units, batch = u.shape[2], u.shape[3]
    half = u.dtype.type(0.5)
    for n in range(units):
        ui, uf, ug, uo = u[t, 0, n], u[t, 1, n], u[t, 2, n], u[t, 3, n]
        zi, zf, zg, zo = z[n, t], z[units + n, t], z[2 * units + n, t], z[3 * units + n, t]
        before, after, bent, out = c[t, n], c[t + 1, n], a[t, n], h[n, t + 1]
        for s in range(batch):
            ui[s] = tanh((ui[s] + zi[s]) * half) * half + half
        for s in range(batch):
            uf[s] = tanh((uf[s] + zf[s]) * half) * half + half
        for s in range(batch):
            ug[s] = tanh(ug[s] + zg[s])
        for s in range(batch):
            uo[s] = tanh((uo[s] + zo[s]) * half) * half + half
        for s in range(batch):
            after[s] = uf[s] * before[s] + ui[s] * ug[s]
        for s in range(batch):
            bent[s] = tanh(after[s])
        for s in range(batch):
            out[s] = uo[s] * bent[s]


@compiled
def lstm_back(u: Array, c: Array, a: Array, dh: Array, dc: Array, z: Array, dz: Array, t: int) -> None:
    """dz and z[:, t] = the slopes of the gates of step t;  dc becomes that before the step"""
    units, batch = dh.shape
    one = u.dtype.type(1)
    for n in range(units):
        for s in range(batch):
            i, f, g, o = u[t, 0, n, s], u[t, 1, n, s], u[t, 2, n, s], u[t, 3, n, s]
            bent, slope = a[t, n, s], dh[n, s]
            memory = dc[n, s] + slope * o * (one - bent * bent)
            dc[n, s] = memory * f
            dz[n, s] = memory * g * i * (one - i)
            dz[units + n, s] = memory * c[t, n, s] * f * (one - f)
            dz[2 * units + n, s] = memory * i * (one - g * g)
            dz[3 * units + n, s] = slope * bent * o * (one - o)
    for n in range(4 * units):
        for s in range(batch):
            z[n, t, s] = dz[n, s]


@compiled
def gru_step(z: Array, b: Array, u: Array, q: Array, h: Array, t: int) -> None:
    """u = the gates of u[t] + b and z[:, t],  q[:, t] = what the reset gate takes,  h[:, t + 1] = z h + (1 - z) g"""
    units, batch = u.shape[2], u.shape[3]
    half = u.dtype.type(0.5)
    for n in range(units):
        uz, ur, ug = u[t, 0, n], u[t, 1, n], u[t, 2, n]
        xz, xr, xg = z[n, t], z[units + n, t], z[2 * units + n, t]
        bz, br, bg = b[n], b[units + n], b[2 * units + n]
        reset, before, after = q[n, t], h[n, t], h[n, t + 1]
        for s in range(batch):
            uz[s] = tanh((uz[s] + bz + xz[s]) * half) * half + half
        for s in range(batch):
            ur[s] = tanh((ur[s] + br + xr[s]) * half) * half + half
        for s in range(batch):
            reset[s] = ug[s] + bg
        for s in range(batch):
            ug[s] = tanh(reset[s] * ur[s] + xg[s])
        for s in range(batch):
            after[s] = uz[s] * (before[s] - ug[s]) + ug[s]


@compiled
def gru_back(u: Array, q: Array, h: Array, dh: Array, kept: Array, z: Array, dq: Array, dz: Array, t: int) -> None:
    """z[:, t] = the slopes of the gates of step t, dz and dq[:, t] those of the state's product;  kept = dh z"""
    units, batch = dh.shape
    one = u.dtype.type(1)
    for n in range(units):
        for s in range(batch):
            update, reset, g = u[t, 0, n, s], u[t, 1, n, s], u[t, 2, n, s]
            slope = dh[n, s]
            kept[n, s] = slope * update
            dg = slope * (one - update) * (one - g * g)
            dz[n, s] = slope * (h[n, t, s] - g) * update * (one - update)
            dz[units + n, s] = dg * q[n, t, s] * reset * (one - reset)
            dz[2 * units + n, s] = dg * reset
            z[2 * units + n, t, s] = dg
    for n in range(2 * units):
        for s in range(batch):
            z[n, t, s] = dz[n, s]
    for n in range(3 * units):
        for s in range(batch):
            dq[n, t, s] = dz[n, s]
