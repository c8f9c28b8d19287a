"""Files that PyTorch's exporter and skl2onnx wrote (`make_files.py`): layers, and what ONNX Runtime makes of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from engine.formats.onnx.read import read_onnx
from engine.plan import compile
from graph.layers.attention import MultiHeadAttention
from graph.layers.base import Layer
from graph.layers.normalization import BatchNormalization
from tests.engine.formats.onnx.running import ran
from tests.engine.formats.onnx.test_read import same_predictions

FILES = Path(__file__).with_name("files")

LAYERS = {
    "causal": {"MultiHeadAttention": 1},
    "encoder": {"MultiHeadAttention": 2, "Add": 4, "LayerNormalization": 4, "Dense": 4},
    "states": {"Bidirectional": 2, "Concatenate": 3, "Reshape": 2, "Lambda": 2, "Flatten": 1, "Dense": 1},
    "steps": {"GRU": 1, "Dense": 1},
}
"""What is made of a file, besides its input."""


@pytest.mark.parametrize("path", sorted(FILES.glob("pytorch_*.onnx")), ids=lambda path: path.stem)
def test_a_file_of_pytorch_predicts_the_same(path: Path) -> None:
    imported = read_onnx(path)
    assert imported.notices == ()
    same_predictions(path.read_bytes(), imported)


@pytest.mark.parametrize("name", LAYERS)
def test_operators_become_the_layers_that_were_exported(name: str) -> None:
    layers = read_onnx(FILES / f"pytorch_{name}.onnx").project.network.layers.values()
    assert Counter(layer.key for layer in layers) == {"Input": 1} | LAYERS[name]


def test_a_mask_that_hides_later_steps_is_a_parameter() -> None:
    (layer,) = [one for one in _layers("pytorch_causal") if isinstance(one, MultiHeadAttention)]
    assert (layer.num_heads, layer.key_dim, layer.use_causal_mask) == (2, 4, True)


@pytest.mark.parametrize(("name", "classes"), [("classes", 3), ("two_classes", 2), ("named_classes", 3)])
def test_a_classifier_of_scikit_learn_gives_its_probabilities(name: str, classes: int) -> None:
    path = FILES / f"scikit_{name}.onnx"
    imported = read_onnx(path)
    assert [str(one) for one in imported.notices] == [
        "The result output_label names classes, which no layer does: there are their values."
    ]
    plan = compile(imported.project.network, 3, training=False)
    plan.parameters.load(imported.weights)
    (x,), (y,) = plan.inputs.values(), plan.outputs.values()
    x[...] = np.random.default_rng(0).normal(size=x.shape)
    plan.forward()
    (_, said) = ran(path.read_bytes(), [x])
    np.testing.assert_allclose(y, [list(one.values()) for one in said], rtol=1e-5, atol=1e-5)
    assert y.shape == (3, classes)


def test_a_scaler_before_a_network_is_a_normalization_that_stays() -> None:
    scaler = next(one for one in _layers("scikit_named_classes") if isinstance(one, BatchNormalization))
    assert not scaler.trainable


def test_a_regression_of_scikit_learn_is_its_dense_layers() -> None:
    path = FILES / "scikit_numbers.onnx"
    imported = read_onnx(path)
    assert [one.key for one in _layers("scikit_numbers")] == ["Input", "Dense", "Dense"]
    same_predictions(path.read_bytes(), imported)


def _layers(name: str) -> list[Layer]:
    return list(read_onnx(FILES / f"{name}.onnx").project.network.layers.values())
