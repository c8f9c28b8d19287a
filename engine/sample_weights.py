"""How much each sample counts in the loss of each result: by itself, and in training also by its class."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from engine.data import Part, Preparation
from engine.kernel import Array
from engine.objective import Goal
from graph.fields.weights import read_weights
from graph.recipe import TrainingRecipe


def weights_by_result(
    goals: Collection[Goal], part: Part, preparation: Preparation, recipe: TrainingRecipe | None = None
) -> dict[str, Array]:
    """The weight of every sample of a part by result; a result whose samples all count the same has none.

    `recipe` says how much the classes count; the weights of samples and classes are multiplied.
    """
    found = {goal.result: part.weights for goal in goals} if part.weights is not None else {}
    if recipe is None:
        return found
    for goal in goals:
        classes, said = preparation.target(goal.target).classes, recipe.class_weight_of(goal.result)
        if said is not None and classes:
            weights = weights_of_classes(part.targets[goal.target], _by_number(read_weights(said), classes))
            found[goal.result] = weights.astype(np.float32) * found.get(goal.result, np.float32(1.0))
    return found


def weights_of_classes(t: Array, weight: Mapping[int, float] | None = None) -> Array:
    """The weight of every sample by its class: a class number, or the place of its largest value.

    Without `weight`, each class counts as much as any other: n / (classes * its samples), as scikit-learn's "balanced".
    """
    classes = t.reshape(len(t), -1)
    numbers = classes.argmax(axis=1) if classes.shape[1] > 1 else classes[:, 0].astype(np.intp)
    if weight is not None:
        return np.array([weight.get(int(number), 1.0) for number in numbers])
    counts = np.bincount(numbers)
    balanced: Array = (len(numbers) / (np.count_nonzero(counts) * counts[numbers])).astype(float)
    return balanced


def _by_number(weights: Mapping[str, float] | None, classes: tuple[str, ...]) -> Mapping[int, float] | None:
    return None if weights is None else {classes.index(name): weight for name, weight in weights.items()}
