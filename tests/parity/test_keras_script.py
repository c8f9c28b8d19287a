"""The program in Keras code: it trains on one device as on several, and its model opens."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from engine.formats import export
from engine.formats.keras.reading import read_model
from engine.parameters import Parameters
from graph.infer import infer
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.layers.merge import Concatenate
from graph.network import Network, Wire
from graph.optimizers import SGD
from graph.project import Project
from graph.recipe import TrainingRecipe

pytestmark = pytest.mark.parity
pytest.importorskip("h5py")

LAYERS = {"a": Input((3,)), "b": Input((2,)), "both": Concatenate(), "p": Dense(2), "q": Dense(1)}
WIRES = [Wire("a", "both"), Wire("b", "both"), Wire("both", "p"), Wire("both", "q")]
RECIPES = {
    "batches": TrainingRecipe(optimizer=SGD(0.1), epochs=3, batch_size=4, shuffle=False),
    "all at once": TrainingRecipe(optimizer=SGD(0.1), epochs=3, batch_size=None, shuffle=False),
}


def trained(
    folder: Path, devices: int, keras_python: tuple[str, dict[str, str]], data: str = "data.npz"
) -> dict[str, np.ndarray]:
    """The weights after training by the program on so many devices."""
    python, environment = keras_python
    flags = f"--xla_force_host_platform_device_count={devices}"
    given = [data, "--validation", "data.npz", "--weights", "w.npz"]
    run = [python, "model.py", *given, "--out", f"{devices}.keras"]
    done = subprocess.run(
        run, cwd=folder, env={**os.environ, **environment, "XLA_FLAGS": flags}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "val_loss" in done.stdout
    return dict(read_model(folder / f"{devices}.keras").weights)


@pytest.mark.parametrize("name", RECIPES)
def test_the_program_trains_on_several_devices_as_on_one(
    name: str, keras_python: tuple[str, dict[str, str]], tmp_path: Path
) -> None:
    project = Project(Network.of(LAYERS, WIRES), training=RECIPES[name])
    first = Parameters(infer(project.network))
    first.initialize(1)
    export(project, tmp_path / "model.py")
    export(project, tmp_path / "w.npz", first.named())
    random = np.random.default_rng(0)
    sizes = {"a": 3, "b": 2, "p": 2, "q": 1}
    np.savez(tmp_path / "data.npz", **{key: random.normal(size=(12, n)).astype("f4") for key, n in sizes.items()})
    alone, together = (trained(tmp_path, devices, keras_python) for devices in (1, 2))
    assert set(alone) == set(first.named())
    for key, array in alone.items():
        np.testing.assert_allclose(together[key], array, rtol=1e-5, atol=1e-6)
        assert np.abs(array - first.named()[key]).max() > 1e-3


def test_what_devices_cannot_share_evenly_is_left_out(keras_python: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    project = Project(Network.of({"x": Input((3,)), "y": Dense(2)}, [Wire("x", "y")]), training=RECIPES["batches"])
    first = Parameters(infer(project.network))
    export(project, tmp_path / "model.py")
    export(project, tmp_path / "w.npz", first.named())
    random = np.random.default_rng(0)
    x, y = (random.normal(size=(11, n)).astype("f4") for n in (3, 2))
    np.savez(tmp_path / "data.npz", x=x, y=y)
    np.savez(tmp_path / "odd.npz", x=x[:10], y=y[:10])
    together, alone = trained(tmp_path, 2, keras_python), trained(tmp_path, 1, keras_python, "odd.npz")
    for key, array in alone.items():
        np.testing.assert_allclose(together[key], array, rtol=1e-5, atol=1e-6)
