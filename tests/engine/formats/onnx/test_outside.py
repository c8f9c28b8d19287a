"""Weights in a file beside: read where they are, and told where they are not what the file says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.formats.onnx.read import read_onnx
from engine.plan import compile
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.network import Network, Wire
from graph.problem import FileProblem
from tests.engine.formats.onnx.running import onnx, written

DATA = "model.onnx.data"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file whose weights stand in another one."""
    network = Network.of({"in": Input((40,)), "out": Dense(30)}, [Wire("in", "out")])
    weights = compile(network).parameters.named()
    model = onnx.load_from_string(written(network, weights))
    del model.metadata_props[:]
    np.save(tmp_path / "kernel.npy", weights["out/kernel"])
    onnx.save(model, tmp_path / "model.onnx", save_as_external_data=True, location=DATA, size_threshold=0)
    return tmp_path / "model.onnx"


def test_weights_beside_are_read(path: Path) -> None:
    (kernel,) = [w for name, w in read_onnx(path).weights.items() if name.endswith("kernel")]
    np.testing.assert_array_equal(kernel, np.load(path.with_name("kernel.npy"), allow_pickle=False))


def test_weights_that_are_missing_are_told(path: Path) -> None:
    path.with_name(DATA).unlink()
    with pytest.raises(FileProblem, match=r"in 'model.onnx.data', which is no file beside it"):
        read_onnx(path)


def test_a_file_that_is_too_short_is_told(path: Path) -> None:
    path.with_name(DATA).write_bytes(b"short")
    with pytest.raises(FileProblem, match=r"is said to be larger than model\.onnx\.data"):
        read_onnx(path)


def test_the_same_numbers_are_not_taken_again_and_again(path: Path) -> None:
    model = onnx.load(path, load_external_data=False)
    for i in range(1000):
        model.graph.initializer.append(model.graph.initializer[0])
        model.graph.initializer[-1].name = f"again{i}"
    path.write_bytes(model.SerializeToString())
    with pytest.raises(FileProblem, match="is said to be larger"):
        read_onnx(path)


@pytest.mark.parametrize("place", ["../secret", "/etc/passwd", "folder/../../secret", "..", ""])
def test_no_other_folder_is_looked_into(place: str, path: Path) -> None:
    model = onnx.load(path, load_external_data=False)
    for one in model.graph.initializer:
        next(entry for entry in one.external_data if entry.key == "location").value = place
    path.write_bytes(model.SerializeToString())
    path.parent.parent.joinpath("secret").write_bytes(bytes(10_000))
    with pytest.raises(FileProblem, match="which is no file beside it"):
        read_onnx(path)


def test_a_link_is_not_followed(path: Path) -> None:
    data = path.with_name(DATA)
    data.rename(path.with_name("elsewhere"))
    data.symlink_to(path.with_name("elsewhere"))
    with pytest.raises(FileProblem, match="which is no file beside it"):
        read_onnx(path)


@pytest.mark.parametrize(("key", "value"), [("offset", "-8"), ("offset", "x"), ("offset", str(2**70))])
def test_a_place_that_is_none_is_told(key: str, value: str, path: Path) -> None:
    model = onnx.load(path, load_external_data=False)
    for one in model.graph.initializer:
        for entry in one.external_data:
            entry.value = value if entry.key == key else entry.value
    path.write_bytes(model.SerializeToString())
    with pytest.raises(FileProblem):
        read_onnx(path)
