"""All weights of a network in one flat vector, with named views into it.

What training changes comes first, so the optimizer is one pass over one vector, `trainable`, and its gradient
`gradient` of the same length. Behind it lie the weights that it does not change: frozen layers, moving averages.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from engine.initializers import initialize
from engine.kernel import Array
from graph.infer import Inference


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one weight in the flat vector."""

    layer: str
    weight: str
    shape: tuple[int, ...]
    initializer: str
    trainable: bool
    start: int
    ones: tuple[int, int] = (0, 0)
    regularizer: str | None = None
    constraint: str | None = None

    @property
    def name(self) -> str:
        """The weight's name in files: `dense/kernel`."""
        return f"{self.layer}/{self.weight}"

    def view(self, flat: Array) -> Array:
        """This weight's numbers in `flat`, in its shape."""
        return flat[self.start : self.start + prod(self.shape)].reshape(self.shape)


class Parameters:
    """The weights of a network, and the gradient of those that train."""

    def __init__(self, inference: Inference, dtype: DTypeLike = np.float32) -> None:
        self.slots = tuple(layout(inference))
        self.size = sum(prod(slot.shape) for slot in self.slots)
        trainable = sum(prod(slot.shape) for slot in self.slots if slot.trainable)
        self.values: Array = np.zeros(self.size, dtype)
        self.gradient: Array = np.zeros(trainable, dtype)
        self.trainable = self.values[:trainable]
        self._views = {slot.name: slot.view(self.values) for slot in self.slots}

    def of(self, layer: str) -> dict[str, Array]:
        """The weights of one layer by name."""
        return {slot.weight: self._views[slot.name] for slot in self.slots if slot.layer == layer}

    def gradients_of(self, layer: str) -> dict[str, Array]:
        """The gradients of one layer's weights; none for those that do not train."""
        return {s.weight: s.view(self.gradient) for s in self.slots if s.layer == layer and s.trainable}

    def arrays(self) -> list[slice]:
        """The places of the weights that train, in `trainable` and in `gradient`."""
        return [slice(s.start, s.start + prod(s.shape)) for s in self.slots if s.trainable]

    def named(self) -> Mapping[str, Array]:
        """Every weight by its name in files."""
        return self._views

    def load(self, named: Mapping[str, Array]) -> None:
        """Take the values of all weights. Raises WrongWeights where one is missing or has another shape."""
        for slot in self.slots:
            given = named.get(slot.name)
            if given is None:
                have = ", ".join(list(named)[:6]) or "nothing"
                raise WrongWeights(f"The weights have nothing for {slot.name}; they have {have}.")
            if given.shape != slot.shape:
                raise WrongWeights(f"{slot.name} has the shape {given.shape}, but the network needs {slot.shape}.")
        for slot in self.slots:
            np.copyto(self._views[slot.name], named[slot.name], casting="same_kind")

    def initialize(self, seed: int) -> None:
        """Begin anew. Each weight's numbers follow from the seed and its name, whatever else is in the network."""
        for slot in self.slots:
            key = zlib.crc32(slot.name.encode())
            generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=(key,))))
            initialize(slot.initializer, self._views[slot.name], generator)
            self._views[slot.name].reshape(-1)[slice(*slot.ones)] = 1.0


class WrongWeights(ValueError):
    """Weights that do not belong to this network; the text says which and why."""


def layout(inference: Inference) -> Iterator[Slot]:
    """The place of every weight: those that train first, each part in the order of the layers."""
    start = 0
    for wanted in (True, False):
        for name, inferred in inference.layers.items():
            frozen = not inference.network.layers[name].trainable
            for weight, about in inferred.weights.items():
                trainable = about.trainable and not frozen
                if trainable is wanted:
                    rules = (about.ones, about.regularizer, about.constraint)
                    yield Slot(name, weight, about.shape, about.initializer, trainable, start, *rules)
                    start += prod(about.shape)
