"""The registry of emitters for PyTorch, and what they build: modules, their weights, and the lines that call them.

Keras has channels last, PyTorch first. A variable stays as PyTorch has it from one layer of images to the next, and is
brought back only where a layer needs it as Keras has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from engine.formats.python_text import python
from engine.formats.steps import Step
from engine.kernel import Array
from graph.layers.base import Layer

Weights = Mapping[str, Array]
State = Callable[[Weights], Mapping[str, Array]]
ACTIVATIONS = {
    "relu": "F.relu",
    "leaky_relu": "F.leaky_relu({}, 0.2)",
    "elu": "F.elu",
    "sigmoid": "torch.sigmoid",
    "tanh": "torch.tanh",
    "softmax": "torch.softmax({}, {dim})",
    "softplus": "F.softplus({}, threshold=80)",
    "relu6": "F.relu6",
    "selu": "F.selu",
    "celu": "F.celu",
    "gelu": "F.gelu",
    "silu": "F.silu",
    "swish": "F.silu",
    "hard_silu": "F.hardswish",
    "mish": "F.mish",
    "hard_sigmoid": "F.hardsigmoid",
    "log_sigmoid": "F.logsigmoid",
    "log_softmax": "torch.log_softmax({}, {dim})",
    "softsign": "F.softsign",
    "exponential": "torch.exp",
}
"""The functions by our names; `{}` is what they are applied to where that stands not alone in the brackets."""


def activated(name: str, x: str, dim: int = -1) -> str:
    """An activation applied to `x`; `dim` is the axis of the features."""
    if name == "linear":
        return x
    form = ACTIVATIONS[name]
    return form.format(x, dim=dim) if "{" in form else f"{form}({x})"


def as_function(name: str) -> str:
    """An activation as a function."""
    if name == "linear":
        return "nn.Identity()"
    return ACTIVATIONS[name] if "{" not in ACTIVATIONS[name] else f"lambda x: {activated(name, 'x')}"


@dataclass
class Builder:
    """What is built while the steps are gone through."""

    modules: list[str] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)
    still: list[str] = field(default_factory=list)
    """The modules that stay as in inference while training."""
    states: dict[str, tuple[str, State]] = field(default_factory=dict)
    """For each module its layer, and what makes its state of the layer's weights."""
    moved: set[str] = field(default_factory=set)
    """The variables whose channels stand first, though Keras has them last."""
    attributes: dict[str, str] = field(default_factory=dict)

    def module(self, step: Step, source: str, state: State | None = None, suffix: str = "") -> str:
        """Make a module for a layer; gives its name in the code."""
        attribute = self.attributes[step.name] + suffix
        while suffix and attribute in self.attributes.values():
            attribute += "_"
        self.modules.append(f"self.{attribute} = {source}")
        if state is not None:
            self.states[attribute] = (step.name, state)
            if not step.layer.trainable:
                self.frozen.append(attribute)
        return f"self.{attribute}"

    def last(self, x: str) -> str:
        """A variable as Keras has it."""
        return f"{x}.movedim(1, -1)" if x in self.moved else x

    def first(self, x: str) -> str:
        """A variable of Keras's layout with its channels at the front."""
        return x if x in self.moved else f"{x}.movedim(-1, 1)"


@dataclass(frozen=True)
class Said:
    """The source of a layer's value; `moved` where its channels stand first though Keras has them last."""

    text: str
    moved: bool = False


Emitter = Callable[[Any, Step, Builder], Said | str]
E = TypeVar("E", bound=Emitter)
emitters: dict[type[Layer], Emitter] = {}


def emitter(*layers: type[Layer]) -> Callable[[E], E]:
    """A decorator: this function says these layers, before their activation. Plain text is as Keras has it."""

    def decorate(emit: E) -> E:
        emitters.update(dict.fromkeys(layers, emit))
        return emit

    return decorate


def said(step: Step, to: Builder) -> Said:
    """What a layer computes, its activation included."""
    found = emitters[type(step.layer)](step.layer, step, to)
    value = found if isinstance(found, Said) else Said(found)
    own = "activation" in step.layer.parameters or step.layer.only_activates
    name = step.layer.activation_behind if own else "linear"
    return Said(activated(name, value.text, 1 if value.moved else -1), value.moved)


def spatial(layer: Layer, step: Step, to: Builder, compute: Callable[[str], str]) -> Said:
    """A computation on channels first, whichever the layer has."""
    if layer.config().get("data_format") == "channels_first":
        return Said(compute(to.last(step.xs[0])))
    return Said(compute(to.first(step.xs[0])), moved=True)


def alike(step: Step, to: Builder, compute: Callable[[str], str]) -> Said:
    """A computation on single values, which leaves channels where they are."""
    return Said(compute(step.xs[0]), moved=step.xs[0] in to.moved)


def kept(weights: Weights) -> Weights:
    """The weights as they are."""
    return weights


def source(value: object) -> str:
    """A literal; a tuple of one is that one."""
    return python(value[0] if isinstance(value, tuple) and len(value) == 1 else value)


def filters(kernel: Array) -> Array:
    """(*size, in, out) as (out, in, *size)."""
    return np.moveaxis(kernel, (-1, -2), (0, 1))
