"""Declarations: frozen values that a registry knows by name, from which forms, files and help follow.

A layer, a loss, an optimizer, a metric, an initializer and a data set are all declared in the same way: a dataclass
with a one-line docstring and typed parameters (`graph.fields`), put into the registry of its kind by a decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar, dataclass_transform

from graph.fields import Bool, Choice, Field, Float, Int, Ints, Sizes, Text, fields_of
from graph.fields.numbers import Numbers
from graph.message import Message
from graph.names import did_you_mean


class UnknownName(LookupError):
    """A name that a registry does not know; the text says which one was probably meant."""

    def __init__(self, kind: str, name: str, near: str | None) -> None:
        self.name, self.near = name, near
        question = Message(" Did you mean {near!r}?", near=near) if near else ""
        super().__init__(
            Message("There is no {kind} named {name!r}.{question}", kind=kind, name=name, question=question)
        )


class ParameterError(ValueError):
    """A parameter that its declaration does not take; the text names it, with what was expected and received."""

    def __init__(self, declaration: str, parameter: str, text: str) -> None:
        self.parameter = parameter
        self.text = text
        said = {"declaration": declaration, "parameter": parameter, "text": text}
        super().__init__(Message("{declaration}: {parameter}: {text}", **said))


# Here the tuple of specifiers is spelled out, because type checkers read it and follow no name.
@dataclass_transform(frozen_default=True, field_specifiers=(Int, Float, Bool, Choice, Ints, Sizes, Text, Numbers))
class Declared:
    """The base of every declaration: parameters parsed on construction, and read back by name.

    A subclass is a frozen dataclass with no more said.
    """

    key: ClassVar[str] = ""
    parameters: ClassVar[Mapping[str, Field]] = {}

    def __init_subclass__(cls) -> None:
        dataclasses.dataclass(frozen=True, repr=False)(cls)
        cls.key = cls.__name__
        cls.parameters = fields_of(cls)

    def __post_init__(self) -> None:
        for name, field in self.parameters.items():
            value = getattr(self, name)
            if value is field.default:
                continue  # declared in its stored form
            try:
                object.__setattr__(self, name, field.parse(value))
            except ParameterError as error:
                raise ParameterError(self.key, f"{name}.{error.parameter}", error.text) from None
            except ValueError as error:
                raise ParameterError(self.key, name, error.args[0]) from None

    def __repr__(self) -> str:
        return f"{self.key}({', '.join(f'{name}={value!r}' for name, value in self.changed().items())})"

    def config(self) -> dict[str, Any]:
        """Every parameter by name, in the order of the constructor."""
        return {name: getattr(self, name) for name in self.parameters}

    def changed(self) -> dict[str, Any]:
        """The parameters that differ from their default."""
        return {name: value for name, value in self.config().items() if value != self.parameters[name].default}

    def with_(self, **changes: Any) -> Self:
        """This declaration with some parameters changed; raises ParameterError as the constructor does."""
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]

    def allows(self, **changes: Any) -> bool:
        """Whether its parameters may be changed so."""
        try:
            self.with_(**changes)
        except ParameterError:
            return False
        return True

    @classmethod
    def doc(cls) -> str:
        """The first line of the docstring: what the declared thing does, in one sentence."""
        return (cls.__doc__ or "").strip().splitlines()[0]


D = TypeVar("D", bound=Declared)


class Registry(Generic[D]):
    """All declarations of one kind by name, in the order they were declared."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._by_key: dict[str, type[D]] = {}

    def add(self, cls: type[D], key: str) -> None:
        """Put `cls` in under `key`; a name is given once."""
        if key in self._by_key:
            raise ValueError(f"the {self.kind} {key!r} is declared twice")
        cls.key = key
        self._by_key[key] = cls

    def __getitem__(self, key: str) -> type[D]:
        try:
            return self._by_key[key]
        except KeyError:
            raise UnknownName(self.kind, key, did_you_mean(key, self._by_key)) from None

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def __iter__(self) -> Iterator[type[D]]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def names(self) -> tuple[str, ...]:
        """Every name, in the order of declaration."""
        return tuple(self._by_key)

    def make(self, key: str, config: Mapping[str, Any] | None = None) -> D:
        """The declaration named `key` with the parameters in `config`.

        Raises UnknownName for an unknown `key`, ParameterError for an unknown or wrong parameter.
        """
        cls = self[key]
        known = cls.parameters
        for name in config or {}:
            if name not in known:
                near = did_you_mean(name, known)
                text = "no such parameter; did you mean {near!r}?" if near else "no such parameter"
                raise ParameterError(key, name, Message(text, near=near))
        return cls(**(config or {}))


def register(registry: Registry[D], key: str | None = None) -> Callable[[type[D]], type[D]]:
    """A class decorator that puts a declaration into `registry`, by its class name unless `key` is given."""

    def decorate(cls: type[D]) -> type[D]:
        registry.add(cls, key or cls.__name__)
        return cls

    return decorate
