"""What the trainer's loop costs over the bare steps it makes: events, figures and order against the same arithmetic.

    python bench/training_overhead.py

Both sides do the same work on the same batches and are measured in turns; the medians are printed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from engine.objective import Objective, goals_of, logits_of
from engine.optimizers import stepper_of
from engine.plan import compile
from engine.trainer import Trainer, examples
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import SparseCategoricalCrossentropy
from graph.network import Network, Wire
from graph.recipe import TrainingRecipe

ROUNDS = 21
NETWORKS = {"playground 2-8-8-2, batch 32": (32, 2, 8, 8, 2), "digits 64-128-64-10, batch 32": (32, 64, 128, 64, 10)}


def sides(batch: int, sizes: tuple[int, ...], every: int) -> tuple[Callable[[], None], Callable[[], None], int]:
    """One epoch by the trainer, the same epoch step by step, and the steps in it."""
    layers = {"x": Input(shape=sizes[:1])} | {
        f"h{i}": Dense(n, activation="relu" if i < len(sizes) - 2 else "softmax") for i, n in enumerate(sizes[1:])
    }
    names = list(layers)
    network = Network.of(layers, [Wire(a, b) for a, b in pairwise(names)])
    recipe = TrainingRecipe(
        loss=SparseCategoricalCrossentropy(), metrics=("accuracy",), epochs=1, batch_size=batch, shuffle=False
    )
    goals = goals_of(infer(network), recipe, ["y"])
    plan = compile(network, batch, logits=logits_of(goals))
    objective = Objective(goals)
    rng = np.random.default_rng(0)
    steps = 1000
    x, y = rng.standard_normal((steps * batch, sizes[0])), rng.integers(0, sizes[-1], steps * batch)
    data = examples(plan, objective, {"x": x}, {"y": y})
    last = names[-1]
    stepper = stepper_of(recipe.optimizer, plan.parameters.trainable, plan.parameters.gradient)
    bound = objective.on(plan)
    rows = [np.arange(i * batch, (i + 1) * batch) for i in range(steps)]

    def bare() -> None:
        for chosen in rows:
            data.inputs["x"].take(chosen, 0, plan.inputs["x"], "clip")
            data.targets[last].take(chosen, 0, bound.targets[last], "clip")
            plan.forward()
            bound.figures()
            bound.slopes()
            plan.backward()
            stepper.step()

    def trained() -> None:
        for _ in Trainer(plan, objective, recipe, data).events(every):
            pass

    return trained, bare, steps


def seconds(work: Callable[[], None]) -> float:
    """How long one call takes."""
    began = perf_counter()
    work()
    return perf_counter() - began


def main() -> None:
    """Print the step times of both sides for each network."""
    for title, (batch, *sizes) in NETWORKS.items():
        for every in (1, 10):
            trained, bare, steps = sides(batch, tuple(sizes), every)
            pairs = [(seconds(trained), seconds(bare)) for _ in range(ROUNDS)]
            a, b = (median(times) / steps * 1e6 for times in zip(*pairs, strict=True))
            ratio = median(x / y for x, y in pairs)
            told = f"event every {every} steps" if every > 1 else "event every step"
            print(f"{title}, {told}: {a:.1f} µs a step, bare {b:.1f} µs, overhead {100 * (ratio - 1):.1f} %")


if __name__ == "__main__":
    main()
