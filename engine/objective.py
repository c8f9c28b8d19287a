"""What a network is trained for: each result with its target, loss, weight and metrics.

One result and one target belong together whatever they are called; several go by name. An `Objective` keeps the
running figures of an epoch; `on` binds it to a plan, once for each batch size.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from engine.arrays import Arrays
from engine.bind import last_activation
from engine.bounds import Bounds
from engine.kernel import Array, Sizes
from engine.losses import Ends, LossFunction, fuses, loss_function_of, target_dtype, target_sizes
from engine.metrics import Exact, MetricFunction, Running, metric_function_of
from engine.plan import Plan
from engine.row_weights import RowWeights, along
from graph.inference import Inference
from graph.losses import Loss
from graph.message import Message
from graph.pairing import matched
from graph.recipe import TrainingRecipe


@dataclass(frozen=True, slots=True)
class Goal:
    """One result and what it is held against.

    `fused`: its loss is computed from the logits. `weighted_metrics`: its metrics take the samples' weights too.
    """

    result: str
    target: str
    loss: Loss
    weight: float = 1.0
    metrics: tuple[str, ...] = ()
    fused: bool = False
    weighted_metrics: bool = False


class CannotPair(ValueError):
    """Data that does not fit the network's inputs or results; the text says which and how to mend it."""

    def __init__(self, text: Message, hint: Message) -> None:
        self.text, self.hint = text, hint
        super().__init__(f"{text} {hint}")


def pair(ends: Sequence[str], given: Sequence[str], what: Message) -> dict[str, str]:
    """For each end of the network the array that goes there. Raises CannotPair where one has none."""
    paired = matched(ends, given)
    for end in ends:
        if end not in paired:
            raise CannotPair(
                Message("The data has no {what} for {name}; it has {have}.", what=what, name=end, have=_list(given)),
                Message("Rename the layer after the part of the data that belongs to it, or choose other data."),
            )
    return paired


def goals_of(inference: Inference, recipe: TrainingRecipe, targets: Collection[str]) -> tuple[Goal, ...]:
    """What each result is trained for. Raises CannotPair where a result has no target."""
    return tuple(
        _goal(inference, recipe, result, target)
        for result, target in pair(inference.results, tuple(targets), Message("target")).items()
    )


def _goal(inference: Inference, recipe: TrainingRecipe, result: str, target: str) -> Goal:
    loss, last = recipe.loss_of(result), last_activation(inference, result)
    fused = last is not None and fuses(loss, last[1])
    weight, metrics = recipe.weight_of(result), recipe.metrics_of(result)
    return Goal(result, target, loss, weight, metrics, fused, recipe.weighted_metrics)


def logits_of(goals: Collection[Goal]) -> tuple[str, ...]:
    """The results whose loss wants the logits, for `compile`."""
    return tuple(goal.result for goal in goals if goal.fused)


class Objective:
    """The goals of a network, and the running figures over the samples of an epoch."""

    def __init__(self, goals: tuple[Goal, ...]) -> None:
        self.goals = goals
        several = len(goals) > 1
        prefixes = {goal.result: goal.result + "_" if several else "" for goal in goals}
        losses = [prefixes[goal.result] + "loss" for goal in goals] if several else []
        metrics = [prefixes[goal.result] + name for goal in goals for name in goal.metrics]
        self.names = ("loss", *losses, *metrics)
        self.running = Running(len(self.names))
        self._bound: dict[tuple[int, frozenset[tuple[str, Sizes]]], tuple[Plan, Bound]] = {}

    def on(self, plan: Plan, weights: Mapping[str, Array] | None = None) -> Bound:
        """This objective bound to the arrays of a plan; made once and kept.

        The results in `weights` have a weight for every sample, or for each of its places, as the arrays there.
        """
        sizes = {name: weight.shape[1:] for name, weight in (weights or {}).items()}
        key = id(plan), frozenset(sizes.items())
        known = self._bound.get(key)
        if known is None:
            known = self._bound[key] = (plan, Bound(self, plan, sizes))
        return known[1]

    def logs(self, prefix: str = "") -> dict[str, float]:
        """The figures over all samples that `running` has taken in."""
        return {prefix + name: mean for name, mean in zip(self.names, self.running.means(), strict=True)}

    def targets(self, plan: Plan, given: Mapping[str, Array]) -> dict[str, Array]:
        """The targets of all samples by result, in the shape and type the losses take.

        Raises CannotPair where a target cannot be brought to the shape of its output, or has a class too many.
        """
        return {goal.result: fitted(goal, plan.outputs[goal.result], given[goal.target]) for goal in self.goals}


class Bound:
    """An objective on one plan: write the batch into `targets` and `weights`, run the plan, ask for the figures."""

    def __init__(self, objective: Objective, plan: Plan, weighted: Mapping[str, Sizes]) -> None:
        self.targets: dict[str, Array] = {}
        self.weights: dict[str, Array] = {}
        self.bounds = Bounds(plan.parameters)
        self._arrays = Arrays(plan.parameters.values.dtype, reuse=False)
        self._plan = plan
        self._losses: list[tuple[LossFunction[Any], float]] = []
        self._slopes: list[LossFunction[Any]] = []
        self._metrics: list[MetricFunction[Any]] = []
        self._masked: list[RowWeights] = []
        for goal in objective.goals:
            y = plan.outputs[goal.result]
            t = self._arrays.scratch(target_sizes(goal.loss, y.shape), target_dtype(goal.loss, y.dtype))
            if goal.result in weighted:
                weight = self._arrays.scratch((len(y), *weighted[goal.result]), y.dtype)
                weight.fill(1.0)
                self.weights[goal.result] = weight
            x, dy = plan.logits.get(goal.result), plan.output_gradients.get(goal.result)
            fused = goal.fused and x is not None
            weights, rows = self._weights(goal, plan)
            function = loss_function_of(goal.loss, fused)(Ends(y, t, x, dy, goal.weight, weights, self._arrays.scratch))
            self.targets[goal.result] = t
            self._losses.append((function, goal.weight))
            self._metrics += [metric_function_of(name, y, t, rows) for name in goal.metrics]
            if dy is not None:
                self._slopes.append(function)
        self._several = len(self._losses) > 1
        first = len(objective.names) - len(self._metrics)
        self.exact = tuple((first + i, m) for i, m in enumerate(self._metrics) if isinstance(m, Exact))
        """The metrics whose figure of an epoch is no mean, by their place among the figures."""

    @property
    def nbytes(self) -> int:
        """Bytes of a batch's targets and weights, and of what the losses need."""
        return sum(self._arrays.bytes.values())

    def _weights(self, goal: Goal, plan: Plan) -> tuple[Array | None, Array | None]:
        """How much the samples, or the places of a masked output, count in the loss, and the rows in metrics."""
        y, mask, samples = plan.outputs[goal.result], plan.masks.get(goal.result), self.weights.get(goal.result)
        if mask is not None:
            self._masked.append(RowWeights(mask, y, samples, goal.weighted_metrics))
            return self._masked[-1].loss, self._masked[-1].metrics
        if samples is None or not goal.weighted_metrics:
            return samples, None
        return samples, np.broadcast_to(along(samples, y.ndim - 1), y.shape[:-1])

    def figures(self) -> list[float]:
        """The figures of the batch, in the order of the objective's names."""
        for rows in self._masked:
            rows.update()
        values = [function.value() for function, _ in self._losses]
        metrics = [metric.value() for metric in self._metrics]
        penalty = self.bounds.penalty() + self._plan.penalty()
        if not self._several:
            return [values[0] * self._losses[0][1] + penalty, *metrics]
        whole = sum(v * weight for v, (_, weight) in zip(values, self._losses, strict=True)) + penalty
        return [whole, *values, *metrics]

    def slopes(self) -> None:
        """Write the gradient of every loss, after `figures`."""
        for function in self._slopes:
            function.slope()


def fitted(goal: Goal, y: Array, t: Array) -> Array:
    """A target of all samples in the shape and type that the loss of its goal compares with."""
    sizes = target_sizes(goal.loss, y.shape)[1:]
    if prod(t.shape[1:]) != prod(sizes):
        raise CannotPair(
            Message(
                "{result} with {loss} needs targets of {expected}, but {target} has {got}.",
                result=goal.result,
                loss=goal.loss.key,
                expected=_sizes(sizes),
                target=goal.target,
                got=_sizes(t.shape[1:]),
            ),
            Message("Change the units of the last layer, the loss, or the target."),
        )
    if goal.loss.target == "classes" and t.dtype.kind == "f":
        broken = t[~(np.isfinite(t) & (t == np.floor(t)))]
        if len(broken):
            raise CannotPair(
                Message("{target} has {value}, which is no class number.", target=goal.target, value=f"{broken[0]:g}"),
                Message("Class numbers are whole. For other numbers, choose mean_squared_error."),
            )
    if goal.loss.target == "classes" and len(t) and not 0 <= t.min() <= t.max() < y.shape[-1]:
        raise CannotPair(
            Message(
                "{target} has class numbers from {low} to {high}, but {result} has {units} outputs.",
                target=goal.target,
                low=int(t.min()),
                high=int(t.max()),
                result=goal.result,
                units=y.shape[-1],
            ),
            Message("Give the last layer one unit for each class; class numbers start at 0."),
        )
    return np.ascontiguousarray(t, target_dtype(goal.loss, y.dtype)).reshape(len(t), *sizes)


def _sizes(sizes: tuple[int, ...]) -> str:
    return "×".join(map(str, sizes)) or "one value"


def _list(names: Collection[str]) -> str:
    return ", ".join(names) or "nothing"
