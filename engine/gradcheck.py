"""Gradients held against central differences, in float64.

The network's outputs are weighed by fixed random numbers and added up, with their penalties, to one figure L, so that
the gradient of L with respect to every weight and every input can be had both ways: by `backward`, and as
(L(v + h) - L(v - h)) / 2h.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.kernel import Array
from engine.plan import Plan

STEP = 1e-5
FLOOR = 1e-2
"""A smaller gradient is held against this size instead of its own: differences carry noise of about 1e-10."""


def gradient_errors(plan: Plan, inputs: Mapping[str, Array], seed: int = 0, values_each: int = 20) -> dict[str, float]:
    """The relative error of the gradient of every trained weight, and of every input that the plan differentiates.

    `plan` is one for training in float64. Of every array at most `values_each` numbers, chosen by `seed`, are tried.
    Whole numbers cannot be moved a little: leave `input_gradients` out where they come in.
    """
    generator = np.random.default_rng(seed)
    for name, x in inputs.items():
        np.copyto(plan.inputs[name], x)
    weighing = {name: generator.standard_normal(y.shape) for name, y in plan.outputs.items()}

    def figure() -> float:
        plan.reseed(seed, 0)
        with plan.states.kept():
            plan.forward()
        return sum(float(np.vdot(weighing[name], y)) for name, y in plan.outputs.items()) + plan.penalty()

    figure()
    for name, dy in plan.output_gradients.items():
        np.copyto(dy, weighing[name])
    plan.backward()
    arrays = {
        slot.name: (slot.view(plan.parameters.trainable), slot.view(plan.parameters.gradient).copy())
        for slot in plan.parameters.slots
        if slot.trainable
    }
    arrays |= {name: (plan.inputs[name], dx.copy()) for name, dx in plan.input_gradients.items()}
    return {name: _error(v, dv, figure, generator, values_each) for name, (v, dv) in arrays.items()}


def _error(v: Array, dv: Array, figure: Callable[[], float], generator: np.random.Generator, values_each: int) -> float:
    """The largest difference of `dv` from the central differences along `v`, relative to the largest of both."""
    numbers, gradient = v.reshape(-1), dv.reshape(-1)
    places = generator.permutation(v.size)[:values_each]
    differences = np.empty(len(places))
    for i, place in enumerate(places):
        kept = numbers[place]
        numbers[place] = kept + STEP
        above = figure()
        numbers[place] = kept - STEP
        differences[i] = (above - figure()) / (2 * STEP)
        numbers[place] = kept
    found = gradient[places]
    size = max(np.abs(found).max(initial=FLOOR), np.abs(differences).max(initial=FLOOR))
    return float(np.abs(found - differences).max(initial=0.0) / size)
