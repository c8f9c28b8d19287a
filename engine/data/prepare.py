"""From samples to arrays a network can be trained on: split, filled, standardized, and targets as the losses want them.

What is learnt about the data on the way (means, deviations) is learnt from the training part alone, so that validation
and test stay unseen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from engine.data.preparation import InputPreparation, Preparation, TargetPreparation
from engine.data.problem import DataProblem
from engine.data.samples import Array, Samples
from engine.data.split import Split, split
from graph.datasets import TargetFacts
from graph.losses import TargetKind
from graph.message import Message
from graph.recipe import DataRecipe


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an output's loss compares with, and how many values the output gives, where that is known."""

    kind: TargetKind
    units: int | None = None


@dataclass(frozen=True)
class Part:
    """Prepared samples of one part. `rows` are their numbers among all samples, `weights` how much each counts."""

    inputs: Mapping[str, Array]
    targets: Mapping[str, Array]
    rows: Array
    weights: Array | None = None

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Prepared:
    """The three parts, how they were prepared, and how many samples of each class each part has.

    `class_counts[target][part]` counts the classes in their order, for the targets that have classes.
    """

    training: Part
    validation: Part
    test: Part
    preparation: Preparation
    class_counts: Mapping[str, Mapping[str, tuple[int, ...]]]
    digest: str

    @property
    def parts(self) -> dict[str, Part]:
        """The parts by name."""
        return {"training": self.training, "validation": self.validation, "test": self.test}


def prepare(
    samples: Samples,
    recipe: DataRecipe,
    wanted: Mapping[str, Wanted] | None = None,
    whole: Collection[str] | None = None,
) -> Prepared:
    """Prepare samples for training.

    `wanted` says for a target what its loss compares with; a target not named there stays what it is. `whole` names
    the inputs that go into an Embedding; left out, those are the ones that hold whole numbers. Raises DataProblem
    where a target cannot be what its loss wants, or a part would be empty that must not be.
    """
    parts = divided(samples, recipe)
    inputs = tuple(
        _input(samples, name, x, parts.training, recipe.standardize, whole) for name, x in samples.inputs.items()
    )
    targets = tuple(_target(name, facts, (wanted or {}).get(name)) for name, facts in samples.facts.targets.items())
    preparation = Preparation(inputs, targets, samples.words, samples.weighed_by)
    xs = preparation.apply(samples.inputs)
    ys = preparation.apply_targets(samples.targets)

    def part(rows: Array) -> Part:
        weights = None if samples.weights is None else samples.weights[rows]
        return Part({name: x[rows] for name, x in xs.items()}, {name: y[rows] for name, y in ys.items()}, rows, weights)

    counts = class_counts(samples, parts)
    return Prepared(part(parts.training), part(parts.validation), part(parts.test), preparation, counts, samples.digest)


def divided(samples: Samples, recipe: DataRecipe) -> Split:
    """The split a recipe asks for: by the classes of the first target that has any."""
    by = next((samples.targets[name] for name, facts in samples.facts.targets.items() if facts.kind == "classes"), None)
    parts = split(len(samples), recipe.validation, recipe.test, recipe.seed, by)
    if not len(parts.training):
        raise DataProblem(
            Message("No sample is left for training."), Message("Bring more samples, or make the other parts smaller.")
        )
    return parts


def class_counts(samples: Samples, parts: Split) -> dict[str, dict[str, tuple[int, ...]]]:
    """How many samples of each class each part has, for every target with classes."""
    rows = {"training": parts.training, "validation": parts.validation, "test": parts.test}
    return {
        name: {
            part: tuple(np.bincount(samples.targets[name][chosen], minlength=len(facts.classes)).tolist())
            for part, chosen in rows.items()
        }
        for name, facts in samples.facts.targets.items()
        if facts.kind == "classes"
    }


def _input(
    samples: Samples, name: str, x: Array, training: Array, standardize: bool, whole: Collection[str] | None
) -> InputPreparation:
    features = samples.features if x.ndim == 2 else ()
    shape = x.shape[1:]
    if name in whole if whole is not None else x.dtype.kind == "i":
        if x.dtype.kind != "i" and not bool(((x >= 0) & (x == np.floor(x)) & (x < 2**31)).all()):
            raise DataProblem(
                Message(
                    "The input {name!r} goes into an Embedding, but does not hold whole numbers from 0.", name=name
                ),
                Message("Take the Embedding out, or choose data of word numbers."),
            )
        return InputPreparation(name, shape, True, features=features)
    if x.ndim != 2:
        return InputPreparation(name, shape, scale=samples.scales.get(name))
    mean, deviation = _moments(x[training].astype(np.float64, copy=False))
    one_hot = np.repeat([f.column.kind == "category" for f in features], [f.width for f in features]).astype(bool)
    if len(one_hot):
        mean[one_hot], deviation[one_hot] = 0.0, 1.0
    gaps = any(feature.column.missing == "fill" for feature in features)
    return InputPreparation(
        name,
        shape,
        features=features,
        fill=tuple(mean.tolist()) if gaps else (),
        mean=tuple(mean.tolist()) if standardize else (),
        deviation=tuple(deviation.tolist()) if standardize else (),
    )


def _moments(x: Array) -> tuple[Array, Array]:
    """Mean and deviation of each column, leaving NaN out; the deviation of a column that never changes is 1."""
    known = ~np.isnan(x)
    count = np.maximum(known.sum(0), 1)
    mean = np.where(known, x, 0.0).sum(0) / count
    deviation = np.sqrt((np.where(known, x - mean, 0.0) ** 2).sum(0) / count)
    steady = deviation <= 1e-12 * np.maximum(np.abs(mean), 1e-300)
    return mean, np.where(steady, 1.0, deviation)


def _target(name: str, facts: TargetFacts, wanted: Wanted | None) -> TargetPreparation:
    classes = facts.classes
    if facts.kind != "classes":
        width = int(np.prod([size for size in facts.shape[1:] if size is not None]))
        if wanted is not None and (wanted.kind == "classes" or (wanted.kind != "values" and facts.kind == "values")):
            raise DataProblem(
                Message("The loss compares classes, but the target {name!r} holds numbers.", name=name),
                Message("Choose mean_squared_error, or make the target a category."),
                column=name,
            )
        return TargetPreparation(name, facts.kind if wanted is None else wanted.kind, (), width)
    kind = "classes" if wanted is None else wanted.kind
    units = None if wanted is None else wanted.units
    if kind == "classes":
        return TargetPreparation(name, kind, classes, 1)
    if kind == "binary" and len(classes) > 2 and units in (None, 1):
        raise DataProblem(
            Message("The loss tells 2 classes apart, but the target {name!r} has {n}.", name=name, n=len(classes)),
            Message("Choose sparse_categorical_crossentropy, with a softmax over {n} units.", n=len(classes)),
            column=name,
        )
    one_column = kind != "one_hot" and (units == 1 or (units is None and len(classes) == 2))
    return TargetPreparation(name, kind, classes, 1 if one_column else len(classes))
