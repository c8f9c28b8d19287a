"""Files of PyTorch's exporter, read: no placeholder, and PyTorch's own predictions."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine.formats.onnx.read import read_onnx
from engine.plan import compile

pytestmark = pytest.mark.parity


@pytest.fixture(scope="module")
def folder(keras_python: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where PyTorch wrote its models."""
    pytest.importorskip("onnx")
    python, environment = keras_python
    found = tmp_path_factory.mktemp("pytorch")
    script = Path(__file__).with_name("onnx_worker.py")
    subprocess.run([python, str(script), str(found)], env=environment, cwd=found, check=True, capture_output=True)
    return found


NAMES = (
    *("mlp", "residual", "viewed", "mobile", "normalized", "groups", "parts", "looking", "looking_back", "encoder"),
    *("lstm", "lstm_both_ways", "gru", "gru_both_ways", "rnn"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_model_of_pytorch_predicts_the_same(name: str, folder: Path) -> None:
    imported = read_onnx(folder / f"{name}.onnx")
    assert imported.notices == ()
    plan = compile(imported.project.network, 3, training=False)
    plan.parameters.load(imported.weights)
    with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
        plan.inputs["x"][...] = arrays["x"]
        plan.forward()
        (y,) = plan.outputs.values()
        np.testing.assert_allclose(y, arrays["y"], rtol=1e-5, atol=1e-5)
