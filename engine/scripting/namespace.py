"""A registry seen as a module: `layers.Dense` is the declaration of that class."""

from __future__ import annotations

from typing import Any, Generic

from graph.declare import D, Registry
from graph.names import did_you_mean


class Namespace(Generic[D]):
    """The declarations of a registry by the names of their classes, which are Keras's."""

    def __init__(self, registry: Registry[D]) -> None:
        self._registry = registry

    def __getattr__(self, name: str) -> type[Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        known = self._known()
        if name in known:
            return known[name]
        near = did_you_mean(name, known)
        question = f" Did you mean {near}?" if near else ""
        raise AttributeError(f"There is no {self._registry.kind} named {name}.{question}")

    def __dir__(self) -> list[str]:
        return sorted(self._known())

    def _known(self) -> dict[str, type[Any]]:
        """Metrics that share their name with a loss are told apart by it here alone."""
        return {cls.__name__.removesuffix("Metric"): cls for cls in self._registry}
