"""An object of Keras as its class and what it is made with, to be said as Python code or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.formats.python_text import call, python


@dataclass(frozen=True)
class Made:
    """An object of the class `name` in `module`, such as `keras.optimizers`."""

    module: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Function:
    """A function that only code can hold."""

    source: str


def source(value: Any) -> str:
    """`value`, which may hold objects of Keras, as Python code."""
    if isinstance(value, Made):
        return call(f"{value.module}.{value.name}", [], {key: source(one) for key, one in value.arguments.items()})
    if isinstance(value, Function):
        return value.source
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{python(key)}: {source(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(source, value))}]"
    return python(value)


def config(value: Any) -> Any:
    """`value` as Keras writes it in JSON. Raises TypeError for what is a function."""
    if isinstance(value, Made):
        arguments = {key: config(one) for key, one in value.arguments.items()}
        return {"module": value.module, "class_name": value.name, "config": arguments, "registered_name": None}
    if isinstance(value, Function):
        raise TypeError("JSON holds no functions")
    if isinstance(value, Mapping):
        return {key: config(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [config(one) for one in value]
    return value
