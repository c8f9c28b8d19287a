"""The arguments of a call, and the ends of a model, in the forms of Keras 3 (objects) and of Keras 2 (lists)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.formats.keras.flat import Ref, WrongConfig

NUMBER = "_CONSTANT_VALUE"
"""What Keras 2 says in the place of a layer where a number is the first argument of an operation."""
Shapes = dict[Ref, tuple[int | None, ...]]
Said = tuple[tuple[Any, ...], Mapping[str, Any]]
"""The arguments of a call by place and by name."""


def read_arguments(node: Any, known: set[str], shapes: Shapes, prefix: str) -> Said:
    """The arguments of a call: of Keras 3, where tensors are objects, or of Keras 2, where they are lists."""
    if isinstance(node, Mapping):
        arguments, keywords = node.get("args", []), node.get("kwargs") or {}
        if not isinstance(arguments, list) or not isinstance(keywords, Mapping):
            raise WrongConfig("a call of it has no arguments")
        read = _new(arguments, shapes, prefix, 0)
        return tuple(read), {str(key): _new(one, shapes, prefix, 0) for key, one in keywords.items()}
    if not isinstance(node, list):
        raise WrongConfig("a call of it is no call")
    if node and isinstance(node[0], str):
        node = [node]
    refs: list[Any] = []
    named: dict[str, Any] = {}
    for one in node:
        if not (isinstance(one, list) and len(one) >= 3):
            raise WrongConfig("a call of it is no call")
        refs.append(one[2] if one[0] == NUMBER else _old(one[:3], known))
        if len(one) > 3 and isinstance(one[3], Mapping):
            named |= {str(key): _old_argument(value, known) for key, value in one[3].items()}
    return (refs[0] if len(refs) == 1 else refs,), named


def _new(value: Any, shapes: Shapes, prefix: str, depth: int) -> Any:
    if depth > 64:
        raise WrongConfig("its arguments are too deep")
    if isinstance(value, list):
        return [_new(one, shapes, prefix, depth + 1) for one in value]
    if not isinstance(value, Mapping):
        return value
    said, config = value.get("class_name"), value.get("config")
    if said == "__keras_tensor__" and isinstance(config, Mapping):
        history = config.get("keras_history")
        if not (isinstance(history, list) and len(history) == 3 and isinstance(history[0], str)):
            raise WrongConfig("a tensor of it comes from nowhere")
        ref = Ref(history[0], _whole(history[1]), _whole(history[2]))
        shape = config.get("shape")
        if isinstance(shape, list) and all(n is None or isinstance(n, int) for n in shape):
            shapes[Ref(prefix + ref.layer, ref.call, ref.index)] = tuple(shape)
        return ref
    if said == "__slice__" and isinstance(config, Mapping):
        return slice(config.get("start"), config.get("stop"), config.get("step"))
    if said == "__ellipsis__":
        return ...
    return {str(key): _new(one, shapes, prefix, depth + 1) for key, one in value.items()}


def _old(value: list[Any], known: set[str]) -> Ref:
    if value[0] not in known:
        raise WrongConfig(f"{value[0]!r} is needed, but is not there")
    return Ref(value[0], _whole(value[1]), _whole(value[2]))


def _old_argument(value: Any, known: set[str]) -> Any:
    if isinstance(value, list):
        if len(value) == 3 and isinstance(value[0], str) and value[0] in known and isinstance(value[1], int):
            return _old(value, known)
        return [_old_argument(one, known) for one in value]
    if isinstance(value, Mapping) and set(value) == {"start", "stop", "step"}:
        return slice(value["start"], value["stop"], value["step"])
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise WrongConfig(f"{value!r} is no number of a call")
    return value


def read_ends(value: Any) -> list[Ref]:
    """The inputs or outputs, in whatever structure they are."""
    if isinstance(value, list) and len(value) == 3 and isinstance(value[0], str):
        return [Ref(value[0], _whole(value[1]), _whole(value[2]))]
    if isinstance(value, Mapping):
        return [ref for key in sorted(value) for ref in read_ends(value[key])]
    if isinstance(value, list):
        return [ref for one in value for ref in read_ends(one)]
    raise WrongConfig("its inputs or outputs are missing")


def read_named_ends(value: Any) -> dict[str, Ref]:
    """The outputs by their names; by numbers where they have none."""
    if isinstance(value, Mapping):
        named = {str(key): read_ends(one) for key, one in value.items()}
        return {name: refs[0] for name, refs in named.items() if refs}
    return {f"\0{place:04}": ref for place, ref in enumerate(read_ends(value))}
