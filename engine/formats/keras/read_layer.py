"""A layer from what Keras says of it: names and defaults are the same, so a parameter is taken as it stands.

What has another form there (initializers as objects, axes in lists, functions by their names) is brought into ours.
What cannot be said here is told; a layer that is not known, or whose parameters are not taken, becomes a Placeholder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graph.activations import activations
from graph.declare import ParameterError, Registry, UnknownName
from graph.fields import ChoiceField, Field, FloatField, IntField
from graph.fields.inner import LayerField
from graph.fields.spec import SpecField, write_spec
from graph.layers.activation import Activation
from graph.layers.base import Layer, layers
from graph.layers.endpoints import Input
from graph.layers.normalization import BatchNormalization
from graph.layers.placeholder import Placeholder
from graph.message import Message

Tell = Callable[[Message], None]

ABOUT_ITSELF = frozenset(
    {
        *("name", "dtype", "trainable", "batch_input_shape", "batch_shape", "ragged", "sparse", "optional"),
        *("implementation", "unroll", "time_major", "seed", "seed_generator", "fused", "renorm_momentum"),
        *("input_length", "build_config", "flash_attention", "quantization_config", "lora_alpha"),
        *("query_shape", "key_shape", "value_shape"),
    }
)
"""What Keras keeps of a layer that changes nothing of what it computes here."""
ELSEWHERE = {"alpha": "negative_slope"}
"""What LeakyReLU called its slope before."""
TINY = 1e-14


class NotUnderstood(ValueError):
    """Why a layer of the file cannot be one of ours."""


def layer_of(class_name: str, config: Mapping[str, Any], tell: Tell) -> Layer:
    """Our layer for a class of Keras. Where there is none, a Placeholder that says why."""
    try:
        return _layer(class_name, config, tell)
    except NotUnderstood as error:
        reason = error.args[0]
    except (ParameterError, UnknownName) as error:
        reason = Message("{error}", error=str(error))
    tell(Message("{reason} It is a placeholder: replace it by another layer.", reason=reason))
    return Placeholder(class_name, {"type": class_name, "parameters": plain(config)}, reason)


def _layer(class_name: str, config: Mapping[str, Any], tell: Tell) -> Layer:
    if class_name == "Lambda":
        return _function(config)
    if class_name == "InputLayer":
        return _input(config)
    if class_name == "Normalization":
        return BatchNormalization(axis=_axis(config), center=False, scale=False, epsilon=TINY, trainable=False)
    if class_name not in layers or class_name in ("Input", "Output"):
        raise NotUnderstood(Message("There is no layer {layer} here.", layer=class_name or "?"))
    cls = layers[class_name]
    given: dict[str, Any] = {}
    for key, value in config.items():
        name = ELSEWHERE.get(key, key) if class_name == "LeakyReLU" else key
        if name in cls.parameters and name not in ("input_shape", "batch_size", "input_length"):
            given[name] = _parameter(cls.parameters[name], value, tell)
        elif key not in ABOUT_ITSELF and value not in (None, False, [], {}, ""):
            tell(
                Message("{parameter} = {value} is not known here, and left out.", parameter=key, value=str(value)[:60])
            )
    return layers.make(class_name, _whole(cls, given))


def _whole(cls: type[Layer], given: dict[str, Any]) -> dict[str, Any]:
    """Parameters as the whole layer has them: what is frozen outside is not said again inside."""
    if given.get("trainable") is False:
        given = {
            key: value.with_(trainable=True) if isinstance(value, Layer) else value for key, value in given.items()
        }
    forward, backward = given.get("layer"), given.get("backward_layer")
    if isinstance(forward, Layer) and isinstance(backward, Layer):
        is_the_same = not getattr(forward, "go_backwards", False) and backward == forward.with_(go_backwards=True)
        given = {**given, "backward_layer": None if is_the_same else backward}
    if cls.key == "MultiHeadAttention" and given.get("value_dim") == given.get("key_dim"):
        given.pop("value_dim", None)
    return given


def _parameter(field: Field, value: Any, tell: Tell) -> Any:
    if isinstance(field, SpecField):
        return None if value is None else _spec(field, value)
    if isinstance(field, LayerField):
        return None if value is None else _inner(value, tell)
    if isinstance(field, ChoiceField) and isinstance(value, Mapping):
        return _named(value)
    if isinstance(value, list) and len(value) == 1 and isinstance(field, IntField | FloatField):
        return value[0]
    if isinstance(value, list):
        return tuple([tuple(one) if isinstance(one, list) else one for one in value])
    return value


def _named(value: Mapping[str, Any]) -> Any:
    """The function that an object stands for: `{"class_name": "function", "config": "relu"}`."""
    name = value.get("config")
    if value.get("class_name") != "function" or not isinstance(name, str):
        raise NotUnderstood(Message("Its function {name} is a class of its own.", name=str(value.get("class_name"))))
    return name


def _spec(field: SpecField, value: Any) -> Any:
    """An initializer, regularizer or constraint as text."""
    registry: Any = field.registry
    assert isinstance(registry, Registry)
    if isinstance(value, str):
        return next((one.key for one in registry if value in (one.key, one.__name__)), value)
    if not isinstance(value, Mapping):
        raise NotUnderstood(Message("Its {what} {value} is no name.", what=field.what, value=str(value)[:60]))
    name, config = value.get("class_name"), value.get("config") or {}
    found = next((one for one in registry if name in (one.__name__, one.key)), None)
    if found is None or not isinstance(config, Mapping):
        raise NotUnderstood(Message("Its {what} {name} is not known here.", what=field.what, name=str(name)))
    given = {key: _number(one) for key, one in config.items() if key in found.parameters}
    return write_spec(registry.make(found.key, given))


def _number(value: Any) -> Any:
    """A number, which some versions keep as an array of one."""
    if isinstance(value, Mapping) and isinstance(value.get("config"), Mapping):
        value = value["config"].get("value")
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _inner(value: Any, tell: Tell) -> Layer:
    if not isinstance(value, Mapping) or not isinstance(value.get("config"), Mapping):
        raise NotUnderstood(Message("The layer inside of it is none."))
    # Bidirectional sets it by itself, as its directions are joined step by step.
    config = {key: one for key, one in value["config"].items() if key != "zero_output_for_mask"}
    return _layer(str(value.get("class_name")), config, tell)


def _function(config: Mapping[str, Any]) -> Layer:
    """A Lambda of Keras: the name of an activation is understood, code is not run."""
    function = config.get("function")
    name = function.get("config") if isinstance(function, Mapping) else function
    if isinstance(name, str) and name in activations.names():
        return Activation(activation=name)
    raise NotUnderstood(Message("It is Python code, which is never run here."))


def _input(config: Mapping[str, Any]) -> Layer:
    shape = config.get("batch_shape", config.get("batch_input_shape"))
    if not isinstance(shape, list) or not shape:
        return Input()
    return Input(tuple(shape[1:]), batch_size=shape[0])


def _axis(config: Mapping[str, Any]) -> Any:
    axis = config.get("axis", -1)
    return axis[0] if isinstance(axis, list) and len(axis) == 1 else axis


def plain(value: Any, depth: int = 0) -> Any:
    """What a Placeholder keeps of a config: what a project file can hold."""
    if depth > 8:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one, depth + 1) for one in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
