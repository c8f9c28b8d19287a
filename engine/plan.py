"""Compiling a network: check it, order it, fill in the batch size, bind it to arrays.

What comes out is a `Plan`: arrays for inputs and outputs, and two lists of calls. A training step runs down both.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import DTypeLike

from engine.bind import Binder, Purpose
from engine.kernel import Array
from engine.kernels.penalty import OutputPenaltyKernel
from engine.parameters import Parameters
from engine.states import States
from graph.datasets import DataFacts
from graph.infer import Inference, infer
from graph.layers.base import Layer
from graph.network import Network
from graph.problem import Problem, Severity


class CannotCompile(ValueError):
    """A network with errors; `problems` holds them, the text says the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first = problems[0]
        super().__init__(f"{first.node or 'network'}: {first.text} {first.hint}")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a plan by what they are for."""

    weights: int
    gradients: int
    tensors: int
    scratch: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.weights + self.gradients + self.tensors + self.scratch


class Plan:
    """A network ready to run on batches of one size.

    `inputs` and `outputs` hold the arrays by layer name: write into the former, run `forward`, read the latter. For
    training, write the loss's gradient into `output_gradients` and run `backward`: the weights' gradients are then in
    `parameters.gradient`. For a result named in `logits` the gradient is that of the values before its last
    activation, which `logits` holds. `masks` has the mask of every output that has one, written by `forward`. Where
    `input_gradients` were asked for, `backward` writes those too. `at` gives the same network for another batch size,
    sharing weights, randomness and the `states` of stateful layers.
    """

    def __init__(
        self,
        inference: Inference,
        batch_size: int,
        parameters: Parameters,
        generators: Mapping[str, np.random.Generator],
        purpose: Purpose,
        states: States | None = None,
    ) -> None:
        self.inference = inference
        self.batch_size = batch_size
        self.parameters = parameters
        self.training = purpose.training
        self._purpose = purpose
        self._generators = generators
        self._siblings: dict[tuple[int, bool], Plan] = {}
        self.states = states or States()
        bound = Binder(inference, batch_size, parameters, generators, purpose, self.states)
        self.inputs: Mapping[str, Array] = bound.inputs
        self.outputs: Mapping[str, Array] = bound.outputs
        self.masks: Mapping[str, Array] = bound.masks
        self.logits: Mapping[str, Array] = bound.logits
        self.output_gradients: Mapping[str, Array] = bound.output_gradients
        self.input_gradients: Mapping[str, Array] = bound.input_gradients
        self._penalties = [step.kernel for step in bound.steps if isinstance(step.kernel, OutputPenaltyKernel)]
        self._forward = tuple(bound.forward)
        self._backward = tuple(bound.backward)
        self._bytes = bound.arrays.bytes

    def forward(self) -> None:
        """Compute every output from `inputs`."""
        for run, arguments in self._forward:
            run(*arguments)

    def backward(self) -> None:
        """Compute every weight's gradient from `output_gradients`."""
        for run, arguments in self._backward:
            run(*arguments)

    def at(self, batch_size: int, training: bool | None = None) -> Plan:
        """The same network for batches of another size, or in the other mode; made once and kept."""
        own, key = (self.batch_size, self.training), (batch_size, self.training if training is None else training)
        if key == own:
            return self
        if key not in self._siblings:
            purpose = replace(self._purpose, training=key[1])
            plan = Plan(self.inference, batch_size, self.parameters, self._generators, purpose, self.states)
            plan._siblings = self._siblings
            self._siblings |= {own: self, key: plan}
        return self._siblings[key]

    def reseed(self, seed: int, epoch: int) -> None:
        """Begin the layers' randomness anew: it follows from the seed, the epoch and the layer's name alone.

        So a run that goes on after epoch 5 needs to keep nothing of it to be the same as one that never stopped.
        """
        for name, generator in self._generators.items():
            own = seed_of(self.inference.network.layers[name], seed)
            generator.bit_generator.state = generator_of(own, name, epoch).bit_generator.state

    def penalty(self) -> float:
        """What the outputs of layers add to the loss of the batch, after `forward`."""
        return sum(kernel.value for kernel in self._penalties)

    def memory(self) -> Memory:
        """Bytes that this plan holds; the optimizer's moments come on top."""
        gradients = self.parameters.gradient.nbytes + self._bytes["gradients"] if self.training else 0
        scratch = self._bytes["scratch"] + self.states.nbytes
        return Memory(self.parameters.values.nbytes, gradients, self._bytes["tensors"], scratch)


def compile(
    network: Network,
    batch_size: int = 32,
    *,
    facts: DataFacts | None = None,
    training: bool = True,
    logits: Collection[str] = (),
    input_gradients: bool = False,
    dtype: DTypeLike = np.float32,
    seed: int = 0,
    parameters: Parameters | None = None,
) -> Plan:
    """Make a plan for batches of `batch_size`, with weights begun with `seed` or those of the `parameters` given.

    Raises CannotCompile for a network with errors, UnknownSize where a shape stays open.
    """
    inference = infer(network, facts)
    errors = tuple(p for p in inference.problems if p.severity is Severity.ERROR)
    if errors:
        raise CannotCompile(errors)
    if parameters is None:
        parameters = Parameters(inference, dtype)
        parameters.initialize(seed)
    generators = {name: generator_of(seed_of(layer, seed), name) for name, layer in network.layers.items()}
    purpose = Purpose(training, tuple(logits), input_gradients)
    return Plan(inference, batch_size, parameters, generators, purpose)


def seed_of(layer: Layer, seed: int) -> int:
    """The seed of a layer: its own or that of the layer inside of it where one is stated, else that of the run."""
    config = layer.config()
    own, inside = config.get("seed"), config.get("layer")
    if own is None and inside is not None:
        return seed_of(inside, seed)
    return seed if own is None else int(own)


def generator_of(seed: int, name: str, epoch: int = 0) -> np.random.Generator:
    """The randomness of one layer in one epoch, whatever else is in the network."""
    key = (zlib.crc32(name.encode()), 1, epoch)
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))
