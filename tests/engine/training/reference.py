"""The values Keras gave, and small networks that several tests train."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.kernel import Array
from engine.objective import Objective, goals_of, logits_of
from engine.plan import compile
from engine.trainer import State, Trainer, examples
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.regularization import Dropout
from graph.losses import SparseCategoricalCrossentropy
from graph.network import Network, Wire
from graph.recipe import TrainingRecipe

STORED = Path(__file__).parents[2] / "reference"


@cache
def stored(family: str = "") -> dict[str, Array]:
    """What Keras gave, as the `make_training_...` of that family has written it."""
    name = f"training_{family}.npz" if family else "training.npz"
    with np.load(STORED / name, allow_pickle=False) as file:
        return dict(file)


def chain(*layers: tuple[str, object]) -> Network:
    """Layers one behind the other."""
    names = [name for name, _ in layers]
    return Network.of(dict(layers), [Wire(a, b) for a, b in pairwise(names)])  # type: ignore[arg-type]


def classifier(dropout: float = 0.0) -> Network:
    """Two inputs, three classes."""
    return chain(
        ("x", Input(shape=(2,))),
        ("hidden", Dense(8, activation="relu")),
        ("dropout", Dropout(dropout)),
        ("y", Dense(3, activation="softmax")),
    )


def samples(count: int, seed: int = 0) -> tuple[Array, Array]:
    """Points of a plane and the ring each lies in."""
    x = np.random.default_rng(seed).standard_normal((count, 2)).astype(np.float32)
    return x, np.digitize((x**2).sum(1), [0.7, 2.0]).astype(np.int32)


RECIPE = TrainingRecipe(loss=SparseCategoricalCrossentropy(), metrics=("accuracy",), epochs=6, batch_size=16)


def trainer(
    recipe: TrainingRecipe = RECIPE, network: Network | None = None, validation: int = 30, state: State | None = None
) -> Trainer:
    """A trainer of a new classifier on 90 samples, with some to validate."""
    network = network or classifier(0.3)
    goals = goals_of(infer(network), recipe, ["y"])
    plan = compile(network, recipe.batch_size, logits=logits_of(goals), seed=recipe.seed)
    objective = Objective(goals)
    x, t = samples(90 + validation)
    training = examples(plan, objective, {"x": x[:90]}, {"y": t[:90]})
    held_out = examples(plan, objective, {"x": x[90:]}, {"y": t[90:]})
    return Trainer(plan, objective, recipe, training, held_out, state)
