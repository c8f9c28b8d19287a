"""The optimizers that divide by the size of past gradients.

Formulas: https://keras.io/api/optimizers/
(Tieleman and Hinton 2012; Duchi et al. 2011; Zeiler 2012; McMahan et al. 2013).
"""

from __future__ import annotations

import numpy as np

from engine.kernel import Array
from engine.optimizers.stepper import Stepper, stepper
from graph.optimizers import Adadelta, Adagrad, Ftrl, RMSprop


@stepper(RMSprop)
class _RMSprop(Stepper[RMSprop]):
    """v = rho v + (1 - rho) g²;  w -= rate g / sqrt(v + epsilon)

    Centered, a = rho a + (1 - rho) g, and v - a² stands for v below the root. With momentum, the step is added to
    momentum times the step before.
    """

    scratches = 2

    def needed(self) -> tuple[str, ...]:
        centered = ("average_gradient",) if self.declared.centered else ()
        return ("velocity", *centered, *(("momentum",) if self.declared.momentum else ()))

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        declared = self.declared
        v, (a, b) = rest[0], rest[-2:]
        np.multiply(g, g, out=a)
        a *= 1.0 - declared.rho
        v *= declared.rho
        v += a
        if declared.centered:
            average = rest[1]
            np.multiply(g, 1.0 - declared.rho, out=a)
            average *= declared.rho
            average += a
            np.multiply(average, average, out=b)
            np.subtract(v, b, out=b)
            b += declared.epsilon
        else:
            np.add(v, declared.epsilon, out=b)
        np.sqrt(b, out=b)
        np.multiply(g, self.rate, out=a)
        a /= b
        if declared.momentum:
            m = rest[-3]
            m *= declared.momentum
            m += a
            w -= m
        else:
            w -= a


@stepper(Adagrad)
class _Adagrad(Stepper[Adagrad]):
    """s += g²;  w -= rate g / sqrt(s + epsilon)"""

    vectors = ("accumulator",)
    scratches = 2

    def fill(self) -> None:
        self.state["accumulator"].fill(self.declared.initial_accumulator_value)

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        s, a, b = rest
        np.multiply(g, g, out=a)
        s += a
        np.add(s, self.declared.epsilon, out=a)
        np.sqrt(a, out=a)
        np.multiply(g, self.rate, out=b)
        b /= a
        w -= b


@stepper(Adadelta)
class _Adadelta(Stepper[Adadelta]):
    """v = rho v + (1 - rho) g²;  d = g sqrt((u + epsilon) / (v + epsilon));  u = rho u + (1 - rho) d²;  w -= rate d"""

    vectors = ("accumulated_grad", "accumulated_delta_var")
    scratches = 2

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        v, u, a, d = rest
        rho, epsilon = self.declared.rho, self.declared.epsilon
        np.multiply(g, g, out=a)
        a *= 1.0 - rho
        v *= rho
        v += a
        np.add(u, epsilon, out=d)
        np.sqrt(d, out=d)
        d *= g
        np.add(v, epsilon, out=a)
        np.sqrt(a, out=a)
        d /= a
        np.multiply(d, d, out=a)
        a *= 1.0 - rho
        u *= rho
        u += a
        d *= self.rate
        w -= d


@stepper(Ftrl)
class _Ftrl(Stepper[Ftrl]):
    """z += g + 2 shrinkage w - ((s + g²)^p - s^p) w / rate;  s += g²;  w = (z held within ±l1 - z) / (s^p / rate + 2 l)

    p = -learning_rate_power and l = l2 + beta / (2 rate).
    """

    vectors = ("accumulator", "linear")
    scratches = 2

    def fill(self) -> None:
        self.state["accumulator"].fill(self.declared.initial_accumulator_value)

    def move(self, w: Array, g: Array, *rest: Array) -> None:
        s, z, a, b = rest
        declared, power = self.declared, -self.declared.learning_rate_power
        z += g
        np.multiply(w, 2.0 * declared.l2_shrinkage_regularization_strength, out=a)
        z += a
        np.power(s, power, out=a)
        np.multiply(g, g, out=b)
        s += b
        np.power(s, power, out=b)
        np.subtract(b, a, out=a)
        a /= self.rate
        a *= w
        z -= a
        b /= self.rate
        b += 2.0 * declared.l2_regularization_strength + declared.beta / self.rate
        np.clip(z, -declared.l1_regularization_strength, declared.l1_regularization_strength, out=a)
        a -= z
        np.divide(a, b, out=w)
