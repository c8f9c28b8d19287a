"""ONNX files that are damaged, or made to do harm: a sentence, soon, with little memory, and nothing run or written."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.formats.onnx.read import read_onnx
from engine.plan import compile
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.reshape import Flatten
from graph.network import Network, Wire
from graph.problem import FileProblem
from tests.engine.formats.onnx.running import onnx, written


def a_file() -> bytes:
    """A small network with some of everything."""
    layers = {"in": Input((6, 6, 1)), "conv": Conv2D(2, (3, 3)), "flat": Flatten(), "out": Dense(3)}
    network = Network.of(layers, [Wire("in", "conv"), Wire("conv", "flat"), Wire("flat", "out")])
    return written(network, compile(network).parameters.named())


def changed(change: Any) -> bytes:
    """The file with something changed in it."""
    model = onnx.load_from_string(a_file())
    change(model)
    return bytes(model.SerializeToString())


def huge(model: Any) -> None:
    model.graph.initializer[0].dims[:] = [2**31, 2**31]


def negative(model: Any) -> None:
    model.graph.initializer[0].dims[:] = [-1, 3]


def elsewhere(model: Any) -> None:
    one = model.graph.initializer[0]
    one.ClearField("raw_data")
    one.data_location = onnx.TensorProto.EXTERNAL
    entry = one.external_data.add()
    entry.key, entry.value = "location", "../../../etc/passwd"


def circle(model: Any) -> None:
    model.graph.node[0].input[0] = model.graph.node[-1].output[0]


def empty(model: Any) -> None:
    del model.graph.node[:]


def many(model: Any) -> None:
    for i in range(60_000):
        node = model.graph.node.add()
        node.op_type, node.output[:] = "Identity", [f"v{i}"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no graph in it"),
        (b"\x80\x04\x95 pickle", "is no ONNX file, or is damaged"),
        (changed(huge), "is said to be larger than the file"),
        (changed(negative), "is said to be larger than the file"),
        (changed(elsewhere), "which is no file beside it"),
        (changed(circle), "which nothing before it gives"),
        (changed(empty), "has no graph in it"),
        (changed(many), "50,000 are the most"),
    ],
    ids=["empty", "pickle", "huge", "negative", "elsewhere", "circle", "no nodes", "many"],
)
def test_a_bad_file_is_told(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.onnx"
    path.write_bytes(content)
    with pytest.raises(FileProblem, match=said):
        read_onnx(path)
    assert list(tmp_path.iterdir()) == [path]


def test_an_array_that_is_only_said_to_be_large_is_not_made(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    x, y = (onnx.helper.make_tensor_value_info(name, 1, ("N", 4)) for name in "xy")
    sizes = onnx.numpy_helper.from_array(np.array([2**20, 2**20], np.int64), "sizes")
    nodes = [node("ConstantOfShape", ["sizes"], ["w"]), node("MatMul", ["x", "w"], ["y"])]
    graph = onnx.helper.make_graph(nodes, "g", [x], [y], [sizes])
    path = tmp_path / "large.onnx"
    path.write_bytes(onnx.helper.make_model(graph).SerializeToString())
    tracemalloc.start()
    imported = read_onnx(path)
    assert tracemalloc.get_traced_memory()[1] < 50_000_000
    tracemalloc.stop()
    assert "asks for an array of 1,099,511,627,776 numbers" in str(imported.notices[0])
