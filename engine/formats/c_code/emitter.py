"""The registry of emitters for C, and what they need of a step: sizes without the batch, buffers and weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, TypeVar

import numpy as np

from engine.formats.steps import Step
from engine.kernel import Array
from graph.layers.base import Layer
from graph.message import Message
from graph.problem import FileProblem

Sizes = tuple[int, ...]


@dataclass
class CStep:
    """One layer for one sample: where it reads, where it writes, and the sizes there."""

    step: Step
    x: list[str]
    y: str
    xs: list[Sizes]
    size: Sizes
    weights: Mapping[str, Array]
    name: str
    arrays: dict[str, Array] = field(default_factory=dict)
    """The constants that the file holds for it, by name."""

    @property
    def count(self) -> int:
        """How many values come out."""
        return prod(self.size)

    def constant(self, name: str, values: Array | None) -> str:
        """Keep an array in the file; gives its name, or NULL where there is none."""
        if values is None:
            return "NULL"
        self.arrays[f"{self.name}_{name}"] = values.astype(np.float32)
        return f"{self.name}_{name}"

    def weight(self, name: str) -> str:
        """A weight as a constant."""
        return self.constant(name, self.weights.get(name))


Emitter = Callable[[Any, CStep], list[str]]
E = TypeVar("E", bound=Emitter)
emitters: dict[type[Layer], Emitter] = {}

ADVICE = Message("Use the NumPy or ONNX format, or replace the layer.")


def emitter(*layers: type[Layer]) -> Callable[[E], E]:
    """A decorator: this function gives the statements that compute these layers, before their activation."""

    def decorate(emit: E) -> E:
        emitters.update(dict.fromkeys(layers, emit))
        return emit

    return decorate


def refuse(step: Step) -> None:
    """Raise FileProblem where C code cannot say a layer."""
    layer = step.layer
    if type(layer) not in emitters:
        text = Message("{node}: C code has no {layer}.", node=step.name, layer=layer.key)
        raise FileProblem(text, ADVICE)
    if layer.config().get("data_format") == "channels_first":
        text = Message("{node}: C code has channels last only.", node=step.name)
        raise FileProblem(text, Message("Set data_format to channels_last."))
    if any(mask is not None for mask in step.masks) and layer.mask_rule.reads:
        raise FileProblem(Message("{node}: C code reads no masks.", node=step.name), ADVICE)
    assert step.inferred.outputs is not None, "a network is checked before it is written"
    if any(None in shape[1:] for shape in (*step.inferred.inputs, *step.inferred.outputs)):
        text = Message("{node}: C code needs every size, but one is not known.", node=step.name)
        raise FileProblem(text, Message("State the whole shape in the Input node."))


def number(value: float) -> str:
    """A float32 as C writes it, to the last digit."""
    text = f"{np.float32(value):.9g}"
    if "inf" in text or "nan" in text:
        return {"inf": "INFINITY", "-inf": "-INFINITY"}.get(text, "NAN")
    return (text if "." in text or "e" in text else f"{text}.0") + "f"


def each(count: int, statement: str) -> list[str]:
    """A loop over all values."""
    return [f"for (int i = 0; i < {count}; i++) {statement}"]
