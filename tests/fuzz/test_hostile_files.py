"""Files that are made to do harm, for every reader: a sentence, soon, in little memory, and nothing written."""

from __future__ import annotations

import io
import json
import pickle
import time
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from engine.formats.weights import check_weights
from engine.parameters import layout
from graph.check import check
from graph.infer import infer
from graph.problem import FileProblem
from graph.serialize import loads
from tests.fuzz.readers import READERS, projects, weights_of

SECONDS = 5
MEMORY = 400 * 2**20
PICKLE = pickle.dumps({"dense/kernel": [1.0]})
DEEP = "[" * 100_000 + "]" * 100_000
BILLION = 10**9


def project(**said: Any) -> bytes:
    """The text of a project with other things in it."""
    return json.dumps(json.loads(READERS["project"].wholes()[0]) | said).encode()


def archived(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def npy(shape: tuple[int, ...], content: bytes = b"", descr: str = "<f4") -> bytes:
    """An array that says what it likes of its size."""
    text = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode().ljust(117) + b"\n"
    return np.lib.format.magic(1, 0) + len(text).to_bytes(2, "little") + text + content


def tensors(header: Any, content: bytes = b"", length: int | None = None) -> bytes:
    """A Safetensors file that says what it likes of its content."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + content


def model(config: Any, **members: bytes) -> bytes:
    """A `.keras` archive."""
    text = config if isinstance(config, bytes) else json.dumps(config).encode()
    return archived({"metadata.json": b"{}", "config.json": text, **members})


def hdf5(fill: Any) -> bytes:
    """An HDF5 file."""
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        fill(file)
    return stream.getvalue()


def nodes(count: int) -> bytes:
    """A sequential model of so many layers."""
    layer = {"class_name": "Dense", "config": {"units": 1}}
    return json.dumps({"class_name": "Sequential", "config": {"layers": [layer] * count}}).encode()


def whole(reader: str) -> bytes:
    """A sound file."""
    return READERS[reader].wholes()[0]


REFUSED: dict[str, tuple[str, Any, str]] = {
    "project, cut": ("project", lambda: whole("project")[:-40], "not valid JSON"),
    "project, a pickle": ("project", lambda: PICKLE, "is not UTF-8 text"),
    "project, nested without end": ("project", lambda: project(notes=0)[:-1] + b',"x":' + DEEP.encode(), "nested more"),
    "project, larger than any": ("project", lambda: b" " * (64 * 2**20 + 2), "larger than 64 MB"),
    "project, a number without end": ("project", lambda: project()[:-1] + b', "x": ' + b"9" * 10**6, "cannot be read"),
    "npz, cut": ("npz", lambda: whole("npz")[:-40], "no NPZ file"),
    "npz, nothing in it": ("npz", lambda: b"PK\x05\x06" + bytes(18), "holds no arrays"),
    "npz, a pickle": ("npz", lambda: PICKLE, "no NPZ file"),
    "npz, a pickle inside": ("npz", lambda: archived({"a.npy": npy((1,), PICKLE, "|O")}), "holds Python objects"),
    "npz, larger than any": ("npz", lambda: archived({"a.npy": npy((BILLION, BILLION))}), "at most 4 GB"),
    "npz, larger than it is": ("npz", lambda: archived({"a.npy": npy((2**29,))}), "declares 2,147,483,648 bytes"),
    "npz, arrays without end": (
        "npz",
        lambda: archived({f"{number}.npy": npy((0,)) for number in range(2000)}, zipfile.ZIP_STORED),
        "holds 2,000 arrays",
    ),
    "npz data, cut": ("npz data", lambda: whole("npz data")[:-40], "no NPZ file"),
    "npz data, a pickle inside": ("npz data", lambda: archived({"x.npy": npy((1,), PICKLE, "|O")}), "Python objects"),
    "npz data, larger than it is": ("npz data", lambda: archived({"x.npy": npy((2**29,))}), "declares"),
    "safetensors, cut": ("safetensors", lambda: whole("safetensors")[:-4], "or is damaged"),
    "safetensors, a pickle": ("safetensors", lambda: PICKLE, "or is damaged"),
    "safetensors, a header without end": ("safetensors", lambda: tensors({}, length=2**63), "or is damaged"),
    "safetensors, larger than it is": (
        "safetensors",
        lambda: tensors({"a": {"dtype": "F32", "shape": [BILLION], "data_offsets": [0, 4 * BILLION]}}),
        "or is damaged",
    ),
    "safetensors, two in one place": (
        "safetensors",
        lambda: tensors({n: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for n in "ab"}, bytes(4)),
        "or is damaged",
    ),
    "safetensors, nested without end": ("safetensors", lambda: tensors(DEEP.encode()), "or is damaged"),
    "csv, a pickle": ("csv", lambda: PICKLE, "is not a text file"),
    "csv, columns without end": ("csv", lambda: b",".join([b"a"] * 10**6) + b"\n" + b"1," * 10**6, "columns"),
    "csv, a cell without end": ("csv", lambda: b'a,b\n"' + b"x" * 10**7, "row 2 cannot be read as cells"),
    "keras, cut": ("keras", lambda: whole("keras")[:-40], "or is damaged"),
    "keras, a pickle": ("keras", lambda: PICKLE, "or is damaged"),
    "keras, nothing but others' files": ("keras", lambda: archived({"../../evil": b"x"}), "no config.json in it"),
    "keras, nested without end": ("keras", lambda: model(DEEP.encode()), "nested more than 32 levels"),
    "keras, layers without end": ("keras", lambda: model(nodes(20_000)), "more than 12,000 layers"),
    "keras, more than it unpacks to": ("keras", lambda: model(b" " * 60_000_000), "is too large"),
    "keras, weights that are a pickle": (
        "keras",
        lambda: archived({**_members(whole("keras")), "model.weights.h5": PICKLE}),
        "or is damaged",
    ),
    "h5, cut": ("h5", lambda: whole("h5")[:-2000], "or is damaged"),
    "h5, a pickle": ("h5", lambda: PICKLE, "or is damaged"),
    "h5, a link to another file": (
        "h5",
        lambda: hdf5(lambda file: file.__setitem__("a", h5py.ExternalLink("/etc/passwd", "/"))),
        "a is a link",
    ),
    "h5, numbers in another file": (
        "h5",
        lambda: hdf5(lambda file: file.create_dataset("a", (9,), "f4", external=[("/etc/passwd", 0, 36)])),
        "lies in another file",
    ),
    "h5, larger than it is": (
        "h5",
        lambda: hdf5(lambda file: file.create_dataset("a", (BILLION,), "f4", chunks=(1024,))),
        "more than such a file can",
    ),
    "h5, layers without end": (
        "h5",
        lambda: hdf5(lambda file: file.create_dataset("x", data=1) and file.attrs.update(model_config="[" * 60_000)),
        "nested more than 32 levels",
    ),
    "weights.h5, cut": ("weights.h5", lambda: whole("weights.h5")[:-2000], "or is damaged"),
    "weights.h5, of another network": (
        "weights.h5",
        lambda: hdf5(lambda file: file.create_dataset("layers/conv2d/vars/0", data=np.ones(3))),
        "has no weights for this network",
    ),
    "keras json, nested without end": ("keras json", lambda: DEEP.encode(), "nested more than 32 levels"),
    "keras json, layers without end": ("keras json", lambda: nodes(20_000), "more than 12,000 layers"),
    "node-link, nested without end": ("node-link", lambda: b'{"nodes":' + DEEP.encode() + b"}", "nested more"),
    "node-link, a pickle": ("node-link", lambda: PICKLE, "is not UTF-8 text"),
    "run, a pickle": ("run", lambda: PICKLE, "cannot be read"),
    "run, nested without end": ("run", lambda: DEEP.encode(), "nested more than 32 levels"),
    "state, a pickle": ("state", lambda: PICKLE, "or is damaged"),
    "state, cut": ("state", lambda: whole("state")[:-4], "or is damaged"),
    "state, without counters": (
        "state",
        lambda: tensors({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, bytes(4)),
        "does not say",
    ),
    "table, nested without end": ("table", lambda: DEEP.encode(), "nested more"),
    "table, a pickle": ("table", lambda: PICKLE, "no table of weights"),
}
"""The reader, what makes the file, and what is said of it."""


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused(name: str, tmp_path: Path) -> None:
    reader, content, said = REFUSED[name]
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / READERS[reader].file
    path.write_bytes(content())
    READERS[reader].wholes()
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(FileProblem, match=said):
            READERS[reader].read(path)
        assert time.process_time() - begun < SECONDS
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
    assert [one.name for one in tmp_path.rglob("*")] == ["in", path.name]


def test_names_that_lead_out_of_an_archive_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    evil = {"../../evil.npy": npy((1,), bytes(4)), "/tmp/netloom-evil.npy": npy((1,), bytes(4))}
    (tmp_path / "in/w.npz").write_bytes(archived(evil))
    assert list(READERS["npz"].read(tmp_path / "in/w.npz")) == ["../../evil", "/tmp/netloom-evil"]  # type: ignore[call-overload]
    (tmp_path / "in/m.keras").write_bytes(archived({**_members(whole("keras")), "../../evil.py": b"x"}))
    READERS["keras"].read(tmp_path / "in/m.keras")
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["in", "m.keras", "w.npz"]
    assert not Path("/tmp/netloom-evil.npy").exists()


def test_a_network_that_runs_in_a_circle_is_a_problem_on_its_layers() -> None:
    said = json.loads(project())
    first, last = said["wires"][1]["from"], said["wires"][-1]["to"]
    checked = check(loads(json.dumps(said | {"wires": [*said["wires"], {"from": last, "to": first}]})).project)
    assert checked.errors


@pytest.mark.parametrize("units", [BILLION, 10**30, -1, float("1e300"), "65536", [1], None])
def test_sizes_that_no_layer_has_are_problems_and_take_no_memory(units: Any) -> None:
    layers = [{"name": "x", "type": "Input", "parameters": {"shape": [BILLION, BILLION]}}]
    layers.append({"name": "y", "type": "Dense", "parameters": {"units": units}})
    tracemalloc.start()
    try:
        check(loads(project(layers=layers, wires=[{"from": "x", "to": "y"}], positions={}).decode()).project)
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused(value: float) -> None:
    project, weights = projects()[0], {key: array.copy() for key, array in weights_of(projects()[0]).items()}
    weights["out/bias"][1] = value
    with pytest.raises(FileProblem, match=r"out/bias in w\.npz holds values that are no finite numbers"):
        check_weights(weights, tuple(layout(infer(project.network))), "w.npz")
