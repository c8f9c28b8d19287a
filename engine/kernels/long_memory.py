"""What the gates of an LSTM do with its two states, whatever gave them their values.

i, f, o = s(u),  g = f(u),  c = f c⁻ + i g,  a = f(c),  h = o a

do = dh a,  dc += dh o f'(a),  di = dc g,  df = dc c⁻,  dg = dc i,  dc⁻ = dc f
"""

from __future__ import annotations

import numpy as np

from engine.kernel import Array
from engine.kernels.cell_functions import functions


class LongMemory:
    """`u` has the four gates one behind the other, in the order i, f, g, o; `s` is scratch of the same shape."""

    def __init__(self, activation: str, recurrent_activation: str) -> None:
        self.f, self.gate = functions[activation], functions[recurrent_activation]

    def forward(self, u: Array, before: Array, c: Array, a: Array, h: Array, s: Array) -> None:
        """Write the states `c` and `h`, and `a`; `before` is the long memory before the step."""
        self.gate.forward(u[:2], s[:2])
        self.f.forward(u[2], s[2])
        self.gate.forward(u[3], s[3])
        i, f, g, o = u
        np.multiply(f, before, out=c)
        np.multiply(i, g, out=a)
        c += a
        np.copyto(a, c)
        self.f.forward(a, s[0])
        np.multiply(o, a, out=h)

    def backward(self, u: Array, before: Array, a: Array, dh: Array, dc: Array, du: Array, s: Array) -> None:
        """Write the slopes of the gates into `du`, and take `dc` back to that before the step."""
        i, f, g, o = u
        di, df, dg, do = du
        np.multiply(dh, a, out=do)
        np.multiply(dh, o, out=dg)
        self.f.slope(a, dg, s[0])
        dc += dg
        np.multiply(dc, g, out=di)
        np.multiply(dc, before, out=df)
        np.multiply(dc, i, out=dg)
        dc *= f
        self.gate.slope(u[:2], du[:2], s[:2])
        self.f.slope(g, dg, s[2])
        self.gate.slope(o, do, s[3])
