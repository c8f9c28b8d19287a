"""What a functional model of Keras is made of: tensors, and the calls that give them.

A call is of a layer or of an operation (`keras.ops`). Masks are tensors like others here: Keras computes them in
operations of their own, which count when it orders the layers, so files that leave them out load in another order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graph.names import fresh, snake
from graph.shapes import Shape

LAYERS = "keras.layers"
NUMPY = "keras.src.ops.numpy"


@dataclass(frozen=True)
class Tensor:
    """What the call of this name gives as its output number `index`."""

    call: str
    shape: Shape
    dtype: str = "float32"
    index: int = 0

    def history(self) -> list[Any]:
        """Where it comes from, as Keras says it; every call is the first of its layer."""
        return [self.call, 0, self.index]

    def config(self) -> dict[str, Any]:
        """The tensor as an argument."""
        said = {"shape": list(self.shape), "dtype": self.dtype, "keras_history": self.history()}
        return {"class_name": "__keras_tensor__", "config": said}


@dataclass(frozen=True)
class Call:
    """One layer or operation, called once."""

    name: str
    module: str
    class_name: str
    config: Mapping[str, Any]
    arguments: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_layer(self) -> bool:
        """Whether it is a layer, which may have weights."""
        return self.module == LAYERS

    def tensors(self) -> list[Tensor]:
        """What it is computed from, in Keras's order: keywords by their names."""
        return [*_tensors(self.arguments), *_tensors(self.keywords)]

    def said(self) -> dict[str, Any]:
        """The call as an entry of `config.json`."""
        node = {"args": written(self.arguments), "kwargs": written(self.keywords)}
        return {
            "module": self.module,
            "class_name": self.class_name,
            "config": {"name": self.name, **self.config},
            "registered_name": None if self.is_layer else self.class_name,
            "name": self.name,
            "inbound_nodes": [node] if self.arguments else [],
        }


class Sheet:
    """The calls of a model, as they are written down."""

    def __init__(self, taken: Sequence[str]) -> None:
        self.calls: list[Call] = []
        self._taken = set(taken)

    def layer(
        self,
        name: str,
        class_name: str,
        config: Mapping[str, Any],
        arguments: tuple[Any, ...] = (),
        keywords: Mapping[str, Any] | None = None,
    ) -> None:
        """Call a layer."""
        self.calls.append(Call(name, LAYERS, class_name, config, arguments, keywords or {}))

    def operation(
        self,
        class_name: str,
        arguments: tuple[Any, ...],
        shape: Shape,
        config: Mapping[str, Any] | None = None,
        *,
        near: str,
        dtype: str = "float32",
        module: str = NUMPY,
    ) -> Tensor:
        """Call an operation of `keras.ops`, under a name that says near which layer it stands."""
        name = self.fresh(f"{near}_{snake(class_name)}")
        self.calls.append(Call(name, module, class_name, config or {}, arguments))
        return Tensor(name, shape, dtype)

    def renamed(self, y: Tensor, name: str) -> Tensor:
        """What the last call gives, which is called `name` from now on."""
        assert self.calls[-1].name == y.call, "nothing is computed from it yet"
        self.calls[-1] = replace(self.calls[-1], name=name)
        return replace(y, call=name)

    def fresh(self, wanted: str) -> str:
        """A name that nothing has yet."""
        name = fresh(wanted, self._taken)
        self._taken.add(name)
        return name


def written(value: Any) -> Any:
    """An argument as JSON: tensors, numbers, text, slices and lists of them."""
    if isinstance(value, Tensor):
        return value.config()
    if isinstance(value, slice):
        ends = {"start": value.start, "stop": value.stop, "step": value.step}
        return {"class_name": "__slice__", "config": ends}
    if value is ...:
        return {"class_name": "__ellipsis__", "config": {}}
    if isinstance(value, Mapping):
        return {key: written(one) for key, one in value.items()}
    return [written(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else value


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, Mapping):
        return [tensor for key in sorted(value) for tensor in _tensors(value[key])]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [tensor for one in value for tensor in _tensors(one)]
    return []
