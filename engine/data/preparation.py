"""Everything that was done to the training samples, as a small value, so that the same can be done to new ones.

It is kept beside the weights: a network without it does not know in which order its columns stood, what they were
standardized by, or which class is number 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data.problem import DataProblem
from engine.data.samples import Array, Feature
from graph.datasets import Column
from graph.losses import TargetKind
from graph.message import Message


@dataclass(frozen=True, slots=True)
class InputPreparation:
    """What is done to one input: fill NaN, take `mean` away, divide by `deviation`.

    The three have one value for each place of the last axis, or are empty where nothing is done. `features` are the
    columns of a table that the input is made of. `scale` is what whole-number images are divided by while they are
    read. `whole` inputs are word numbers and stay int32.
    """

    name: str
    shape: tuple[int, ...]
    whole: bool = False
    scale: float | None = None
    features: tuple[Feature, ...] = ()
    fill: tuple[float, ...] = ()
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()

    def apply(self, x: Array) -> Array:
        """Samples as they were read, as the network takes them. Raises DataProblem for a number float32 cannot hold."""
        if self.whole:
            return np.ascontiguousarray(x, np.int32)
        if self.fill:
            x = np.where(np.isnan(x), np.array(self.fill), x)
        with np.errstate(over="ignore"):
            if self.mean:
                x = (x - np.array(self.mean)) / np.array(self.deviation)
            prepared = np.ascontiguousarray(x, np.float32)
        if not bool(np.isfinite(prepared).all()):
            raise DataProblem(
                Message(
                    "The input {name!r} holds a number that is too large, once it is standardized.", name=self.name
                ),
                Message("Look for a mistyped number, or switch standardisation off."),
            )
        return prepared


@dataclass(frozen=True, slots=True)
class TargetPreparation:
    """What one target is to its loss: the kind the loss compares with, its classes, and how many values it has."""

    name: str
    kind: TargetKind
    classes: tuple[str, ...] = ()
    width: int = 1

    def apply(self, y: Array) -> Array:
        """Class numbers or values as the loss takes them: int32 class numbers, otherwise float32 columns."""
        if self.kind == "classes":
            return np.ascontiguousarray(y.reshape(-1), np.int32)
        if self.classes and self.width > 1:
            return np.ascontiguousarray(np.eye(self.width, dtype=np.float32)[y.reshape(-1)])
        return np.ascontiguousarray(y.reshape(len(y), -1) if y.ndim == 1 else y, np.float32)


@dataclass(frozen=True, slots=True)
class Preparation:
    """How samples are prepared for one network.

    `weighed_by` is the column or array that says how much each sample counts, where there is one.
    """

    inputs: tuple[InputPreparation, ...]
    targets: tuple[TargetPreparation, ...]
    words: tuple[str, ...] = ()
    weighed_by: str | None = None

    def input(self, name: str) -> InputPreparation:
        """What is done to the input `name`."""
        return next(one for one in self.inputs if one.name == name)

    def target(self, name: str) -> TargetPreparation:
        """What is done to the target `name`."""
        return next(one for one in self.targets if one.name == name)

    def apply(self, inputs: Mapping[str, Array]) -> dict[str, Array]:
        """Inputs as they were read, as the network takes them."""
        return {one.name: one.apply(inputs[one.name]) for one in self.inputs}

    def apply_targets(self, targets: Mapping[str, Array]) -> dict[str, Array]:
        """Those targets that are there, as the losses take them."""
        return {one.name: one.apply(targets[one.name]) for one in self.targets if one.name in targets}

    def to_json(self) -> dict[str, Any]:
        """This value in lists, texts and numbers."""
        return {
            "inputs": [_input_to_json(one) for one in self.inputs],
            "targets": [
                {"name": one.name, "kind": one.kind, "classes": list(one.classes), "width": one.width}
                for one in self.targets
            ],
            "words": list(self.words),
            "weighed_by": self.weighed_by,
        }

    @classmethod
    def from_json(cls, stored: Any) -> Preparation:
        """The value that `to_json` gave. Raises ValueError where it is none."""
        try:
            weighed_by = stored.get("weighed_by")
            return cls(
                tuple(_input_from_json(one) for one in stored["inputs"]),
                tuple(
                    TargetPreparation(str(one["name"]), _kind(one["kind"]), _texts(one["classes"]), int(one["width"]))
                    for one in stored["targets"]
                ),
                _texts(stored["words"]),
                None if weighed_by is None else str(weighed_by),
            )
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
            raise ValueError(
                Message("The preparation of the data is damaged: {error!r}. Train the network again.", error=error)
            ) from error


def _kind(value: Any) -> TargetKind:
    if value not in ("values", "classes", "one_hot", "binary"):
        raise ValueError(f"unknown kind of target {value!r}")
    kind: TargetKind = value
    return kind


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in values)


def _floats(values: Any) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _input_to_json(one: InputPreparation) -> dict[str, Any]:
    features = [
        {
            "column": feature.column.name,
            "kind": feature.column.kind,
            "missing": feature.column.missing,
            "categories": list(feature.categories),
        }
        for feature in one.features
    ]
    return {
        "name": one.name,
        "shape": list(one.shape),
        "whole": one.whole,
        "scale": one.scale,
        "features": features,
        "fill": list(one.fill),
        "mean": list(one.mean),
        "deviation": list(one.deviation),
    }


def _input_from_json(stored: Any) -> InputPreparation:
    features = tuple(
        Feature(
            Column(
                str(one["column"]),
                "feature",
                "category" if one["kind"] == "category" else "number",
                "fill" if one["missing"] == "fill" else "refuse",
            ),
            _texts(one["categories"]),
        )
        for one in stored["features"]
    )
    shape = tuple(int(size) for size in stored["shape"])
    fill, mean, deviation = (_floats(stored[key]) for key in ("fill", "mean", "deviation"))
    if {len(fill), len(mean), len(deviation)} - {0, *shape[-1:]} or len(mean) != len(deviation):
        raise ValueError(f"fill, mean or deviation are not for {shape[-1:]} values")
    if min(deviation, default=1.0) <= 0:
        raise ValueError("a deviation is not above 0")
    scale = None if stored["scale"] is None else float(stored["scale"])
    if scale is not None and scale <= 0:
        raise ValueError("a scale is not above 0")
    return InputPreparation(str(stored["name"]), shape, bool(stored["whole"]), scale, features, fill, mean, deviation)
