"""Weights in files: what is written is what other programs read, and what is damaged or foreign is refused by name."""

from __future__ import annotations

import csv
import io
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st

from engine.formats import export
from engine.formats.weights import check_weights, read_weights
from engine.kernel import Array
from engine.parameters import Parameters
from engine.plan import compile
from graph.infer import infer
from graph.layers.attention import Attention
from graph.layers.core import Dense
from graph.layers.endpoints import Input
from graph.network import Network, Wire
from graph.problem import FileProblem
from graph.project import Project

PROJECT = Project(Network.of({"input": Input((3,)), "dense": Dense(2)}, [Wire("input", "dense")]))


def weights() -> dict[str, Array]:
    random = np.random.default_rng(0)
    return {
        "dense/kernel": random.normal(size=(3, 2)).astype(np.float32),
        "dense/bias": random.normal(size=2).astype(np.float32),
    }


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_weights_come_back_as_they_were(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"weights{ending}"
    export(PROJECT, path, weights())
    back = read_weights(path)
    assert back.keys() == weights().keys()
    for name, array in weights().items():
        np.testing.assert_array_equal(back[name], array, strict=True)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_numpy_and_safetensors_read_them(tmp_path: Path) -> None:
    export(PROJECT, tmp_path / "w.npz", weights())
    export(PROJECT, tmp_path / "w.safetensors", weights())
    with np.load(tmp_path / "w.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["dense/kernel"], weights()["dense/kernel"])
    named = safetensors.numpy.load_file(tmp_path / "w.safetensors")
    np.testing.assert_array_equal(named["dense/bias"], weights()["dense/bias"])
    with safetensors.safe_open(tmp_path / "w.safetensors", framework="numpy") as file:
        assert file.metadata()["format"] == "netloom"
        assert len(file.metadata()["project"]) == 64


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_a_transposed_view_is_written_as_it_reads(ending: str, tmp_path: Path) -> None:
    view = np.arange(6, dtype=np.float32).reshape(2, 3).T
    path = tmp_path / f"w{ending}"
    export(PROJECT, path, {"dense/kernel": view})
    np.testing.assert_array_equal(read_weights(path)["dense/kernel"], [[0, 3], [1, 4], [2, 5]])


@given(content=st.binary(max_size=300), ending=st.sampled_from([".npz", ".safetensors"]))
def test_any_bytes_are_refused_with_a_sentence(
    content: bytes, ending: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / f"w{ending}"
    path.write_bytes(content)
    with pytest.raises(FileProblem) as caught:
        read_weights(path)
    assert caught.value.hint == "Choose a file that Netloom has written, or train again."


@pytest.mark.parametrize("ending", [".npz", ".safetensors"])
def test_a_file_cut_short_is_refused(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"w{ending}"
    export(PROJECT, path, weights())
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(FileProblem):
            read_weights(path)


def test_pickled_objects_are_never_loaded(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    np.savez(path, **{"dense/kernel": np.array([print], dtype=object)})
    with pytest.raises(FileProblem, match="holds Python objects"):
        read_weights(path)


def test_a_pickle_in_disguise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    path.write_bytes(pickle.dumps({"dense/kernel": [1.0]}))
    with pytest.raises(FileProblem, match="no NPZ file"):
        read_weights(path)


def test_an_archive_that_declares_too_much_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    header = np.lib.format.magic(1, 0)
    text = repr({"descr": "<f4", "fortran_order": False, "shape": (1 << 20, 1 << 20)}).encode().ljust(117) + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("dense/kernel.npy", header + len(text).to_bytes(2, "little") + text)
    with pytest.raises(FileProblem, match="at most 4 GB"):
        read_weights(path)


def test_a_missing_file_and_a_foreign_ending_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="There is no weights file"):
        read_weights(tmp_path / "none.npz")
    (tmp_path / "w.h5").write_bytes(b"")
    with pytest.raises(FileProblem, match=r"ends in \.safetensors or \.npz"):
        read_weights(tmp_path / "w.h5")


SLOTS = Parameters(infer(PROJECT.network)).slots


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"dense/kernel": None}, "w.npz has no dense/kernel; it has dense/bias."),
        ({"dense/kernel": np.zeros((4, 2))}, "dense/kernel has the shape 4×2 in w.npz, but the network needs 3×2."),
        ({"dense/bias": np.array([0, np.nan])}, "dense/bias in w.npz holds values that are no finite numbers."),
        ({"dense/bias": np.array(["a", "b"])}, "dense/bias in w.npz holds values that are no finite numbers."),
    ],
)
def test_wrong_weights_are_named(change: dict[str, Array | None], text: str) -> None:
    named = {name: array for name, array in (weights() | change).items() if array is not None}
    with pytest.raises(FileProblem) as caught:
        check_weights(named, SLOTS, "w.npz")
    assert caught.value.text == text


def test_a_name_that_is_nearly_right_is_pointed_out() -> None:
    named = {"dense_1/kernel": weights()["dense/kernel"]}
    with pytest.raises(FileProblem, match="has no dense/kernel; it has dense_1/kernel"):
        check_weights(named, SLOTS, "w.npz")


def test_weights_are_needed_before_they_are_written(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="needs trained weights"):
        export(PROJECT, tmp_path / "w.npz")
    assert not list(tmp_path.iterdir())


def test_a_single_number_keeps_its_shape(tmp_path: Path) -> None:
    layers = {"x": Input((4, 3)), "look": Attention(use_scale=True)}
    wires = [Wire("x", "look", "y", "query"), Wire("x", "look", "y", "value")]
    project = Project(Network.of(layers, wires))
    plan = compile(project.network, 2)
    for ending in ("npz", "safetensors"):
        export(project, tmp_path / f"w.{ending}", plan.parameters.named())
        plan.parameters.load(read_weights(tmp_path / f"w.{ending}"))


def test_tables_are_read_as_the_same_numbers(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    given = weights() | {
        "größe/kernel": random.normal(size=(2, 3, 4, 5)).astype(np.float32),
        "a b/kernel": np.float32([[1e-30, np.pi], [-0.0, 1e30]]),
        "a.b/kernel": np.float32(0.1).reshape(()),
    }
    export(PROJECT, tmp_path / "w.csv.zip", given)
    with zipfile.ZipFile(tmp_path / "w.csv.zip") as archive:
        rows = list(csv.DictReader(archive.read("shapes.csv").decode().splitlines()))
        assert [row["weight"] for row in rows] == list(given)
        assert len({row["file"] for row in rows}) == len(given)
        for row in rows:
            table = np.loadtxt(io.BytesIO(archive.read(row["file"])), np.float32, delimiter=",", ndmin=2)
            shape = tuple(int(size) for size in row["shape"].split("x") if size)
            np.testing.assert_array_equal(table.reshape(shape), given[row["weight"]], strict=True)
