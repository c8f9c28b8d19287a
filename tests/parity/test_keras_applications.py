"""The well-known networks of Keras, read and computed here: the same predictions, and opened in time."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine.formats.importer import read_import
from engine.plan import compile
from graph.check import check

pytestmark = [pytest.mark.parity, pytest.mark.timeout(900)]
pytest.importorskip("h5py")

NAMES = ("MobileNetV2", "ResNet50", "EfficientNetB0", "DenseNet121", "InceptionV3", "Xception", "VGG16")
SECONDS = 5.0


@pytest.fixture(scope="module")
def applications(keras_python: tuple[str, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the networks."""
    python, environment = keras_python
    folder = tmp_path_factory.mktemp("applications")
    script = Path(__file__).with_name("keras_applications.py")
    done = subprocess.run([python, str(script), str(folder)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


def spent() -> float:
    """Seconds of the processor that this process and those it started have taken, whatever else runs here."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@pytest.mark.parametrize("name", NAMES)
def test_a_network_of_keras_comes_in_whole(name: str, applications: Path) -> None:
    begun = spent()
    read = read_import(applications / f"{name}.keras")
    assert not check(read.project).errors
    assert spent() - begun < SECONDS
    assert not read.notes
    plan = compile(read.project.network, 3, training=False)
    plan.parameters.load(read.weights)
    with np.load(applications / f"{name}.npz") as stored:
        (x,) = plan.inputs.values()
        x[...] = stored["x"]
        expected = stored["y"]
    plan.forward()
    (y,) = plan.outputs.values()
    assert expected.std() > 0.005
    np.testing.assert_allclose(y, expected, atol=1e-5)
