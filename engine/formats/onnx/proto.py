"""A draft as the bytes of an ONNX file, checked by the ONNX checker."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import numpy as np

from engine.extras import extra
from engine.formats.onnx.draft import Body, Operation
from engine.formats.onnx.network import Drafted, Value
from graph.message import Message
from graph.problem import FileProblem
from graph.version import VERSION

OLDEST_IR = 8
"""The form of files of opset 17."""
LARGEST = 2**31 - 2**20
"""Bytes that one message may have in Protocol Buffers, and some to spare."""


def package() -> ModuleType:
    """The package onnx. Raises FileProblem where it is not installed."""
    return extra("onnx", "onnx", Message("An ONNX file"))


def to_bytes(made: Drafted, name: str, said: Mapping[str, str]) -> bytes:
    """The file. `said` is kept in it as text by name. Raises FileProblem where there is no such file."""
    onnx = package()
    helper = onnx.helper
    if sum(array.nbytes for array in made.draft.arrays.values()) > LARGEST:
        raise FileProblem(
            Message("The weights have more than 2 GB, which is more than one ONNX file may hold."),
            Message("Export the weights as .safetensors instead."),
        )
    graph = helper.make_graph(
        [_node(onnx, one) for one in made.draft.operations],
        name,
        [_value(onnx, one) for one in made.inputs],
        [_value(onnx, one) for one in made.outputs],
        [onnx.numpy_helper.from_array(array, key) for key, array in made.draft.arrays.items()],
    )
    opset = helper.make_opsetid("", made.draft.opset)
    model = helper.make_model(
        graph,
        opset_imports=[opset],
        ir_version=max(OLDEST_IR, helper.find_min_ir_version_for([opset])),
        producer_name="Netloom",
        producer_version=VERSION,
    )
    helper.set_model_props(model, dict(said))
    model = onnx.shape_inference.infer_shapes(model, strict_mode=True)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def _node(onnx: Any, one: Operation) -> Any:
    attributes = {key: _attribute(onnx, value) for key, value in one.attributes.items() if value != []}
    return onnx.helper.make_node(one.kind, one.inputs, one.outputs, name=one.outputs[0], **attributes)


def _attribute(onnx: Any, value: Any) -> Any:
    if isinstance(value, Body):
        ends = [[_plain(onnx, *end) for end in side] for side in (value.inputs, value.outputs)]
        return onnx.helper.make_graph([_node(onnx, one) for one in value.operations], "body", *ends)
    if isinstance(value, type):
        return onnx.helper.np_dtype_to_tensor_dtype(np.dtype(value))
    return value


def _plain(onnx: Any, name: str, dtype: type) -> Any:
    return onnx.helper.make_tensor_value_info(name, onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype)), None)


def _value(onnx: Any, one: Value) -> Any:
    """What comes in or leaves; sizes that are open have a name, that of the batch being N."""
    sizes = [("N" if i == 0 else f"{one.tensor}_{i}") if n is None else n for i, n in enumerate(one.shape)]
    kind = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(one.dtype))
    return onnx.helper.make_tensor_value_info(one.tensor, kind, sizes)
