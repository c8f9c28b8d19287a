"""The registry of emitters: how each layer is said as a call of the functions in `resources/code/numpy`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.formats.python_text import call, python
from engine.formats.steps import Step
from graph.layers.base import Layer

Emitter = Callable[[Any, Step], str]
E = TypeVar("E", bound=Emitter)

emitters: dict[type[Layer], Emitter] = {}


def emitter(*layers: type[Layer]) -> Callable[[E], E]:
    """A decorator: this function gives the expression that computes these layers, before their activation."""

    def decorate(emit: E) -> E:
        emitters.update(dict.fromkeys(layers, emit))
        return emit

    return decorate


def written(step: Step) -> str:
    """The expression that computes a layer, its activation included."""
    said = emitters[type(step.layer)](step.layer, step)
    own = "activation" in step.layer.parameters or step.layer.only_activates
    function = step.layer.activation_behind if own else "linear"
    return said if function == "linear" else f"{function}({said})"


def calling(step: Step, function: str, positional: tuple[str, ...] = (), **options: object) -> str:
    """A call with the first input, the layer's weights by their names, and literals that are not None."""
    said = {name: python(value) for name, value in options.items() if value is not None}
    weights = [weights_of(step)] if step.inferred.weights else []
    return call(function, [*(positional or step.xs[:1]), *weights], said)


def weights_of(step: Step) -> str:
    """All weights of a layer as keywords."""
    return f"**w[{python(step.name)}]"
