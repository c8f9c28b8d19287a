"""Running a trained network over many samples: its outputs and its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from engine.crew import at_work
from engine.events import Logs
from engine.kernel import Array
from engine.objective import Objective
from engine.plan import Plan


def batches(plan: Plan, samples: int, batch_size: int) -> Iterator[tuple[Plan, slice]]:
    """A plan for inference and the samples it is to take, batch after batch, the last one maybe smaller."""
    for start in range(0, samples, batch_size):
        part = slice(start, min(start + batch_size, samples))
        yield plan.at(part.stop - part.start, training=False), part


def predict(plan: Plan, inputs: Mapping[str, Array], batch_size: int | None = None) -> dict[str, Array]:
    """Every output for every sample, by the name of the result. `inputs` are by the name of the entry."""
    samples = len(next(iter(inputs.values())))
    outputs = {name: np.empty((samples, *y.shape[1:]), y.dtype) for name, y in plan.outputs.items()}
    size = batch_size or plan.batch_size
    with at_work(), plan.states.fresh():
        for part_plan, part in batches(plan, samples, size):
            for name, x in part_plan.inputs.items():
                np.copyto(x, inputs[name][part], casting="same_kind")
            part_plan.forward()
            for name, y in outputs.items():
                y[part] = part_plan.outputs[name]
    return outputs


def evaluate(
    plan: Plan,
    objective: Objective,
    inputs: Mapping[str, Array],
    targets: Mapping[str, Array],
    batch_size: int | None = None,
    prefix: str = "",
    weights: Mapping[str, Array] | None = None,
) -> Logs:
    """The figures of all samples; empty where there are none.

    `inputs` are by the name of the entry, `targets` by the name of the result, as `Objective.targets` gives them, and
    so are the `weights` of the samples in the loss.
    """
    samples = len(next(iter(inputs.values())))
    if not samples:
        return {}
    objective.running.clear()
    size = batch_size or plan.batch_size
    with at_work(), plan.states.fresh(), np.errstate(all="ignore"):
        for part_plan, part in batches(plan, samples, size):
            bound = objective.on(part_plan, weights)
            for name, x in part_plan.inputs.items():
                np.copyto(x, inputs[name][part], casting="same_kind")
            for name, t in bound.targets.items():
                np.copyto(t, targets[name][part])
            for name, weight in bound.weights.items():
                np.copyto(weight, (weights or {})[name][part])
            part_plan.forward()
            objective.running.add(bound.figures(), part.stop - part.start, bound.exact)
    return objective.logs(prefix)
