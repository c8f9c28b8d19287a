"""The optimizers that need no running sizes: gradient descent with momentum, and steps by sign.

Formulas: https://keras.io/api/optimizers/ (Sutskever et al. 2013; Chen et al. 2023).
"""

from __future__ import annotations

import numpy as np

from engine.kernel import Array
from engine.optimizers.stepper import Stepper, stepper
from graph.optimizers import SGD, Lion


@stepper(SGD)
class _SGD(Stepper[SGD]):
    """m = momentum m - rate g;  w += m, or with nesterov w += momentum m - rate g"""

    def needed(self) -> tuple[str, ...]:
        return ("momentum",) if self.declared.momentum else ()

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        rate, momentum = self.rate, self.declared.momentum
        scaled = rest[-1]
        np.multiply(g, rate, out=scaled)
        if not momentum:
            w -= scaled
            return
        m = rest[0]
        m *= momentum
        m -= scaled
        if self.declared.nesterov:
            w -= scaled
            np.multiply(m, momentum, out=scaled)
            w += scaled
        else:
            w += m


@stepper(Lion)
class _Lion(Stepper[Lion]):
    """w -= rate sign(b1 m + (1 - b1) g);  m = b2 m + (1 - b2) g"""

    vectors = ("momentum",)
    scratches = 2

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        m, a, b = rest
        np.multiply(m, self.declared.beta_1, out=a)
        np.multiply(g, 1.0 - self.declared.beta_1, out=b)
        a += b
        np.sign(a, out=a)
        a *= self.rate
        w -= a
        m *= self.declared.beta_2
        np.multiply(g, 1.0 - self.declared.beta_2, out=b)
        m += b
