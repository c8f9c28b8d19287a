"""PyTorch as a second witness: outputs and slopes of layers, where Keras's backends differ or ours are our own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from engine.kernel import Array
from engine.plan import Plan, compile
from graph.layers import Layer
from graph.layers.activation import Activation
from graph.layers.convolution import Conv2D
from graph.layers.depthwise import DepthwiseConv2D
from graph.layers.endpoints import Input
from graph.layers.normalization import BatchNormalization, GroupNormalization, LayerNormalization
from graph.layers.padding import UpSampling2D
from graph.layers.pooling import AveragePooling2D, MaxPooling2D
from graph.layers.recurrent import GRU, LSTM
from graph.layers.transposed import Conv2DTranspose
from graph.network import Network, Wire

pytestmark = pytest.mark.parity

IMAGE, STEPS, ROW = (7, 7, 4), (5, 3), (4, 6)
CASES: Mapping[str, tuple[Layer, tuple[int, ...]]] = {
    "average_pooling_same": (AveragePooling2D((3, 3), strides=(2, 2), padding="same"), IMAGE),
    "max_pooling_same": (MaxPooling2D((3, 3), strides=(2, 2), padding="same"), IMAGE),
    "convolution": (Conv2D(5, (3, 3), strides=(2, 2)), IMAGE),
    "convolution_dilated": (Conv2D(5, (3, 3), dilation_rate=(2, 2), padding="same"), IMAGE),
    "convolution_grouped": (Conv2D(6, (3, 3), groups=2), IMAGE),
    "convolution_transposed": (Conv2DTranspose(5, (3, 3), strides=(2, 2)), IMAGE),
    "convolution_depthwise": (DepthwiseConv2D((3, 3), depth_multiplier=2), IMAGE),
    "batch_normalization": (BatchNormalization(), IMAGE),
    "layer_normalization": (LayerNormalization(), ROW),
    "group_normalization": (GroupNormalization(groups=2), IMAGE),
    "upsampling_bilinear": (UpSampling2D(interpolation="bilinear"), IMAGE),
    "lstm": (LSTM(4, return_sequences=True), STEPS),
    "gru": (GRU(4, return_sequences=True), STEPS),
    "gelu": (Activation("gelu"), ROW),
    "mish": (Activation("mish"), ROW),
    "selu": (Activation("selu"), ROW),
    "log_softmax": (Activation("log_softmax"), ROW),
}


@dataclass(frozen=True)
class Run:
    """Our forward and backward pass of a case: what went in, and what came out."""

    given: Mapping[str, Array]
    y: Array
    dx: Array


def run(name: str) -> Run:
    """Run a case on random numbers, in training."""
    layer, shape = CASES[name]
    network = Network.of({"x": Input(shape=shape), "y": layer}, [Wire("x", "y")])
    plan: Plan = compile(network, 4, input_gradients=True)
    random = np.random.default_rng(len(name))
    for array in (plan.inputs["x"], plan.output_gradients["y"], *plan.parameters.of("y").values()):
        array[...] = random.normal(size=array.shape)
    weights = {key: w.copy() for key, w in plan.parameters.of("y").items()}
    given = {"x": plan.inputs["x"].copy(), "dy": plan.output_gradients["y"].copy()} | weights
    plan.forward()
    y = plan.outputs["y"].copy()
    plan.backward()
    return Run(given, y, plan.input_gradients["x"].copy())


@pytest.fixture(scope="module")
def pytorch(keras_python: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which PyTorch has answered every case."""
    python, environment = keras_python
    if subprocess.run([python, "-c", "import torch"], capture_output=True, check=False).returncode:
        pytest.skip("PyTorch is not installed; see .ci/pytorch")
    folder = tmp_path_factory.mktemp("pytorch")
    for name in CASES:
        np.savez(folder / f"{name}.npz", **run(name).given)
    script = Path(__file__).with_name("torch_worker.py")
    done = subprocess.run([python, script, folder], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.mark.parametrize("name", CASES)
def test_pytorch_says_the_same(name: str, pytorch: Path) -> None:
    ours = run(name)
    with np.load(pytorch / f"{name}.out.npz", allow_pickle=False) as theirs:
        np.testing.assert_allclose(ours.y, theirs["y"], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(ours.dx, theirs["dx"], rtol=1e-4, atol=1e-5)
