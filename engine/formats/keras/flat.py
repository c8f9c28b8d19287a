"""A model of Keras as one flat list of calls: each of a layer or of an operation, on tensors that others give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


class WrongConfig(ValueError):
    """A config that says no model."""


@dataclass(frozen=True)
class Ref:
    """The output number `index` of the call number `call` of a layer, by its name in the flat list."""

    layer: str
    call: int
    index: int = 0


@dataclass(frozen=True)
class Entry:
    """A layer or operation: what the file says of it, and where its weights are.

    `group` is its group in a file of weights by class and number, `names` the way to it by names, for older files.
    """

    name: str
    class_name: str
    config: Mapping[str, Any]
    group: str = ""
    names: tuple[str, ...] = ()
    is_operation: bool = False
    """Whether it is a function and no layer."""
    place: tuple[int, ...] = ()
    """Its place in the model, and in the models inside of which it is."""


@dataclass(frozen=True)
class Call:
    """One call of an entry: what it takes, by place and by name."""

    entry: Entry
    call: int
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)

    def refs(self) -> list[Ref]:
        """All that it is computed from."""
        return list(refs_in((self.arguments, self.keywords)))


@dataclass(frozen=True)
class Flat:
    """A model opened: its calls, each behind those it is computed from, and its ends."""

    name: str
    calls: tuple[Call, ...]
    inputs: tuple[Ref, ...]
    outputs: Mapping[str, Ref]
    shapes: Mapping[Ref, tuple[int | None, ...]]


def refs_in(value: Any) -> Iterator[Ref]:
    """Every tensor in an argument; keywords in the order of their names, as Keras walks them."""
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from refs_in(value[key])
    elif isinstance(value, list | tuple):
        for one in value:
            yield from refs_in(one)


def replaced(value: Any, change: Callable[[Ref], Ref]) -> Any:
    """An argument with its tensors changed."""
    if isinstance(value, Ref):
        return change(value)
    if isinstance(value, Mapping):
        return {key: replaced(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([replaced(one, change) for one in value])
    return value
