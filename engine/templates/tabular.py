"""The template that fits itself to a table: its width, its gaps, its targets, and the last layer and loss for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10
from pathlib import Path
from typing import Self

from engine.data.csv_file import preview, read_table
from engine.data.prepare import divided
from engine.data.samples import Samples
from engine.data.shipped import shipped
from engine.data.sources import find
from engine.templates.base import PAGE, Made, template
from graph.arrange import arrange
from graph.datasets import CsvFile, Iris, TargetFacts
from graph.layers import Layer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.normalization import Rescaling
from graph.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy
from graph.message import Message, plural
from graph.names import fresh
from graph.network import Network, Wire
from graph.optimizers import Adam
from graph.project import Project
from graph.recipe import DataRecipe, EarlyStopping, OutputRecipe, TrainingRecipe

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


@dataclass(frozen=True, slots=True)
class End:
    """The end of a network for one target, with what brings its results to the target's scale."""

    target: str
    head: Head
    scaled: Rescaling | None

    @classmethod
    def of(cls, samples: Samples, target: str, recipe: DataRecipe) -> Self:
        """The end for a target of loaded samples."""
        facts = samples.facts.targets[target]
        return cls(target, head(facts), None if facts.classes else rescaling(samples, target, recipe))

    @property
    def notes(self) -> tuple[Message, ...]:
        """What was assumed about the target."""
        if self.scaled is None:
            return (self.head.note,)
        return self.head.note, rescaling_note(self.target, self.scaled)


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
    return fitted(samples, recipe, seen.notes)


def fitted(samples: Samples, recipe: DataRecipe, notes: Sequence[Message] = ()) -> Made:
    """Two hidden layers between the columns of a loaded table and its targets, each with an end of its own.

    `notes` is what was assumed before. Raises ValueError for samples that `fits` refuses.
    """
    if not fits(samples):
        raise ValueError("these samples are no table with a target")
    ((_, shape),) = samples.facts.inputs.items()
    width = shape[1] or 0
    ends = [End.of(samples, target, recipe) for target in samples.facts.targets]
    names = ["output"] if len(ends) == 1 else [end.target for end in ends]
    taken = list(names)

    def named(wanted: str) -> str:
        taken.append(fresh(wanted, taken))
        return taken[-1]

    trunk = [named("input"), named("dense"), named("dense")]
    layers: dict[str, Layer] = dict(
        zip(trunk, [Input(shape=(width,)), Dense(64, activation="relu"), Dense(32, activation="relu")], strict=True)
    )
    wires = [Wire(before, after) for before, after in pairwise(trunk)]
    for name, end in zip(names, ends, strict=True):
        way = [trunk[-1], *([] if end.scaled is None else [named("dense")]), name]
        layers |= zip(way[1:], [end.head.layer, *([] if end.scaled is None else [end.scaled])], strict=True)
        wires += [Wire(before, after) for before, after in pairwise(way)]
    assumed = (
        *notes,
        Message(
            "{columns} become {inputs}, standardized where they are numbers.",
            columns=plural(len(samples.features) or width, "column"),
            inputs=plural(width, "input"),
        ),
        *(note for end in ends for note in end.notes),
    )
    network = Network.of(layers, wires)
    training = training_for(len(samples), dict(zip(names, ends, strict=True)))
    return Project(network, arrange(network, width=PAGE), recipe, training, "\n".join(assumed)), assumed


def fits(samples: Samples) -> bool:
    """Whether samples are rows of numbers with a target, which `fitted` makes a network for."""
    shapes, targets = list(samples.facts.inputs.values()), list(samples.facts.targets.values())
    flat = len(shapes) == 1 and len(shapes[0]) == 2 and not samples.words
    return (
        flat
        and bool(targets)
        and all(facts.kind == "classes" or (facts.kind == "values" and facts.shape[1:] == (1,)) for facts in targets)
    )


def training_for(rows: int, ends: Mapping[str, End]) -> TrainingRecipe:
    """A recipe for so many samples, with the loss and the metric of each end."""
    (_, first), *others = ends.items()
    own = {
        name: OutputRecipe(loss=end.head.loss, metrics=(end.head.metric,))
        for name, end in others
        if (end.head.loss, end.head.metric) != (first.head.loss, first.head.metric)
    }
    return TrainingRecipe(
        optimizer=optimizer_for(first.scaled),
        loss=first.head.loss,
        metrics=(first.head.metric,),
        outputs=own,
        epochs=30 if rows >= LARGE else 100,
        batch_size=256 if rows >= LARGE else 32,
        early_stopping=EarlyStopping(patience=15),
    )


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
