"""The template that fits itself to a table: its width, its gaps, its targets, and the last layer and loss for each."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from pathlib import Path

from engine.data.csv_file import preview, read_table
from engine.data.prepare import divided
from engine.data.samples import Samples
from engine.data.shipped import shipped
from engine.data.sources import find
from engine.templates.base import Made, chain, template
from graph.datasets import CsvFile, Iris, TargetFacts
from graph.layers import Layer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.normalization import Rescaling
from graph.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy
from graph.message import Message, plural
from graph.optimizers import Adam
from graph.recipe import DataRecipe, EarlyStopping, TrainingRecipe

LARGE = 20_000
"""From so many rows on, batches are larger and epochs fewer."""
FAR = 10.0
"""A target whose deviation or mean is larger than this, or its deviation smaller than one by it, is rescaled."""


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
    recipe = DataRecipe(source=Iris() if data is None else CsvFile(path=str(data.absolute())), columns=seen.columns)
    rows = len(samples)
    (target, facts), *_ = samples.facts.targets.items()
    end = head(facts)
    scaled = None if facts.classes else rescaling(samples, target, recipe)
    width = samples.facts.inputs["x"][1] or 0
    layers = {
        "input": Input(shape=(width,)),
        "dense": Dense(64, activation="relu"),
        "dense_1": Dense(32, activation="relu"),
        **({"output": end.layer} if scaled is None else {"dense_2": end.layer, "output": scaled}),
    }
    training = TrainingRecipe(
        optimizer=optimizer_for(scaled),
        loss=end.loss,
        metrics=(end.metric,),
        epochs=30 if rows >= LARGE else 100,
        batch_size=256 if rows >= LARGE else 32,
        early_stopping=EarlyStopping(patience=15),
    )
    used = sum(column.role == "feature" for column in seen.columns)
    assumed = (
        *seen.notes,
        Message(
            "{columns} become {inputs}, standardized where they are numbers.",
            columns=plural(used, "column"),
            inputs=plural(width, "input"),
        ),
        end.note,
        *([] if scaled is None else [rescaling_note(target, scaled)]),
    )
    project = chain(layers, recipe, training, "\n".join(assumed))
    return project, assumed


def rescaling(samples: Samples, target: str, recipe: DataRecipe) -> Rescaling | None:
    """From unit scale to that of a target: its deviation and mean over the training samples; None where it is near.

    The layers before it then learn values around 0, as they do best, and the figures stay in the target's own unit.
    """
    values = samples.targets[target][divided(samples, recipe).training]
    mean, deviation = float(values.mean()), float(values.std())
    if deviation == 0 or (1 / FAR <= deviation <= FAR and abs(mean) <= FAR):
        return None
    digits = 2 - floor(log10(deviation))
    return Rescaling(round(deviation, digits), round(mean, digits))


def optimizer_for(scaled: Rescaling | None) -> Adam:
    """Adam; slopes shrink with the square of a target's scale, so what it adds to their size must shrink with them."""
    if scaled is None or scaled.scale >= 1.0:
        return Adam()
    return Adam(epsilon=float(f"{Adam().epsilon * scaled.scale**2:.0e}"))


def rescaling_note(target: str, scaled: Rescaling) -> Message:
    """What was assumed about a target far from unit scale."""
    return Message(
        "The numbers of {target!r} lie around {mean:,g} with a deviation of {deviation:,g}: "
        "a Rescaling at the end brings the results there.",
        target=target,
        mean=scaled.offset,
        deviation=scaled.scale,
    )
