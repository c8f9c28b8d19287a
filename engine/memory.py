"""How much memory training takes, told before it begins.

A plan is bound and thrown away. Its arrays are zeros that nobody writes to, which costs addresses and hardly any
memory, so what is counted is what a run allocates, whatever its kernels ask for.
"""

from __future__ import annotations

import numpy as np

from engine.bind import Purpose
from engine.objective import Objective, goals_of, logits_of
from engine.optimizers import vectors_of
from engine.parameters import Parameters
from engine.plan import Plan
from graph.inference import Inference
from graph.recipe import TrainingRecipe


def training_memory(inference: Inference, recipe: TrainingRecipe) -> int:
    """Bytes of weights, gradients, values, targets and scratch of one batch, and of the optimizer's vectors.

    The inference is that of a network without errors. The samples come on top. Raises UnknownSize where a shape stays
    open, CannotPair where results and targets do not belong together, MemoryError where it is more than there is.
    """
    targets = inference.results if inference.facts is None else tuple(inference.facts.targets)
    goals = goals_of(inference, recipe, targets)
    parameters = Parameters(inference)
    generators = dict.fromkeys(inference.network.layers, np.random.default_rng(0))
    plan = Plan(inference, samples_in_step(inference, recipe), parameters, generators, Purpose(True, logits_of(goals)))
    objective = Objective(goals).on(plan)
    return plan.memory().total + objective.nbytes + vectors_of(recipe.optimizer) * parameters.trainable.nbytes


def samples_in_step(inference: Inference, recipe: TrainingRecipe) -> int:
    """How many samples a step takes: at most all that the data has."""
    samples = inference.facts.samples if inference.facts is not None else 0
    return recipe.batch_size or max(samples, 1)
