"""The template that fits itself to a table: its width, its gaps, its targets, and the last layer and loss for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.data.csv_file import preview, read_table
from engine.data.shipped import shipped
from engine.data.sources import find
from engine.templates.base import Made, chain, template
from graph.datasets import CsvFile, Iris, TargetFacts
from graph.layers import Layer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy
from graph.message import Message, plural
from graph.optimizers import Adam
from graph.recipe import DataRecipe, EarlyStopping, TrainingRecipe

LARGE = 20_000
"""From so many rows on, batches are larger and epochs fewer."""


FAR = 10.0
"""A target whose deviation is larger than this takes larger steps to reach."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a network for one target: its last layer, its loss, what is measured, and a sentence about it."""

    layer: Layer
    loss: Loss
    metric: str
    note: Message


def head(facts: TargetFacts) -> Head:
    """The last layer and the loss that fit a target."""
    count = len(facts.classes)
    if count == 2:
        note = Message(
            "Two classes: the last layer is one sigmoid unit, the probability of {one!r}, with binary_crossentropy.",
            one=facts.classes[1],
        )
        return Head(Dense(1, activation="sigmoid"), BinaryCrossentropy(), "accuracy", note)
    if count:
        note = Message(
            "{n} classes: the last layer is a softmax over {n} units, with sparse_categorical_crossentropy.", n=count
        )
        return Head(Dense(count, activation="softmax"), SparseCategoricalCrossentropy(), "accuracy", note)
    note = Message("A number: the last layer is one unit without activation, with mean_squared_error.")
    return Head(Dense(1), MeanSquaredError(), "mean_absolute_error", note)


@template(
    "tabular",
    Message("Table"),
    Message("A network that fits itself to a CSV file: columns, classes, last layer and loss."),
)
def tabular(data: Path | None) -> Made:
    """Two hidden layers between the columns of a table and its target; without a table, the iris flowers."""
    source = shipped("iris.csv") if data is None else find(str(data), None)
    seen = preview(source)
    samples = read_table(source, seen.columns)
    rows = len(samples)
    (target, facts), *_ = samples.facts.targets.items()
    end = head(facts)
    width = samples.facts.inputs["x"][1] or 0
    layers = {
        "input": Input(shape=(width,)),
        "dense": Dense(64, activation="relu"),
        "dense_1": Dense(32, activation="relu"),
        "output": end.layer,
    }
    far = not facts.classes and float(samples.targets[target].std()) > FAR
    training = TrainingRecipe(
        optimizer=Adam(learning_rate=0.01 if far else 0.001),
        loss=end.loss,
        metrics=(end.metric,),
        epochs=30 if rows >= LARGE else 100,
        batch_size=256 if rows >= LARGE else 32,
        early_stopping=EarlyStopping(patience=15),
    )
    recipe = DataRecipe(source=Iris() if data is None else CsvFile(path=str(data.absolute())), columns=seen.columns)
    used = sum(column.role == "feature" for column in seen.columns)
    assumed = (
        *seen.notes,
        Message(
            "{columns} become {inputs}, standardized where they are numbers.",
            columns=plural(used, "column"),
            inputs=plural(width, "input"),
        ),
        end.note,
        *([Message("Its numbers lie far apart, so the learning rate is 0.01.")] if far else []),
    )
    project = chain(layers, recipe, training, "\n".join(assumed))
    return project, assumed
