"""How a layer becomes operators: a registry of functions, one a layer or a family of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from engine.formats.exporter import Note
from engine.formats.onnx.draft import Draft, Tensor
from engine.kernel import Array
from graph.layers.base import Layer
from graph.message import Message
from graph.shapes import Refusal, Shapes


@dataclass(frozen=True)
class Mask:
    """A value of booleans for the first `rank` axes of another: whether something is there."""

    tensor: Tensor
    rank: int

    def narrowed(self, draft: Draft, rank: int) -> Mask:
        """The mask for fewer axes: something is at a place where it is at any of those behind it."""
        if rank >= self.rank:
            return self
        there = draft.cast(self.tensor, np.float32)
        most = draft.reduce("Max", there, range(rank, self.rank), keepdims=False)
        return Mask(draft.cast(most, np.bool_), rank)


@dataclass(frozen=True)
class Place:
    """Where a layer stands in the graph: what comes in, with shapes and masks, and its weights by their names.

    `shapes` are those of the inputs, `ys` those of the outputs, sizes that are open being None.
    """

    draft: Draft
    name: str
    xs: tuple[Tensor, ...]
    shapes: Shapes
    ys: Shapes
    arrays: Mapping[str, Array]
    masks: tuple[Mask | None, ...]
    prefix: str = ""
    notes: list[Note] = field(default_factory=list)

    @property
    def x(self) -> Tensor:
        """What comes in first."""
        return self.xs[0]

    @property
    def steps(self) -> Mask | None:
        """Which steps are there, for a layer with memory: as in Keras it sees all where first states come in."""
        mask = self.masks[0] if len(self.xs) == 1 else None
        return None if mask is None else mask.narrowed(self.draft, 2)

    @property
    def shape(self) -> tuple[int | None, ...]:
        """The shape of what comes in first."""
        return self.shapes[0]

    def has(self, weight: str) -> bool:
        """Whether the layer has such a weight."""
        return self.prefix + weight in self.arrays

    def weight(self, weight: str, laid_out: Callable[[Array], Array] = lambda array: array) -> Tensor:
        """A weight as ONNX wants it. `laid_out` may only move numbers and put zeros between them.

        So the reader finds every number again: it asks where those of a weight full of places go.
        """
        return self.draft.array(f"{self.name}/{self.prefix}{weight}", laid_out(self.arrays[self.prefix + weight]))

    def note(self, text: Message) -> None:
        """Tell the user what is done otherwise."""
        self.notes.append(Note(self.name, text))

    def holding(self, inner: Layer, xs: tuple[Tensor, ...], shapes: Shapes, **changes: Any) -> Place:
        """The place of a layer inside of this one; it reads no mask unless one is given in `changes`."""
        ys = inner.output_shapes(shapes)
        assert not isinstance(ys, Refusal), "the layer outside was checked"
        said: dict[str, Any] = {"xs": xs, "shapes": shapes, "ys": ys, "masks": (None,) * len(xs)}
        return replace(self, **said | changes)


Emitted = Tensor | tuple[Tensor, ...]
Emitter = Callable[[Any, Place], Emitted]
Maker = Callable[[Any, Place], Tensor]
Function = Callable[[Draft, Tensor], Tensor]
E = TypeVar("E", bound=Emitter)

emitters: dict[type[Layer], Emitter] = {}
makers: dict[type[Layer], Maker] = {}
activation_emitters: dict[str, Function] = {}


def emitter(*kinds: type[Layer]) -> Callable[[E], E]:
    """A decorator: this function writes these layers, without the activation behind them."""

    def decorate(function: E) -> E:
        for kind in kinds:
            emitters[kind] = function
        return function

    return decorate


def mask_maker(kind: type[Layer]) -> Callable[[Maker], Maker]:
    """A decorator: this function writes the mask that a layer makes of its input."""

    def decorate(function: Maker) -> Maker:
        makers[kind] = function
        return function

    return decorate


def activation_emitter(*names: str) -> Callable[[Function], Function]:
    """A decorator: this function writes these activation functions."""

    def decorate(function: Function) -> Function:
        for name in names:
            activation_emitters[name] = function
        return function

    return decorate


def emit(layer: Layer, place: Place) -> tuple[Tensor, ...]:
    """The operators of a layer and of the activation behind it: the names of its outputs."""
    given = emitters[type(layer)](layer, place)
    first, *others = (given,) if isinstance(given, str) else given
    name = (
        layer.config().get("activation", "linear") if layer.activates_output and not layer.only_activates else "linear"
    )
    return (activated(place.draft, str(name), first), *others)


def activated(draft: Draft, name: str, x: Tensor) -> Tensor:
    """An activation function of `x`."""
    return activation_emitters[name](draft, x)
