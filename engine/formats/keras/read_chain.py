"""A chain of layers (`Sequential`) with the calls that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.formats.keras.flat import WrongConfig

MODELS = ("Functional", "Sequential", "Model")
INPUT = "InputLayer"


def as_functional(layers: list[Any], model: Any) -> tuple[list[Any], Any, Any]:
    """A chain of layers with the calls that it stands for."""
    made: list[Any] = []
    before: str | None = None
    for place, one in enumerate(layers):
        if not isinstance(one, Mapping) or not isinstance(one.get("config"), Mapping | list):
            raise WrongConfig("an entry of it is no layer")
        config = one["config"]
        name = str((config.get("name") if isinstance(config, Mapping) else None) or f"layer_{place}")
        if before is None and one.get("class_name") != INPUT:
            shape = _stated(one, model)
            made.append({"class_name": INPUT, "config": {"batch_shape": shape}, "name": f"{name}_input"})
            before = f"{name}_input"
        nodes = [[[before, 0, 0, {}]]] if before is not None else []
        made.append({**one, "name": name, "inbound_nodes": nodes})
        before = name
    if not made:
        raise WrongConfig("it has no layers")
    return made, [made[0]["name"], 0, 0], [before, 0, 0]


def _stated(first: Mapping[str, Any], model: Any) -> Any:
    """The shape that reaches the first layer of a chain, where the file says it."""
    config = first["config"]
    if isinstance(config, Mapping):
        if first.get("class_name") in MODELS:
            inner = config.get("layers") or [{}]
            return _stated(inner[0], None) if isinstance(inner[0], Mapping) and "config" in inner[0] else None
        for key in ("batch_input_shape", "batch_shape"):
            if config.get(key) is not None:
                return config[key]
    built = model.get("build_config") if isinstance(model, Mapping) else None
    return built.get("input_shape") if isinstance(built, Mapping) else None
