"""What inference finds: of one layer, and of a whole network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

from graph.datasets import DataFacts
from graph.layers.base import Weight
from graph.network import Network
from graph.problem import Problem
from graph.shapes import Shapes


@dataclass(frozen=True, slots=True)
class Inferred:
    """What is known of one layer. `outputs` is None where it has no shape.

    `masked_inputs` says which of the inputs have a mask, `masked` whether the first output has one; no other ever has.
    """

    inputs: Shapes = ()
    outputs: Shapes | None = None
    weights: Mapping[str, Weight] = field(default_factory=dict)
    macs: int = 0
    problems: tuple[Problem, ...] = ()
    entry: bool = False
    left_out: bool = False
    masked_inputs: tuple[bool, ...] = ()
    masked: bool = False

    @property
    def parameters(self) -> int:
        """How many numbers the layer holds."""
        return sum(prod(w.shape) for w in self.weights.values())


@dataclass(frozen=True)
class Inference:
    """What is known of every layer of a network, given what is known of the data.

    `sources` says which of the data's inputs each entry takes, where that is known.
    """

    network: Network
    facts: DataFacts | None
    layers: Mapping[str, Inferred]
    sources: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """All problems, in the order of the layers."""
        return tuple([problem for inferred in self.layers.values() for problem in inferred.problems])

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """The layers where samples come in, in order."""
        return tuple(name for name, inferred in self.layers.items() if inferred.entry)

    @cached_property
    def results(self) -> tuple[str, ...]:
        """The layers whose output is a result: Output nodes, and those nothing follows."""
        out_of, layers = self.network.wiring.out_of, self.network.layers
        return tuple(
            [
                name
                for name, inferred in self.layers.items()
                if (name not in out_of or layers[name].key == "Output") and not inferred.left_out
            ]
        )

    @cached_property
    def parameters(self) -> int:
        """How many numbers all layers hold."""
        return sum(inferred.parameters for inferred in self.layers.values())

    @cached_property
    def trainable_parameters(self) -> int:
        """How many of them training changes."""
        return sum(
            prod(weight.shape)
            for name, inferred in self.layers.items()
            if self.network.layers[name].trainable
            for weight in inferred.weights.values()
            if weight.trainable
        )

    @cached_property
    def macs(self) -> int:
        """Multiply-adds for one sample."""
        return sum(inferred.macs for inferred in self.layers.values())


NOTHING = Inferred()
"""What is known of a layer behind one that has no shape."""
