"""A parameter that is a layer, as the wrappers of recurrent layers have it.

The stored form is the layer itself; a project file writes it as it writes every layer, `{"type": "LSTM",
"parameters": {"units": 8}}`. An error inside of it names the way there: `layer.units`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.fields.kinds import MOST_SAID, Field, Show
from graph.fields.spec import Makes
from graph.message import Message
from graph.names import did_you_mean

DEEPEST = 4
"""So many layers may stand inside of each other."""


@dataclass(frozen=True)
class LayerField(Field):
    """A layer of a registry with its parameters; `choices` are the types that make sense, in `what` described."""

    registry: Makes | None = None
    choices: Callable[[], tuple[str, ...]] = tuple
    what: str = "a layer"

    def parse_value(self, value: Any) -> Any:
        """Raises ParameterError for a wrong parameter of the layer."""
        assert self.registry is not None
        key = value.get("type") if isinstance(value, Mapping) else getattr(value, "key", None)
        if not isinstance(key, str) or key not in self.choices():
            raise self._no_such(key, value)
        if not isinstance(value, Mapping) and type(value) is not self.registry[key]:
            raise self.wrong(self.expected(), value)
        if self.too_deep(value):
            raise ValueError(Message("expected at most {n} layers inside of each other, received more", n=DEEPEST))
        if not isinstance(value, Mapping):
            return value
        parameters = value.get("parameters", {})
        if not isinstance(parameters, Mapping) or value.keys() - {"type", "parameters"}:
            raise self.wrong(Message("a type and its parameters"), value)
        return self.registry.make(key, parameters)

    def expected(self) -> Message:
        names = self.choices()
        if len(names) > MOST_SAID:
            return Message(self.what)
        return Message("{what}: {names}", what=Message(self.what), names=", ".join(names))

    def value_text(self, value: Any) -> str:
        return f"{value.key} {value.card(None)}".strip()

    def too_deep(self, value: Any) -> bool:
        """Whether there are more layers inside of each other than a network needs, looked for level by level."""
        level = [value]
        for _ in range(DEEPEST):
            level = [inner for outer in level for inner in _members(outer)]
        return bool(level)

    def _no_such(self, key: Any, value: Any) -> ValueError:
        error = self.wrong(self.expected(), key if isinstance(key, str) else value)
        near = did_you_mean(key, self.choices()) if isinstance(key, str) else None
        if near is None:
            return error
        return ValueError(Message("{error}; did you mean {near!r}?", error=error.args[0], near=near))


def _members(value: Any) -> Iterable[Any]:
    """The layers among the parameters of a layer, or of what may become one."""
    parameters = value.get("parameters") if isinstance(value, Mapping) else value.config()
    found = parameters.values() if isinstance(parameters, Mapping) else ()
    return [one for one in found if isinstance(one, Mapping) or hasattr(one, "config")]


def Inner(
    *,
    default: Any,
    doc: str,
    registry: Makes,
    choices: Callable[[], tuple[str, ...]],
    what: str,
    optional: bool = False,
    none_text: str = "none",
) -> Any:
    """A layer of a registry; a card shows it where it is needed, and where it was chosen."""
    show: Show = "changed" if optional else "value"
    field = LayerField(
        default=default,
        doc=doc,
        optional=optional,
        show=show,
        none_text=none_text,
        registry=registry,
        choices=choices,
        what=what,
    )
    return dataclasses.field(default=default, metadata={"field": field})
