"""A network whose shapes are known, its weights, and the plans that run it: one for every shape its samples come in."""

from __future__ import annotations

import numpy as np

from engine.parameters import Parameters
from engine.plan import CannotCompile, Plan, compile
from engine.scripting.arrays import Arrays
from engine.scripting.layer import ModelLayer
from engine.scripting.wrong import WrongUse
from engine.vocabulary import embeddings
from graph import edits
from graph.datasets import DataFacts
from graph.infer import Inference, infer
from graph.network import Network
from graph.problem import Severity
from graph.project import Project
from graph.shapes import Shape


class Built:
    """Made from a network that states its input shapes. Raises CannotCompile where it does not, or has other errors."""

    def __init__(self, network: Network, seed: int) -> None:
        self.inference = sound(infer(network))
        self.parameters = Parameters(self.inference)
        self.parameters.initialize(seed)
        self._seed = seed
        self._plans: dict[tuple[object, ...], Plan] = {}

    def plan(self, inputs: Arrays, logits: tuple[str, ...] = ()) -> Plan:
        """A plan for samples of these shapes, with the weights of all others; made once and kept.

        Raises WrongUse where the samples hold a number that an Embedding has no vector for.
        """
        check_words(self.inference, inputs)
        facts = facts_of(inputs)
        key = (tuple(facts.inputs.items()), logits)
        if key not in self._plans:
            network = self.inference.network
            self._plans[key] = compile(
                network, 1, facts=facts, training=False, logits=logits, seed=self._seed, parameters=self.parameters
            )
        return self._plans[key]

    def layers(self) -> list[ModelLayer]:
        """Every layer, each after those it depends on."""
        found = self.inference
        return [
            ModelLayer(name, found.network.layers[name], one, self.parameters) for name, one in found.layers.items()
        ]


def check_words(inference: Inference, inputs: Arrays) -> None:
    """Raise WrongUse where the samples hold a number that an Embedding has no vector for."""
    for entry, vocabulary in embeddings(inference).items():
        words = inputs[entry]
        expected = f"{entry}: expected whole numbers from 0 to {vocabulary - 1:,}"
        if words.dtype.kind == "f" and not np.array_equal(words, np.floor(words)):
            raise WrongUse(
                f"{expected}, received {words[words != np.floor(words)][0]}. An Embedding looks words up by them."
            )
        low, high = words.min(), words.max()
        if low < 0 or high >= vocabulary:
            raise WrongUse(f"{expected}, received {low:,} to {high:,}. Give the Embedding a larger input_dim.")


def facts_of(inputs: Arrays) -> DataFacts:
    """What arrays say of the shapes of samples."""
    shapes: dict[str, Shape] = {name: (None, *x.shape[1:]) for name, x in inputs.items()}
    return DataFacts(0, shapes, {})


def sound(inference: Inference) -> Inference:
    """The inference, where it has no errors. Raises CannotCompile otherwise."""
    errors = tuple(problem for problem in inference.problems if problem.severity is Severity.ERROR)
    if errors:
        raise CannotCompile(errors)
    return inference


def with_shapes(project: Project, inputs: Arrays) -> Project:
    """The project with the shapes of these samples stated where nothing states them yet."""
    inference = sound(infer(project.network, facts_of(inputs)))
    for entry in inference.entries:
        layer = project.network.layers[entry]
        if layer.stated_input() is None:
            stated = inference.layers[entry].inputs[0][1:]
            project = edits.set_parameters(project, entry, {"input_shape" if layer.inputs else "shape": stated})
    return project


def entries(network: Network) -> tuple[str, ...]:
    """The layers where samples come in: those that say so, or else those that no wire leads to."""
    return infer(network).entries or tuple(name for name in network.layers if name not in network.wiring.into)
