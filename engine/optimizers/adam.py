"""Adam and its kin: a running mean of the gradient, divided by its running size.

Formulas: https://keras.io/api/optimizers/
(Kingma and Ba 2015; Loshchilov and Hutter 2019; Dozat 2015; You et al. 2020).
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from engine.kernel import Array
from engine.optimizers.stepper import Stepper, stepper
from graph.optimizers import Adam, Adamax, AdamW, Lamb, Nadam


@stepper(Adam)
@stepper(AdamW)
class AdamStepper(Stepper[Adam]):
    """m += (1 - b1) (g - m);  v += (1 - b2) (g² - v);  w -= alpha m / (sqrt v + epsilon)

    alpha = rate sqrt(1 - b2^n) / (1 - b1^n) in the n-th step. With amsgrad, the largest v so far stands below the root.
    """

    alpha = 0.0

    def needed(self) -> tuple[str, ...]:
        return ("momentum", "velocity", *(("velocity_hat",) if self.declared.amsgrad else ()))

    def begin(self) -> None:
        d = self.declared
        self.alpha = self.rate * sqrt(1.0 - d.beta_2**self.steps) / (1.0 - d.beta_1**self.steps)

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        m, v, a = rest[0], rest[1], rest[-1]
        np.subtract(g, m, out=a)
        a *= 1.0 - self.declared.beta_1
        m += a
        np.multiply(g, g, out=a)
        a -= v
        a *= 1.0 - self.declared.beta_2
        v += a
        if self.declared.amsgrad:
            v_hat = rest[2]
            np.maximum(v_hat, v, out=v_hat)
            v = v_hat
        np.sqrt(v, out=a)
        a += self.declared.epsilon
        np.divide(m, a, out=a)
        a *= self.alpha
        w -= a


@stepper(Adamax)
class _Adamax(Stepper[Adamax]):
    """m += (1 - b1) (g - m);  u = max(b2 u, |g|);  w -= rate / (1 - b1^n) m / (u + epsilon)"""

    vectors = ("momentum", "norm")

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        m, u, a = rest
        np.subtract(g, m, out=a)
        a *= 1.0 - self.declared.beta_1
        m += a
        np.abs(g, out=a)
        u *= self.declared.beta_2
        np.maximum(u, a, out=u)
        np.add(u, self.declared.epsilon, out=a)
        np.divide(m, a, out=a)
        a *= self.rate / (1.0 - self.declared.beta_1**self.steps)
        w -= a


@stepper(Nadam)
class _Nadam(Stepper[Nadam]):
    """m += (1 - b1) (g - m);  v += (1 - b2) (g² - v);  w -= rate (p m + q g) / (sqrt(v / (1 - b2^n)) + epsilon)

    With u(n) = b1 (1 - 0.96^n / 2) and its product U(n) over all steps so far, p = u(n + 1) / (1 - U(n + 1)) and
    q = (1 - u(n)) / (1 - U(n)).
    """

    vectors = ("momentum", "velocity")
    scratches = 2
    product, factors = 1.0, 0
    ahead = now = size = 0.0

    def begin(self) -> None:
        if self.factors > self.steps:
            self.product, self.factors = 1.0, 0
        for n in range(self.factors + 1, self.steps + 1):
            self.product *= self._factor(n)
        self.factors = self.steps
        u, u_ahead = self._factor(self.steps), self._factor(self.steps + 1)
        self.ahead = self.rate * u_ahead / (1.0 - self.product * u_ahead)
        self.now = self.rate * (1.0 - u) / (1.0 - self.product)
        self.size = sqrt(1.0 - self.declared.beta_2**self.steps)

    def _factor(self, n: int) -> float:
        return self.declared.beta_1 * (1.0 - 0.5 * 0.96**n)

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        m, v, a, b = rest
        np.subtract(g, m, out=a)
        a *= 1.0 - self.declared.beta_1
        m += a
        np.multiply(g, g, out=a)
        a -= v
        a *= 1.0 - self.declared.beta_2
        v += a
        np.multiply(m, self.ahead, out=a)
        np.multiply(g, self.now, out=b)
        a += b
        np.sqrt(v, out=b)
        b /= self.size
        b += self.declared.epsilon
        a /= b
        w -= a


@stepper(Lamb)
class _Lamb(Stepper[Lamb]):
    """m, v and d = (m / (1 - b1^n)) / (sqrt(v / (1 - b2^n)) + epsilon) as in Adam;  w -= rate |w| / |d| d

    The lengths are those of one weight array; where one is 0, their ratio counts as 1.
    """

    vectors = ("momentum", "velocity")
    by_array = True

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        m, v, a = rest
        np.subtract(g, m, out=a)
        a *= 1.0 - self.declared.beta_1
        m += a
        np.multiply(g, g, out=a)
        a -= v
        a *= 1.0 - self.declared.beta_2
        v += a
        np.sqrt(v, out=a)
        a /= sqrt(1.0 - self.declared.beta_2**self.steps)
        a += self.declared.epsilon
        np.divide(m, a, out=a)
        a /= 1.0 - self.declared.beta_1**self.steps
        weight, step = sqrt(float(np.dot(w, w))), sqrt(float(np.dot(a, a)))
        a *= self.rate * (weight / step if weight > 0.0 and step > 0.0 else 1.0)
        w -= a
