"""Models that Keras has written, read and computed here: the same predictions."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine.formats.importer import read_import
from engine.plan import compile

pytestmark = pytest.mark.parity
pytest.importorskip("h5py")

NAMES = ("chain", "inside", "shared", "masked", "arithmetic", "sequences", "mobile", "efficient")
TOLD = {"shared": "It is another call of"}


@pytest.fixture(scope="module")
def models(keras_python: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the models."""
    python, environment = keras_python
    folder = tmp_path_factory.mktemp("models")
    script = Path(__file__).with_name("keras_models.py")
    done = subprocess.run([python, str(script), str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize("name", NAMES)
def test_a_model_of_keras_predicts_the_same_here(name: str, ending: str, models: Path) -> None:
    read = read_import(models / f"{name}{ending}")
    assert all(note.startswith(TOLD.get(name, "nothing")) for note in [one.text for one in read.notes]), read.notices
    plan = compile(read.project.network, 3, training=False)
    plan.parameters.load(read.weights)
    with np.load(models / f"{name}.inputs.npz") as inputs:
        assert set(plan.inputs) == set(inputs.files)
        for key, x in plan.inputs.items():
            x[...] = inputs[key]
    plan.forward()
    with np.load(models / f"{name}.outputs.npz") as outputs:
        expected = [outputs[str(place)] for place in range(len(outputs.files))]
    assert len(plan.outputs) == len(expected)
    for y, received in zip(expected, plan.outputs.values(), strict=True):
        np.testing.assert_allclose(received, y, rtol=1e-5, atol=1e-5)
