"""A file of Keras as a project: its network, its recipe and its weights, and a report of what needs a hand.

Read are `.keras` archives, whole models in HDF5, architectures in JSON, and weights alone (`.weights.h5`) for a network
that is there. Nothing in a file is run, and of an archive nothing is unpacked but its weights, into a temporary folder.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.data.samples import MEMORY_LIMIT
from engine.formats.exporter import Note
from engine.formats.importer import Imported, importer
from engine.formats.keras.archive import CONFIG, WEIGHTS
from engine.formats.keras.flat import Entry, WrongConfig
from engine.formats.keras.model import model_of
from engine.formats.keras.read_config import flatten
from engine.formats.keras.read_network import read_network
from engine.formats.keras.read_recipe import read_recipe
from engine.formats.keras.read_weights import RATIO, Stored, WrongWeights, optimizer_of, read_file, weights_of
from engine.kernel import Array
from graph.arrange import with_positions
from graph.formats import from_node_link
from graph.infer import Inference, infer
from graph.json_text import LARGEST_TEXT, parse
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project

HDF5 = (".h5", ".hdf5")
HINT = Message("Save the model again with Keras, or check that this is the right file.")


def is_architecture(said: Any) -> bool:
    """Whether JSON says a model of Keras."""
    return isinstance(said, Mapping) and "class_name" in said and "config" in said


@importer(".keras", *HDF5)
def read_model(path: Path) -> Imported:
    """The model in a `.keras` archive or a whole `.h5` file. Raises FileProblem where there is none."""
    try:
        if path.suffix.lower() == ".keras":
            return _archive(path)
        return _whole(path)
    except (WrongConfig, WrongWeights, UnicodeError, zlib.error) as error:
        raise _damaged(path, str(error)) from error
    except (zipfile.BadZipFile, EOFError, RecursionError, RuntimeError, NotImplementedError, OSError) as error:
        raise _damaged(path, str(error)) from error


@importer(".json")
def read_json(path: Path) -> Imported:
    """A graph in node-link form, or an architecture of Keras."""
    if path.stat().st_size > LARGEST_TEXT:
        raise _damaged(path, "its text is too large")
    try:
        text = path.read_text(encoding="utf-8-sig")
        said = parse(text)
        if is_architecture(said):
            return _imported(said, Stored({}))
    except (WrongConfig, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    except UnicodeDecodeError:
        raise FileProblem(
            Message("{path} is not UTF-8 text.", path=str(path)), Message("Check that this is the right file.")
        ) from None
    loaded = from_node_link(text)
    notes = tuple([Note(None, notice) for notice in loaded.notices])
    return Imported(with_positions(loaded.project), {}, notes)


def read_weights_onto(path: Path, inference: Inference) -> dict[str, Array]:
    """The weights in a `.weights.h5` or `.h5` file for a network. Raises FileProblem where one is missing."""
    try:
        stored = _stored(path)
    except (WrongWeights, OSError) as error:
        raise _damaged(path, str(error)) from error
    network = inference.network
    groups = model_of(inference, "model").groups()
    entries = {
        name: Entry(name, layer.key, {}, f"layers/{groups[name]}" if name in groups else "", (name,))
        for name, layer in network.layers.items()
    }
    missing: list[str] = []
    weights = weights_of(inference, entries, stored, lambda name, text: missing.append(f"{name}: {text}"))
    if missing:
        text = Message("{file} has no weights for this network. {first}", file=path.name, first=missing[0])
        raise FileProblem(text, Message("Choose the weights of this network, or import the whole model."))
    return weights


def _archive(path: Path) -> Imported:
    with zipfile.ZipFile(path) as archive:
        config = parse(_member(archive, CONFIG, LARGEST_TEXT, path).decode("utf-8-sig"))
        if WEIGHTS not in archive.namelist():
            return _imported(config, Stored({}))
        content = _member(archive, WEIGHTS, MEMORY_LIMIT, path)
    with TemporaryDirectory(prefix="netloom") as folder:
        inner = Path(folder, WEIGHTS)
        inner.write_bytes(content)
        stored = read_file(inner, len(content))
    return _imported(config, stored)


def _member(archive: zipfile.ZipFile, name: str, most: int, path: Path) -> bytes:
    """What is in an archive under a name, no more than it may be."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise _damaged(path, f"there is no {name} in it") from None
    if info.file_size > min(most, path.stat().st_size * RATIO):
        raise _damaged(path, f"{name} is too large")
    with archive.open(info) as member:
        return member.read(info.file_size)


def _whole(path: Path) -> Imported:
    stored = _stored(path)
    if "model_config" not in stored.attributes:
        raise FileProblem(
            Message("{file} holds weights, but no model.", file=path.name),
            Message("Open the project it belongs to, and give it as the weights."),
        )
    model = parse(stored.attributes["model_config"])
    training = stored.attributes.get("training_config")
    return _imported(model, stored, None if training is None else parse(training))


def _stored(path: Path) -> Stored:
    return read_file(path, path.stat().st_size)


def _imported(model: Any, stored: Stored, training: Any = None) -> Imported:
    flat = flatten(model)
    found = read_network(flat)
    notes = list(found.notes)
    network = found.network
    inference = infer(network)
    said = training if training is not None else model.get("compile_config")
    recipe = read_recipe(said, found.results, lambda text: notes.append(Note(None, text)))
    weights: dict[str, Array] = {}
    if stored.arrays:
        weights = weights_of(inference, found.entries, stored, lambda name, text: notes.append(Note(name, text)))
    state = optimizer_of(inference, found.entries, recipe, stored.optimizer) if stored.has_trained else None
    if stored.has_trained and state is None:
        text = Message("The state of its optimizer does not fit, and is left out: training begins with a fresh one.")
        notes.append(Note(None, text))
    return Imported(with_positions(Project(network, training=recipe)), weights, tuple(notes), state)


def _damaged(path: Path, reason: str) -> FileProblem:
    text = Message("{name} is no model of Keras, or is damaged: {reason}.", name=path.name, reason=reason[:300])
    return FileProblem(text, HINT)
