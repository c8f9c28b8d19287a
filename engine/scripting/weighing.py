"""How much each sample counts: as it is said, or by its class."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np

from engine.kernel import Array
from engine.objective import Objective
from engine.plan import Plan
from engine.row_weights import along
from engine.sample_weights import weights_of_classes
from engine.scripting.arrays import Arrays, named, same_count
from engine.scripting.wrong import WrongUse
from graph.fields.weights import read_weights
from graph.recipe import TrainingRecipe

Names = tuple[str, ...]


def by_sample(targets: Arrays, sample_weight: Any) -> Arrays:
    """The weights of samples, or of their places, by the name of the output; empty where all count the same."""
    if sample_weight is None:
        return {}
    spread = (
        sample_weight if isinstance(sample_weight, Mapping | list | tuple) else dict.fromkeys(targets, sample_weight)
    )
    found = named(spread, tuple(targets), "output")
    same_count(output=targets, sample_weight=found)
    for name, one in found.items():
        wrong = np.argwhere(~np.isfinite(one))
        if len(wrong):
            raise WrongUse(f"sample_weight of {name}: sample {wrong[0, 0]:,} has the weight {one[tuple(wrong[0])]}.")
    return found


def fitted(weights: Arrays, plan: Plan) -> dict[str, Array]:
    """The weights in the type of the outputs. Raises WrongUse where they fit neither the samples nor their places."""
    return {name: _fitted(name, weight, plan) for name, weight in weights.items()}


def _fitted(name: str, weight: Array, plan: Plan) -> Array:
    y, mask = plan.outputs[name], plan.masks.get(name)
    places = y.shape[1:-1] if mask is None else mask.shape[1:]
    sizes = weight.shape[1:] if weight.shape[1:] != (1,) or places[:1] == (1,) else ()
    if sizes != places[: len(sizes)]:
        each = f", or one for each of its {'×'.join(map(str, places))} places" if places else ""
        raise WrongUse(f"sample_weight of {name}: expected one number a sample{each}, received {weight.shape}.")
    return np.ascontiguousarray(weight.reshape(-1, *sizes), y.dtype)


def by_class(targets: Arrays, class_weight: Mapping[int, float] | str) -> Arrays:
    """The weight of every sample of the one output there is."""
    if len(targets) > 1:
        raise WrongUse("class_weight is for a model with one output. Give sample_weight, by the name of the output.")
    if class_weight != "balanced" and not (
        isinstance(class_weight, Mapping) and all(map(_is_weight, class_weight.values()))
    ):
        raise WrongUse(
            f'class_weight: expected a dict such as {{0: 1.0, 1: 5.0}}, or "balanced", received {class_weight!r}.'
        )
    for name, t in targets.items():
        broken = [] if t.size > len(t) else t[~(np.isfinite(t) & (t == np.floor(t)) & (t >= 0))]
        if len(broken):
            raise WrongUse(f"class_weight is for classes, but {name} has {broken[0]:g}, which is no class number.")
    given = None if isinstance(class_weight, str) else class_weight
    return {name: weights_of_classes(t, given) for name, t in targets.items()}


def by_recipe(
    targets: Arrays, weights: Arrays, objective: Objective, recipe: TrainingRecipe, classes: Mapping[str, Names]
) -> Arrays:
    """The weights of samples times those of their classes in the recipe, which names them as `classes` does."""
    found = dict(weights)
    for goal in objective.goals:
        said = recipe.class_weight_of(goal.result)
        if said is not None and goal.loss.target != "values":
            given = _by_number(read_weights(said), classes.get(goal.result, ()))
            own = weights.get(goal.result, np.float64(1.0))
            found[goal.result] = along(weights_of_classes(targets[goal.result], given), max(own.ndim, 1)) * own
    return found


def not_both(class_weight: object, sample_weight: object) -> None:
    """Raise WrongUse where samples are weighed in two ways."""
    if sample_weight is not None and class_weight is not None:
        raise WrongUse("Give class_weight or sample_weight; multiply them yourself where you want both.")


def _is_weight(value: object) -> bool:
    return isinstance(value, Real) and isfinite(value)


def _by_number(weights: Mapping[str, float] | None, classes: Names) -> Mapping[int, float] | None:
    """The weights of the classes by their numbers; a class is called by its number where no names are known."""
    if weights is None:
        return None
    numbers = {name: number for number, name in enumerate(classes)}
    unknown = [name for name in weights if name not in numbers and not (name.isdecimal() and not classes)]
    if unknown:
        raise WrongUse(
            f"The recipe weighs the class {unknown[0]!r}, but arrays have class numbers only. "
            "Give class_weight={0: ..., 1: ...}, or take the samples from model.data(), which knows the names."
        )
    return {numbers[name] if classes else int(name): weight for name, weight in weights.items()}
