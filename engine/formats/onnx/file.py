"""ONNX files as plain values: operators in their order, and arrays. Nothing in them is run, and nothing is trusted.

What a file says of sizes is held against the bytes it has, before anything of that size is made. Arrays may stand in a
file beside it, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from engine.formats.onnx.draft import Operation, Tensor
from engine.formats.onnx.outside import read_outside
from engine.formats.onnx.proto import LARGEST, package
from engine.kernel import Array
from graph.message import Message
from graph.problem import FileProblem
from graph.shapes import Shape

MOST_NODES = 50_000
MOST_AXES = 8
OURS = ("", "ai.onnx")
"""The names of the domain of plain operators."""
HINT = Message("Export the model again, with its weights inside of the file.")


@dataclass(frozen=True)
class Graph:
    """What a file holds. `shapes` are those that it states of its values, where it does."""

    operations: tuple[Operation, ...]
    arrays: Mapping[Tensor, Array]
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    shapes: Mapping[Tensor, Shape]
    said: Mapping[str, str]
    opset: int


def read_graph(path: Path) -> Graph:
    """The graph in a file. Raises FileProblem where there is none, or it is damaged or too large."""
    onnx = package()
    if not path.is_file():
        raise FileProblem(Message("There is no file {path}.", path=str(path)), Message("Check the path."))
    if path.stat().st_size > LARGEST:
        raise FileProblem(
            Message("{name} is larger than 2 GB.", name=path.name), Message("Check that this is the right file.")
        )
    content = path.read_bytes()
    try:
        return _graph(onnx, onnx.load_model_from_string(content), len(content), path)
    except FileProblem:
        raise
    except Exception as error:  # whatever the package finds wrong with bytes that anyone may have made
        text = Message("{name} is no ONNX file, or is damaged: {reason}.", name=path.name, reason=str(error)[:200])
        raise FileProblem(text, HINT) from error


def _graph(onnx: Any, model: Any, size: int, path: Path) -> Graph:
    graph, name = model.graph, path.name
    if not graph.node or not graph.output:
        raise FileProblem(Message("{name} has no graph in it.", name=name), HINT)
    if len(graph.node) > MOST_NODES:
        text = Message(
            "{name} has {count:,} operators; {most:,} are the most.", name=name, count=len(graph.node), most=MOST_NODES
        )
        raise FileProblem(text, Message("Export a smaller model."))
    if graph.sparse_initializer:
        raise FileProblem(Message("{name} has sparse arrays, which are not read.", name=name), HINT)
    beside = [one for one in graph.initializer if one.data_location == onnx.TensorProto.EXTERNAL]
    inside = (one for one in graph.initializer if one.data_location != onnx.TensorProto.EXTERNAL)
    arrays = {_text(one.name): _array(onnx, one, size, name) for one in inside}
    arrays |= read_outside(onnx, beside, path.parent, name)
    operations = tuple(_operation(onnx, one, size, name) for one in graph.node)
    _refuse_disorder(operations, {*arrays, *(_text(one.name) for one in graph.input)}, name)
    return Graph(
        operations,
        arrays,
        tuple(key for one in graph.input if (key := _text(one.name)) not in arrays),
        tuple(_text(one.name) for one in graph.output),
        {_text(one.name): _shape(one) for one in (*graph.value_info, *graph.input, *graph.output) if _is_shaped(one)},
        {_text(one.key): _text(one.value) for one in model.metadata_props},
        max((one.version for one in model.opset_import if one.domain in OURS), default=1),
    )


def _refuse_disorder(operations: Sequence[Operation], known: set[Tensor], name: str) -> None:
    """Every operator gives something, and reads only what was given before it: so no graph runs in a circle."""
    known = {*known, ""}
    for one in operations:
        if not one.outputs:
            raise FileProblem(Message("{name}: {kind} gives nothing.", name=name, kind=one.kind), HINT)
        missing = [x for x in one.inputs if x not in known]
        if missing:
            text = Message(
                "{name}: {kind} reads {value!r}, which nothing before it gives.",
                name=name,
                kind=one.kind,
                value=missing[0],
            )
            raise FileProblem(text, HINT)
        known |= set(one.outputs)


def _array(onnx: Any, one: Any, size: int, name: str) -> Array:
    if one.data_location == onnx.TensorProto.EXTERNAL:
        raise FileProblem(
            Message("{name} keeps {array} in another file, which is not read.", name=name, array=one.name), HINT
        )
    if len(one.dims) > MOST_AXES or any(n < 0 for n in one.dims) or prod(one.dims) > 8 * size:
        raise FileProblem(
            Message("{name}: {array} is said to be larger than the file.", name=name, array=one.name), HINT
        )
    array: Array = onnx.numpy_helper.to_array(one)
    return array.astype(np.float32) if array.dtype.kind not in "fiubO" else array


def _operation(onnx: Any, one: Any, size: int, name: str) -> Operation:
    domain, kind = _text(one.domain), _text(one.op_type)
    said = {_text(a.name): _attribute(onnx, a, size, name) for a in one.attribute}
    inputs, outputs = tuple(map(_text, one.input)), tuple(map(_text, one.output))
    return Operation(kind if domain in OURS else f"{domain}.{kind}", inputs, outputs, said)


def _text(said: str | bytes) -> str:
    """Text of the file; what is none in UTF-8 comes as bytes."""
    return said if isinstance(said, str) else said.decode(errors="replace")


def _attribute(onnx: Any, one: Any, size: int, name: str) -> Any:
    if one.type == onnx.AttributeProto.TENSOR:
        return _array(onnx, one.t, size, name)
    if one.type in (onnx.AttributeProto.GRAPH, onnx.AttributeProto.GRAPHS):
        return None
    value = onnx.helper.get_attribute_value(one)
    if isinstance(value, bytes):
        return _text(value)
    if isinstance(value, Sequence) or hasattr(value, "__len__"):
        return [_text(item) if isinstance(item, bytes) else item for item in value]
    return value


def _is_shaped(one: Any) -> bool:
    return bool(one.type.HasField("tensor_type") and one.type.tensor_type.HasField("shape"))


def _shape(one: Any) -> Shape:
    sizes = one.type.tensor_type.shape.dim
    return tuple(d.dim_value if d.HasField("dim_value") and d.dim_value > 0 else None for d in sizes)
