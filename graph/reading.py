"""What every part of the reader needs: notices, and parameters taken one by one so that one mistake costs one value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from graph.declare import Declared, Registry, UnknownName
from graph.fields import shortened
from graph.message import Message, sentence
from graph.names import did_you_mean

MOST_NOTICES = 100


class Notices:
    """Sentences on what was read otherwise than it was written; beyond a hundred only their number."""

    def __init__(self) -> None:
        self._said: list[Message] = []
        self._more = 0

    def add(self, template: str, **arguments: Any) -> None:
        """Say one thing."""
        if len(self._said) < MOST_NOTICES:
            self._said.append(Message(template, **arguments))
        else:
            self._more += 1

    def all(self) -> tuple[Message, ...]:
        """Everything that was said, in order."""
        rest = [Message("And {n:,} more notices.", n=self._more)] if self._more else []
        return (*self._said, *rest)


def shown(value: Any) -> str:
    """A value of the file as a notice quotes it."""
    return shortened(repr(value))


def mapping(said: Any, where: Message, notices: Notices) -> dict[str, Any]:
    """An object of the file, or an empty one with a notice where something else stands in its place."""
    if said is None or isinstance(said, dict):
        return said or {}
    notices.add("{where} is not an object, so it is left out: {value}.", where=where, value=shown(said))
    return {}


def unknown_keys(said: Mapping[str, Any], known: Collection[str], where: Message, notices: Notices) -> None:
    """Say which keys nothing is known of."""
    for key in said:
        if key not in known:
            question = _question(key, known)
            notices.add(
                "In {where}, {key!r} is not known and is left out.{question}", where=where, key=key, question=question
            )


def read_parameters(cls: type[Declared], said: Mapping[str, Any], where: Message, notices: Notices) -> dict[str, Any]:
    """The parameters of a declaration that can be taken; those that cannot are said, and keep their default."""
    taken = {}
    for name, field in cls.parameters.items():
        if name not in said:
            continue
        try:
            taken[name] = field.parse(said[name])
        except ValueError as error:
            notices.add(
                "In {where}, {name}: {error} Its default, {default}, is used instead.",
                where=where,
                name=name,
                error=sentence(error.args[0]),
                default=field.text(field.default),
            )
    return taken


D = TypeVar("D", bound=Declared)


def read_declared(registry: Registry[D], said: Any, where: Message, notices: Notices) -> D | None:
    """A dataset, loss or optimizer: its name alone, or an object with type and parameters. None where it is unknown."""
    entry = {"type": said} if isinstance(said, str) else mapping(said, where, notices)
    if not entry:
        return None
    unknown_keys(entry, ("type", "parameters"), where, notices)
    key = entry.get("type")
    try:
        cls = registry[key if isinstance(key, str) else shown(key)]
    except UnknownName as error:
        notices.add("{error} The usual one is used instead.", error=error.args[0])
        return None
    parameters = mapping(entry.get("parameters"), where, notices)
    unknown_keys(parameters, cls.parameters, where, notices)
    return cls(**read_parameters(cls, parameters, where, notices))


def _question(name: str, known: Collection[str]) -> str:
    near = did_you_mean(name, known)
    return Message(" Did you mean {near!r}?", near=near) if near else ""
