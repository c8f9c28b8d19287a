"""Every reader of files: sound files to begin with, how they are damaged, and what reads them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import h5py
import numpy as np
from safetensors.numpy import save as safetensors

from engine.checkpoint import read_state, state_bytes
from engine.data.csv_file import preview, read_table
from engine.data.load import load as load_data
from engine.data.npz_file import read_npz
from engine.data.prepare import prepare
from engine.early_stopping import Best
from engine.formats import exporters, make, work_on
from engine.formats.foreign.matching import Matching, propose
from engine.formats.foreign.table import corrected, to_text
from engine.formats.importer import read_import
from engine.formats.keras.reading import read_weights_onto
from engine.formats.weights import read_weights
from engine.parameters import Parameters
from engine.run_writer import About
from engine.runs import open_run, read_metrics
from engine.templates import make as template
from engine.trainer import State
from graph.check import check
from graph.datasets import Iris
from graph.infer import infer
from graph.layers.attention import MultiHeadAttention
from graph.layers.convolution import Conv2D
from graph.layers.core import Dense, Embedding
from graph.layers.endpoints import Input
from graph.layers.merge import Add
from graph.layers.normalization import BatchNormalization
from graph.layers.pooling import MaxPooling2D
from graph.layers.recurrent import LSTM
from graph.layers.reshape import Flatten
from graph.layers.wrappers import Bidirectional
from graph.network import Network, Wire
from graph.project import Project
from graph.recipe import DataRecipe
from graph.serialize import dumps, load
from tests.fuzz.mutations import Mutation, any_of, damaged, in_archive, spoiled_json, spoiled_onnx


@dataclass(frozen=True)
class Reader:
    """`read` takes the path of a file of this name, which lies in a folder with nothing else."""

    file: str
    wholes: Callable[[], list[bytes]]
    mutation: Mutation
    read: Callable[[Path], object]


def chain(*layers: tuple[str, object]) -> Project:
    """A network of layers, each after the one before."""
    names = [name for name, _ in layers]
    return Project(Network.of(dict(layers), [Wire(a, b) for a, b in pairwise(names)]))  # type: ignore[arg-type]


@cache
def projects() -> tuple[Project, ...]:
    """Small networks with some of everything."""
    images = chain(
        ("in", Input((6, 6, 1))),
        ("conv", Conv2D(2, (3, 3), padding="same", activation="relu")),
        ("norm", BatchNormalization()),
        ("pool", MaxPooling2D()),
        ("flat", Flatten()),
        ("out", Dense(3, activation="softmax")),
    )
    words = chain(
        ("in", Input((5,))),
        ("words", Embedding(9, 4)),
        ("both", Bidirectional(LSTM(3, return_sequences=True))),
        ("last", LSTM(2)),
        ("out", Dense(1)),
    )
    layers = {"x": Input((4, 6)), "a": Dense(6), "heads": MultiHeadAttention(2, 3), "sum": Add()}
    ports = [Wire("a", "heads", target_port=port) for port in ("query", "value")]
    wires = [Wire("x", "a"), *ports, Wire("heads", "sum"), Wire("x", "sum")]
    return (images, words, Project(Network.of(layers, wires)))


def weights_of(project: Project) -> dict[str, np.ndarray]:
    """Weights to begin with."""
    parameters = Parameters(infer(project.network))
    parameters.initialize(0)
    return parameters.named()


def exported(format: str) -> list[bytes]:
    """The networks in a format, with weights."""
    return [make(exporters[format], work_on(one, "m", weights_of(one))).content for one in projects()]


def onnx_files() -> list[bytes]:
    """Files that say they are ours, and files that do not."""
    import onnx

    ours = exported("onnx")
    models = [onnx.load_from_string(one) for one in ours]
    for model in models:
        del model.metadata_props[:]
    return [*ours, *(model.SerializeToString() for model in models)]


def hdf5_models() -> list[bytes]:
    """A whole model as Keras 2 wrote it."""
    project = projects()[0]
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        file.attrs["model_config"] = make(exporters["keras-json"], work_on(project)).content.decode()
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode() for name in project.network.layers]
        arrays = weights_of(project)
        for name in project.network.layers:
            own = [key for key in arrays if key.startswith(f"{name}/")]
            inner = group.create_group(name)
            inner.attrs["weight_names"] = np.array([f"{key}:0".encode() for key in own], "S32")
            for key in own:
                inner.create_dataset(f"{key}:0", data=arrays[key])
    return [stream.getvalue()]


def archive(compressed: bool = False, **arrays: object) -> bytes:
    """An NPZ file."""
    stream = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def tables() -> list[bytes]:
    """Tables with numbers, texts, gaps and quotes."""
    rows = "".join(f"{i % 7}.5,{'NESW'[i % 4]},{i},{'pq'[i % 2]}\n" for i in range(30))
    european = "".join(f'{i % 7},5;"a;b {i % 3}";{i % 2}\n' for i in range(30))
    text = f"a,b,c,kind\n{rows}"
    return [text.encode(), text.encode("utf-16"), f"größe;name;klasse\n{european}".encode("cp1252")]


@cache
def proposal() -> Matching:
    """What is proposed for our own weights."""
    project = projects()[0]
    return propose(infer(project.network), weights_of(project))


def tables_of_weights() -> list[bytes]:
    """A table that nobody has corrected."""
    return [to_text(proposal()).encode()]


def read_table_of_weights(path: Path) -> None:
    """What correcting a matching does."""
    corrected(proposal(), path).weights()


def run_files() -> list[bytes]:
    """What stands in the run.json of a finished run on a table."""
    project = Project(projects()[0].network, data=DataRecipe(Iris()))
    samples = load_data(project.data)
    preparation = prepare(samples, project.data).preparation
    about = About(project, samples.digest, preparation, ("loss", "val_loss"), "val_loss", {"species": ("a", "b", "c")})
    ended = {"status": "completed", "started": "2026-11-20T21:54:09", "best_epoch": 3, "test": {"loss": 0.5}}
    return [json.dumps(about.to_json() | ended).encode()]


def read_run(path: Path) -> None:
    """Everything that the window asks of a run."""
    run = open_run(path.parent)
    _ = run.status + run.started + run.monitor, run.test, run.classes, run.best, run.seconds, run.project
    with suppress(ValueError):  # which is how it says that it cannot be read
        _ = run.preparation


def states() -> list[bytes]:
    """The state of a run after an epoch."""
    parameters = Parameters(infer(projects()[0].network))
    size = parameters.values.size
    vectors = {"m": np.zeros(size, np.float32), "v": np.ones(size, np.float32)}
    state = State(2, parameters.values.copy(), 60, vectors, Best(2, 0.5, 0), None, 1.5)
    return [state_bytes(state, parameters.slots, {"format": "netloom"})]


def read_project(path: Path) -> None:
    """What opening a project does."""
    project = load(path).project
    check(project)
    dumps(project)


def import_file(path: Path) -> None:
    """What importing does, up to the file that is saved."""
    read = read_import(path)
    check(read.project)
    dumps(read.project)


def read_csv(path: Path) -> None:
    """What the data dialog does with a table, and what training does."""
    preview(path)
    read_table(path)


NPY = in_archive({".npy": damaged})
KERAS = in_archive({".json": spoiled_json, ".h5": damaged})

READERS = {
    "project": Reader(
        "p.netloom",
        lambda: [dumps(one).encode() for one in (*projects(), template("sentiment")[0], template("digits")[0])],
        any_of(damaged, spoiled_json),
        read_project,
    ),
    "npz": Reader(
        "w.npz",
        lambda: [archive(**weights_of(one)) for one in projects()],
        any_of(damaged, NPY),
        read_weights,
    ),
    "npz data": Reader(
        "d.npz",
        lambda: [
            archive(x=np.ones((20, 4, 4), np.uint8), y=np.arange(20) % 3),
            archive(True, x_train=np.ones((9, 2)), y_train=np.array(["a", "b", "c"] * 3), sample_weight=np.ones(9)),
        ],
        any_of(damaged, NPY),
        read_npz,
    ),
    "safetensors": Reader(
        "w.safetensors",
        lambda: [
            *exported("safetensors"),
            safetensors({"half": np.ones(3, np.float16), "long": np.arange(4), "yes": np.ones((2, 2), bool)}),
        ],
        damaged,
        read_weights,
    ),
    "csv": Reader("t.csv", tables, damaged, read_csv),
    "keras": Reader("m.keras", lambda: exported("keras"), any_of(damaged, KERAS, KERAS, KERAS), import_file),
    "h5": Reader("m.h5", hdf5_models, damaged, import_file),
    "weights.h5": Reader(
        "m.weights.h5",
        lambda: exported("keras-weights")[:1],
        damaged,
        lambda path: read_weights_onto(path, infer(projects()[0].network)),
    ),
    "keras json": Reader(
        "m.json", lambda: exported("keras-json"), any_of(damaged, spoiled_json, spoiled_json), import_file
    ),
    "node-link": Reader(
        "g.json",
        lambda: exported("json"),
        any_of(damaged, spoiled_json),
        import_file,
    ),
    "onnx": Reader("m.onnx", onnx_files, any_of(damaged, spoiled_onnx, spoiled_onnx), import_file),
    "table": Reader("t.json", tables_of_weights, any_of(damaged, spoiled_json, spoiled_json), read_table_of_weights),
    "run": Reader("run.json", run_files, any_of(damaged, spoiled_json, spoiled_json), read_run),
    "metrics": Reader(
        "metrics.csv",
        lambda: [b"epoch,seconds,loss,val_loss\n" + b"".join(b"%d,0.5,1.25,nan\n" % i for i in range(9))],
        damaged,
        lambda path: list(read_metrics(path)),
    ),
    "state": Reader(
        "state.safetensors",
        states,
        damaged,
        lambda path: read_state(path, Parameters(infer(projects()[0].network)).slots, None),
    ),
}
