"""Reading ONNX files: ours come back as they were, and those of others give what ONNX Runtime makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

from engine.formats.onnx.read import Imported, read_onnx
from engine.kernel import Array
from engine.plan import compile
from engine.vocabulary import embeddings
from graph.layers.activation import Activation
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.placeholder import Placeholder
from graph.layers.recurrent import GRU
from graph.network import Network
from graph.serialize import dumps, loads
from tests.engine.formats.onnx.running import onnx, ran, written
from tests.engine.test_kernels import network_of
from tests.helpers.strategies import sound_networks
from tests.reference.case import BATCH, Case
from tests.reference.cases import CASES
from tests.reference.masks import NETWORKS
from tests.reference.stored import stored


def read(content: bytes, folder: Path) -> Imported:
    """What is made of a file."""
    (folder / "model.onnx").write_bytes(content)
    return read_onnx(folder / "model.onnx")


def without_network(content: bytes) -> bytes:
    """A file of ours as if another program had written it."""
    model = onnx.load_from_string(content)
    del model.metadata_props[:]
    return bytes(model.SerializeToString())


def same_predictions(content: bytes, imported: Imported, batch: int = BATCH) -> None:
    """The imported network gives what ONNX Runtime makes of the file."""
    plan = compile(imported.project.network, batch, training=False)
    plan.parameters.load(imported.weights)
    random = np.random.default_rng(0)
    words = embeddings(plan.inference)
    for name, x in plan.inputs.items():
        x[...] = random.integers(0, words[name], x.shape) if name in words else random.normal(size=x.shape)
    plan.forward()
    ys = ran(content, plan.inputs.values())
    assert len(ys) == len(plan.outputs)
    for y, expected in zip(plan.outputs.values(), ys, strict=True):
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        np.testing.assert_allclose(y / scale, expected / scale, rtol=1e-5, atol=1e-5)


def weights_of(network: Network) -> Mapping[str, Array]:
    """Weights that differ from each other."""
    plan = compile(network, BATCH, training=False)
    random = np.random.default_rng(1)
    for array in plan.parameters.named().values():
        array[...] = random.uniform(0.1, 0.9, array.shape)
    return plan.parameters.named()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_of_ours_is_the_same_network_with_the_same_weights(case: Case, tmp_path: Path) -> None:
    network = network_of(case)
    weights = {f"layer/{name[7:]}": w for name, w in stored(case).items() if name.startswith("weight ")}
    imported = read(written(network, weights), tmp_path)
    assert (imported.project.network, imported.notices) == (network, ())
    assert set(imported.weights) == set(weights)
    for name, w in weights.items():
        np.testing.assert_array_equal(imported.weights[name], w)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_with_masks_comes_back(name: str, tmp_path: Path) -> None:
    weights = weights_of(NETWORKS[name])
    imported = read(written(NETWORKS[name], weights), tmp_path)
    assert imported.project.network == NETWORKS[name]
    for key, w in weights.items():
        np.testing.assert_array_equal(imported.weights[key], w)


NOT_READ = {
    "ConvLSTM1D": 8,
    "ConvLSTM2D": 12,
    "SimpleRNN": 4,
    "LSTM": 1,
    "GRU": 1,
    "Bidirectional": 2,
    "TimeDistributed": 2,
    "MultiHeadAttention": 3,
    "SumPooling3D": 1,
}
"""How many cases of a layer leave a placeholder where only their operators are known.

Steps of a loop (Scan), as of a ConvLSTM or of functions that ONNX's cells do not know; attention along some axes of
several; a maximum over parts of every step; zeros around volumes.
"""


@pytest.fixture(scope="module")
def by_operators(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bytes, Imported]]:
    """Every case as another program could have written it: the file, and what is read."""
    folder, found = tmp_path_factory.mktemp("operators"), {}
    for case in CASES:
        weights = {f"layer/{name[7:]}": w for name, w in stored(case).items() if name.startswith("weight ")}
        content = without_network(written(network_of(case), weights))
        found[case.name] = content, read(content, folder)
    return found


def unknown(imported: Imported) -> list[str]:
    """The operators that are not read."""
    layers = imported.project.network.layers.values()
    return [layer.type_name.removeprefix("onnx.") for layer in layers if isinstance(layer, Placeholder)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_layer_is_known_by_its_operators(case: Case, by_operators: dict[str, tuple[bytes, Imported]]) -> None:
    content, imported = by_operators[case.name]
    if unknown(imported):
        assert imported.notices
    elif len(imported.project.network.layers) > len(onnx.load_from_string(content).graph.input):
        same_predictions(content, imported)


def test_the_layers_that_are_not_known_by_their_operators_are_counted(
    by_operators: dict[str, tuple[bytes, Imported]],
) -> None:
    found = Counter(case.layer.key for case in CASES if unknown(by_operators[case.name][1]))
    assert found == NOT_READ


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(sound_networks())
def test_what_others_could_have_written_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, network: Network
) -> None:
    content = without_network(written(network, weights_of(network)))
    assume(not leads_nowhere(content))
    imported = read(content, tmp_path_factory.mktemp("onnx"))
    if not imported.notices:
        same_predictions(content, imported)


def leads_nowhere(content: bytes) -> bool:
    """Whether a node's results are read by nobody, as before a Lambda that leaves an input out: here it is a result."""
    graph = onnx.load_from_string(content).graph
    read = {name for node in graph.node for name in node.input} | {output.name for output in graph.output}
    return any(read.isdisjoint(node.output) for node in graph.node)


LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


@pytest.mark.parametrize("path", sorted(LIGHT.glob("light_*.onnx")), ids=lambda path: path.stem)
def test_whole_networks_of_others_are_read_without_a_placeholder(path: Path) -> None:
    assert read_onnx(path).notices == ()


@pytest.mark.parametrize("name", ["bvlc_alexnet", "inception_v1", "resnet50", "shufflenet"])
def test_a_whole_network_gives_what_onnx_runtime_makes_of_it(name: str) -> None:
    path = LIGHT / f"light_{name}.onnx"
    same_predictions(path.read_bytes(), read_onnx(path), batch=1)


def model_of(nodes: list[Any], arrays: Mapping[str, Array], shape: tuple[Any, ...], opset: int = 17) -> bytes:
    """A file of another program, from the input `x` to the output `y`."""
    float_ = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        nodes,
        "model",
        [onnx.helper.make_tensor_value_info("x", float_, shape)],
        [onnx.helper.make_tensor_value_info("y", float_, None)],
        [onnx.numpy_helper.from_array(array, name) for name, array in arrays.items()],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", opset)], ir_version=8)
    return bytes(model.SerializeToString())


def random(*sizes: int) -> Array:
    """Some numbers."""
    return np.random.default_rng(sum(sizes)).normal(size=sizes).astype(np.float32)


def test_an_mlp_of_pytorch_is_three_dense_layers(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("Gemm", ["x", "0.weight", "0.bias"], ["a"], transB=1),
        node("Relu", ["a"], ["b"]),
        node("MatMul", ["b", "m"], ["c"]),
        node("Add", ["n", "c"], ["d"]),
        node("Tanh", ["d"], ["e"]),
        node("Gemm", ["e", "4.weight"], ["f"], transB=1, alpha=0.5),
        node("Softmax", ["f"], ["y"]),
    ]
    arrays = {
        "0.weight": random(8, 4),
        "0.bias": random(8),
        "m": random(8, 5),
        "n": random(5),
        "4.weight": random(3, 5),
    }
    content = model_of(nodes, arrays, ("N", 4))
    imported = read(content, tmp_path)
    assert list(imported.project.network.layers.items()) == [
        ("x", Input(shape=(4,))),
        ("0", Dense(8, activation="relu")),
        ("dense", Dense(5, activation="tanh")),
        ("4", Dense(3, activation="softmax", use_bias=False)),
    ]
    same_predictions(content, imported)


def test_images_turned_around_as_keras_does_it_stay_as_they_are(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("Transpose", ["x"], ["a"], perm=[0, 3, 1, 2]),
        node("Conv", ["a", "w", "b"], ["c"], auto_pad="SAME_UPPER", strides=[2, 2]),
        node("Relu", ["c"], ["d"]),
        node("MaxPool", ["d"], ["e"], kernel_shape=[2, 2], strides=[2, 2]),
        node("Transpose", ["e"], ["f"], perm=[0, 2, 3, 1]),
        node("Reshape", ["f", "sizes"], ["y"]),
    ]
    arrays = {"w": random(6, 3, 3, 3), "b": random(6), "sizes": np.array([-1, 24], np.int64)}
    content = model_of(nodes, arrays, ("N", 8, 8, 3))
    imported = read(content, tmp_path)
    layers = imported.project.network.layers.values()
    assert [layer.key for layer in layers] == ["Input", "Conv2D", "MaxPooling2D", "Flatten"]
    assert {layer.config().get("data_format", "channels_last") for layer in layers} == {"channels_last"}
    same_predictions(content, imported)


def test_channels_stay_first_and_zeros_around_are_a_layer(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1], strides=[2, 2]),
        node("Add", ["a", "b"], ["c"]),
        node("Sigmoid", ["c"], ["d"]),
        node("Mul", ["d", "c"], ["e"]),
        node("Shape", ["e"], ["s"]),
        node("Gather", ["s", "zero"], ["n"]),
        node("Unsqueeze", ["n", "axis"], ["m"]),
        node("Concat", ["m", "rest"], ["sizes"], axis=0),
        node("Reshape", ["e", "sizes"], ["y"]),
    ]
    arrays = {
        "w": random(4, 3, 3, 3),
        "b": random(4, 1, 1),
        "zero": np.array(0, np.int64),
        "axis": np.array([0], np.int64),
        "rest": np.array([-1], np.int64),
    }
    content = model_of(nodes, arrays, ("N", 3, 8, 8))
    imported = read(content, tmp_path)
    keys = [layer.key for layer in imported.project.network.layers.values()]
    assert keys == ["Input", "ZeroPadding2D", "Conv2D", "Activation", "Flatten"]
    same_predictions(content, imported)


def test_what_is_not_known_stands_there_with_a_notice(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [node("LpNormalization", ["x"], ["a"], p=1), node("Relu", ["a"], ["y"])]
    imported = read(model_of(nodes, {}, ("N", 3, 8, 8)), tmp_path)
    layers = imported.project.network.layers
    assert [type(layer) for layer in layers.values()] == [Input, Placeholder, Placeholder]
    assert str(imported.notices[0]) == (
        "lpnormalization: ONNX's operator LpNormalization is not read: there is no layer for it."
    )
    kept = loads(dumps(imported.project)).project.network.layers["lpnormalization"]
    assert isinstance(kept, Placeholder)
    assert kept.given == {"type": "onnx.LpNormalization", "parameters": {"p": 1}}


@pytest.mark.parametrize("half_first", [True, False])
def test_a_gelu_that_is_written_out_is_one(half_first: bool, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    last = [node("Mul", ["x", "half"], ["h"]), node("Mul", ["h", "c"], ["y"])]
    if not half_first:
        last = [node("Mul", ["x", "c"], ["h"]), node("Mul", ["h", "half"], ["y"])]
    nodes = [node("Div", ["x", "root"], ["a"]), node("Erf", ["a"], ["b"]), node("Add", ["b", "one"], ["c"]), *last]
    arrays = {name: np.array(n, np.float32) for name, n in (("root", 2**0.5), ("one", 1.0), ("half", 0.5))}
    content = model_of(nodes, arrays, ("N", 4))
    imported = read(content, tmp_path)
    assert list(imported.project.network.layers.values())[1:] == [Activation("gelu")]
    same_predictions(content, imported)


@pytest.mark.parametrize("centered", [True, False])
@pytest.mark.parametrize("product", [True, False])
def test_a_normalization_that_is_written_out_is_one(centered: bool, product: bool, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [node("ReduceMean", ["x"], ["mean"], axes=[-1]), node("Sub", ["x", "mean"], ["top"])] if centered else []
    top = "top" if centered else "x"
    nodes += [
        node("Mul", [top, top], ["square"]) if product else node("Pow", [top, "two"], ["square"]),
        node("ReduceMean", ["square"], ["variance"], axes=[-1]),
        node("Add", ["variance", "small"], ["more"]),
        node("Sqrt", ["more"], ["root"]),
        *([node("Reciprocal", ["root"], ["by"])] if product else []),
        node("Mul", [top, "by"], ["z"]) if product else node("Div", [top, "root"], ["z"]),
        node("Mul", ["z", "factor"], ["y" if not centered else "scaled"]),
        *([node("Add", ["scaled", "offset"], ["y"])] if centered else []),
    ]
    arrays = {name: np.array(n, np.float32) for name, n in (("two", 2.0), ("small", 1e-5))}
    content = model_of(nodes, arrays | {"factor": random(4), "offset": random(4)}, ("N", 3, 4))
    imported = read(content, tmp_path)
    expected = "LayerNormalization" if centered else "RMSNormalization"
    assert [layer.key for layer in imported.project.network.layers.values()] == ["Input", expected]
    same_predictions(content, imported)


def test_linear_layers_over_samples_and_steps_at_once_see_sequences(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("Transpose", ["x"], ["a"], perm=[1, 0, 2]),
        node("Reshape", ["a", "rows"], ["b"]),
        node("Gemm", ["b", "0.weight", "0.bias"], ["c"], transB=1),
        node("Reshape", ["c", "steps"], ["d"]),
        node("Transpose", ["d"], ["y"], perm=[1, 0, 2]),
    ]
    arrays = {"0.weight": random(8, 4), "0.bias": random(8)}
    sizes = {"rows": np.array([-1, 4], np.int64), "steps": np.array([5, -1, 8], np.int64)}
    content = model_of(nodes, arrays | sizes, ("N", 5, 4))
    imported = read(content, tmp_path)
    assert list(imported.project.network.layers.values()) == [Input(shape=(5, 4)), Dense(8)]
    same_predictions(content, imported)


def test_images_of_every_step_go_through_layers_step_by_step(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("Reshape", ["x", "images"], ["a"]),
        node("Conv", ["a", "w", "b"], ["c"]),
        node("Relu", ["c"], ["d"]),
        node("GlobalAveragePool", ["d"], ["e"]),
        node("Reshape", ["e", "steps"], ["y"]),
    ]
    sizes = {"images": np.array([-1, 2, 6, 6], np.int64), "steps": np.array([-1, 5, 3], np.int64)}
    content = model_of(nodes, {"w": random(3, 2, 3, 3), "b": random(3), **sizes}, ("N", 5, 2, 6, 6))
    imported = read(content, tmp_path)
    keys = [layer.key for layer in imported.project.network.layers.values()]
    assert keys == ["Input", "TimeDistributed", "Activation", "TimeDistributed", "Reshape"]
    same_predictions(content, imported)


def test_products_of_heads_that_are_no_attention_are_expressions(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [node("Transpose", ["x"], ["t"], perm=[0, 1, 3, 2]), node("MatMul", ["x", "t"], ["y"])]
    content = model_of(nodes, {}, ("N", 2, 3, 4))
    imported = read(content, tmp_path)
    assert imported.notices == ()
    same_predictions(content, imported)


def test_a_sequence_with_its_steps_in_front_is_turned(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [
        node("GRU", ["x", "w", "r", "b"], ["all", "last"], hidden_size=3),
        node("Squeeze", ["last", "zero"], ["y"]),
    ]
    arrays = {"w": random(1, 9, 2), "r": random(1, 9, 3), "b": random(1, 18), "zero": np.array([0], np.int64)}
    imported = read(model_of(nodes, arrays, (5, "N", 2)), tmp_path)
    layers = list(imported.project.network.layers.values())
    assert layers == [Input(shape=(5, 2)), GRU(3, reset_after=False)]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"clip": 1.0}, "it cuts its values, or joins its gates"),
        ({"activations": ["Sigmoid", "Tanh", "Relu"]}, "its functions are sigmoid, tanh, relu"),
    ],
)
def test_a_memory_of_another_kind_is_told(said: dict[str, Any], reason: str, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    turned = node("Transpose", ["x"], ["t"], perm=[1, 0, 2])
    nodes = [turned, node("LSTM", ["t", "w", "r"], ["all", "y"], hidden_size=3, **said)]
    imported = read(model_of(nodes, {"w": random(1, 12, 2), "r": random(1, 12, 3)}, ("N", 5, 2)), tmp_path)
    assert reason in str(imported.notices[0])


@pytest.mark.parametrize("size", [3, 5])
def test_a_normalization_by_near_channels_is_an_expression(size: int, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    content = model_of([node("LRN", ["x"], ["y"], size=size, alpha=0.5, bias=2.0)], {}, ("N", 6, 3, 3))
    imported = read(content, tmp_path)
    assert imported.notices == ()
    same_predictions(content, imported)


@pytest.mark.parametrize("counted", [0, 1])
def test_a_mean_with_padding_around_counts_what_the_file_counts(counted: int, tmp_path: Path) -> None:
    said = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "count_include_pad": counted}
    content = model_of([onnx.helper.make_node("AveragePool", ["x"], ["y"], **said)], {}, ("N", 2, 8, 7))
    imported = read(content, tmp_path)
    assert imported.notices == ()
    same_predictions(content, imported)


def test_windows_that_run_over_the_end_see_zeros_there(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    said = {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": 1}
    nodes = [node("Relu", ["x"], ["a"]), node("MaxPool", ["a"], ["y"], **said)]
    content = model_of(nodes, {}, ("N", 2, 8, 9))
    imported = read(content, tmp_path)
    assert imported.notices == ()
    same_predictions(content, imported)


def test_a_softmax_over_what_was_laid_in_a_row_sees_the_row(tmp_path: Path) -> None:
    node = onnx.helper.make_node
    nodes = [node("Flatten", ["x"], ["a"]), node("LeakyRelu", ["a"], ["b"]), node("Softmax", ["b"], ["y"])]
    content = model_of(nodes, {}, ("N", 3, 4))
    imported = read(content, tmp_path)
    assert imported.notices == ()
    same_predictions(content, imported)


@pytest.mark.parametrize("between", ["Reshape", "Transpose", "Identity"])
def test_what_is_read_elsewhere_in_another_view_is_not_changed(between: str, tmp_path: Path) -> None:
    node = onnx.helper.make_node
    view = {
        "Reshape": node("Reshape", ["a", "sizes"], ["b"]),
        "Transpose": node("Transpose", ["a"], ["b"], perm=[0, 2, 1]),
        "Identity": node("Identity", ["a"], ["b"]),
    }
    nodes = [
        node("MatMul", ["x", "w"], ["a"]),
        view[between],
        node("Relu", ["b"], ["c"]),
        node("ReduceMean", ["c"], ["d"], axes=[1, 2] if between != "Reshape" else [1], keepdims=0),
        node("ReduceMean", ["a"], ["e"], axes=[1, 2], keepdims=0),
        node("Add", ["d", "e"], ["y"]),
    ]
    content = model_of(nodes, {"w": random(4, 5), "sizes": np.array([-1, 15], np.int64)}, ("N", 3, 4))
    imported = read(content, tmp_path)
    assert imported.notices == ()
    same_predictions(content, imported)
