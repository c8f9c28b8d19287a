"""One layer of a model, with the weights it has there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.kernel import Array
from engine.parameters import Parameters
from engine.scripting.wrong import WrongUse
from graph.inference import Inferred
from graph.layers import Layer
from graph.shapes import Shape


class ModelLayer:
    """A layer by its name. What it gives of weights are copies; `set_weights` changes them."""

    def __init__(self, name: str, declaration: Layer, inferred: Inferred, parameters: Parameters) -> None:
        self.name, self.declaration = name, declaration
        self._inferred, self._parameters = inferred, parameters

    def __repr__(self) -> str:
        return f"<{self.declaration.key} {self.name!r}, output {self.output_shape}>"

    @property
    def input_shape(self) -> Shape | tuple[Shape, ...]:
        """The shape of what comes in, the batch first; a tuple of shapes where several come in."""
        return _one_or_all(self._inferred.inputs)

    @property
    def output_shape(self) -> Shape | tuple[Shape, ...]:
        """The shape of what it gives, the batch first; a tuple of shapes where it gives several."""
        return _one_or_all(self._inferred.outputs or ())

    @property
    def trainable(self) -> bool:
        """Whether training changes its weights."""
        return self.declaration.trainable

    @property
    def weights(self) -> Mapping[str, Array]:
        """Its weights by name, in Keras's order."""
        arrays = self._parameters.of(self.name)
        return {name: arrays[name].copy() for name in self._inferred.weights}

    def get_config(self) -> dict[str, Any]:
        """Its parameters by name."""
        return self.declaration.config()

    def get_weights(self) -> list[Array]:
        """Its weights in Keras's order: those that train first."""
        return list(self.weights.values())

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Take values for all its weights. Raises WrongUse, and changes nothing, where they do not fit."""
        take([self], weights)

    def count_params(self) -> int:
        """How many numbers it holds."""
        return self._inferred.parameters

    def places(self) -> list[tuple[str, Array]]:
        """Each weight's name in files, and the array that the model computes with."""
        arrays = self._parameters.of(self.name)
        return [(f"{self.name}/{name}", arrays[name]) for name in self._inferred.weights]


def take(layers: Sequence[ModelLayer], weights: Sequence[Any]) -> None:
    """Set the weights of layers, in order. Raises WrongUse, and changes nothing, where they do not fit."""
    places = [place for layer in layers for place in layer.places()]
    if len(places) != len(weights):
        names = ", ".join(name for name, _ in places) or "none"
        raise WrongUse(f"Expected {len(places)} arrays of weights ({names}), received {len(weights)}.")
    arrays = [np.asarray(one) for one in weights]
    for (name, w), given in zip(places, arrays, strict=True):
        if given.shape != w.shape:
            raise WrongUse(f"{name} has the shape {w.shape}, but received an array of {given.shape}.")
    for (_, w), given in zip(places, arrays, strict=True):
        np.copyto(w, given, casting="same_kind")


def _one_or_all(shapes: tuple[Shape, ...]) -> Shape | tuple[Shape, ...]:
    return shapes[0] if len(shapes) == 1 else shapes
