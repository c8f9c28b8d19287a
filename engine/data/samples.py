"""Loaded samples: arrays by name, as they come from their source and before they are split."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.datasets import Column, DataFacts
from graph.message import Message

Array = NDArray[Any]

MEMORY_LIMIT = 4 * 2**30
"""Bytes that the samples of one data set may take."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of a table that the input is made of. A category column takes one place for each category.

    The category "" is that of the empty cells, where they are filled.
    """

    column: Column
    categories: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many places it takes in the input."""
        return len(self.categories) if self.column.kind == "category" else 1

    def labels(self) -> list[str]:
        """The name of each place."""
        if self.column.kind == "number":
            return [self.column.name]
        return [f"{self.column.name} = {category or '(empty)'}" for category in self.categories]


@dataclass(frozen=True)
class Samples:
    """Every sample of a data set, the first axis of each array counting samples.

    `inputs` are float arrays (float64 from a table, NaN in cells still to be filled) or whole numbers (words).
    `targets` are class numbers (int32, one axis) or numbers (float, samples × values). `features` are the columns
    behind the one input of a table, `scales` what whole-number images were divided by, `words` what the numbers of a
    text stand for, `notes` what was assumed while reading, `digest` a hash of where it all came from. `weights`
    say how much each sample counts in the loss, None where all count the same; `weighed_by` is the column or array that
    they were read from.
    """

    inputs: Mapping[str, Array]
    targets: Mapping[str, Array]
    facts: DataFacts
    digest: str
    features: tuple[Feature, ...] = ()
    scales: Mapping[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    weights: Array | None = None
    weighed_by: str | None = None

    def __len__(self) -> int:
        return self.facts.samples

    @property
    def feature_names(self) -> list[str]:
        """The name of each value of a table's input."""
        return [label for feature in self.features for label in feature.labels()]


def digest_of(arrays: Mapping[str, Array]) -> str:
    """A hash of arrays: the same names, shapes, types and values give the same text."""
    hashed = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        hashed.update(f"{name}:{little.dtype.str}:{little.shape};".encode())
        hashed.update(little.tobytes())
    return hashed.hexdigest()
