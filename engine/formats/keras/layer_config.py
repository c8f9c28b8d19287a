"""A layer as its config in Keras. It follows from the declaration, because names and defaults are Keras's."""

from __future__ import annotations

from typing import Any

from engine.formats.keras.calls import LAYERS
from engine.formats.keras.made import Made
from engine.formats.keras.made import config as said_in_json
from engine.formats.keras.operations import emitters
from graph.fields.inner import LayerField
from graph.fields.spec import SpecField, read_spec
from graph.layers.base import Layer, automatic_name
from graph.message import Message
from graph.problem import FileProblem


def layer_config(name: str, layer: Layer) -> dict[str, Any]:
    """Every parameter that Keras's constructor takes, but for the name. What is frozen is so inside as well."""
    own = [
        key
        for key, field in layer.parameters.items()
        if field is not Layer.parameters.get(key) and key not in layer.call_arguments
    ]
    said = {key: _value(name, layer, key) for key in own}
    if not layer.trainable and layer.category != "Regularization":
        said["trainable"] = False
    return said


def _value(name: str, layer: Layer, key: str) -> Any:
    field, value = layer.parameters[key], getattr(layer, key)
    if isinstance(field, SpecField):
        return said_in_json(spec(field, value, whole=True))
    if isinstance(field, LayerField) and value is not None:
        return _inner(name, key, value if layer.trainable else value.with_(trainable=False))
    return said_in_json(value)


def spec(field: SpecField, value: str | None, whole: bool = False) -> str | Made | None:
    """A choice with parameters: its name where Keras takes that, else the class with its arguments.

    Keras reads no constraint or regularizer by name alone, and no constant without its value. `whole` is with the
    arguments that are as by default.
    """
    assert field.registry is not None
    if value is None or (value in field.registry and field.what == "initializer" and value != "constant"):
        return value
    declared = read_spec(field.registry, value)
    return Made(f"keras.{field.what}s", type(declared).__name__, declared.config() if whole else declared.changed())


def _inner(outer: str, key: str, layer: Layer) -> dict[str, Any]:
    """A layer inside of another, which needs a name of its own. Raises FileProblem where Keras has no such layer."""
    if type(layer) in emitters:
        said = {"name": outer, "layer": layer.key}
        raise FileProblem(
            Message("{name}: Keras has no {layer}, and holds no operations inside of a layer.", **said),
            Message("Put {layer} outside of other layers, or use another layer.", layer=layer.key),
        )
    name = automatic_name(layer)
    if key == "backward_layer":
        name = f"backward_{name}"
    config = {"name": name, **layer_config(outer, layer)}
    return {"module": LAYERS, "class_name": layer.key, "config": config, "registered_name": None}
