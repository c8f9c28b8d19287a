"""A layer as its config in Keras. It follows from the declaration, because names and defaults are Keras's."""

from __future__ import annotations

from typing import Any

from engine.formats.keras.calls import LAYERS
from engine.formats.keras.made import Made, config
from graph.fields.inner import LayerField
from graph.fields.spec import SpecField, read_spec
from graph.layers.base import Layer, automatic_name


def layer_config(layer: Layer) -> dict[str, Any]:
    """Every parameter that Keras's constructor takes, but for the name. What is frozen is so inside as well."""
    own = [
        key
        for key, field in layer.parameters.items()
        if field is not Layer.parameters.get(key) and key not in layer.call_arguments
    ]
    said = {key: _value(layer, key) for key in own}
    return {"trainable": layer.trainable, **said}


def _value(layer: Layer, key: str) -> Any:
    field, value = layer.parameters[key], getattr(layer, key)
    if isinstance(field, SpecField):
        return config(spec(field, value))
    if isinstance(field, LayerField) and value is not None:
        return _inner(key, value if layer.trainable else value.with_(trainable=False))
    return config(value)


def spec(field: SpecField, value: str | None) -> str | Made | None:
    """A choice with parameters: its name where Keras takes that, else the class with its arguments.

    Keras reads no constraint or regularizer by name alone, and no constant without its value.
    """
    assert field.registry is not None
    if value is None or (value in field.registry and field.what == "initializer" and value != "constant"):
        return value
    declared = read_spec(field.registry, value)
    return Made(f"keras.{field.what}s", type(declared).__name__, declared.changed())


def _inner(key: str, layer: Layer) -> dict[str, Any]:
    """A layer inside of another, which needs a name of its own."""
    name = automatic_name(layer)
    if key == "backward_layer":
        name = f"backward_{name}"
    said = {"name": name, **layer_config(layer)}
    return {"module": LAYERS, "class_name": layer.key, "config": said, "registered_name": None}
