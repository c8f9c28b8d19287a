"""Small projects that train within a moment."""

from __future__ import annotations

from graph.arrange import with_positions
from graph.datasets import Spirals
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.regularization import Dropout
from graph.losses import SparseCategoricalCrossentropy
from graph.optimizers import Adam
from graph.project import Project
from graph.recipe import DataRecipe, TrainingRecipe
from tests.engine.training.reference import chain


def spirals(epochs: int = 3, samples: int = 120) -> Project:
    """Two spirals and a small network with a Dropout."""
    network = chain(
        ("input", Input()),
        ("hidden", Dense(8, activation="relu")),
        ("dropout", Dropout(0.2)),
        ("output", Dense(2, activation="softmax")),
    )
    recipe = TrainingRecipe(Adam(0.01), SparseCategoricalCrossentropy(), ("accuracy",), epochs=epochs)
    return with_positions(Project(network, {}, DataRecipe(Spirals(samples=samples)), recipe))
