"""The three files of Keras: a model (`.keras`), weights alone (`.weights.h5`), and an architecture (JSON).

A `.keras` file is a ZIP archive of `config.json`, `metadata.json` and `model.weights.h5`; nothing in it runs code.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from engine.formats.exporter import Files, Note, Work, exporter
from engine.formats.keras.made import config
from engine.formats.keras.model import Model, model_of
from engine.formats.keras.notes import is_compiled, layer_notes, training_notes
from engine.formats.keras.weights_file import paths, weights_bytes
from engine.formats.keras_recipe import compile_arguments
from engine.formats.weights import sizes_text
from engine.kernel import Array
from engine.parameters import Parameters
from graph.message import Message

VERSION = "3.15.1"
"""The version of Keras whose form this is; 3.6 and later read it."""
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The date of what is in the archive, so that the same model gives the same file."""


@exporter(
    "keras",
    title="Keras model",
    endings=(".keras",),
    description="Network, weights, compile settings and optimizer state in one file, for keras.saving.load_model.",
    needs_shapes=True,
    takes_weights=True,
    text=False,
)
def write_keras(work: Work) -> Files:
    """The model in a `.keras` archive. Without trained weights it has those that training begins with."""
    model = model_of(work.inference, work.name)
    notes = [*layer_notes(model, work), *training_notes(work)]
    weights = work.weights
    if weights is None:
        fresh = Parameters(work.inference)
        fresh.initialize(work.project.training.seed)
        weights = fresh.named()
        notes.append(Note(None, Message("No weights were given, so these are those that training begins with.")))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (
            (METADATA, _text({"keras_version": VERSION}).encode()),
            (CONFIG, _text(_architecture(model, work)).encode()),
            (WEIGHTS, weights_bytes(model, work, weights)),
        ):
            archive.writestr(zipfile.ZipInfo(name, BEGINNING), content)
    return Files(stream.getvalue(), summary=_summary(model, work, weights), notes=tuple(notes))


@exporter(
    "keras-weights",
    title="Keras weights",
    endings=(".weights.h5",),
    description="The weights alone, for load_weights of the same model in Keras.",
    needs_weights=True,
    needs_shapes=True,
    text=False,
)
def write_weights(work: Work) -> Files:
    """The weights in an HDF5 file."""
    model, weights = model_of(work.inference, work.name), work.weights or {}
    return Files(weights_bytes(model, work, weights), summary=_summary(model, work, weights))


@exporter(
    "keras-json",
    title="Keras architecture (JSON)",
    endings=(".keras.json",),
    description="The layers alone, for keras.models.model_from_json.",
    needs_shapes=True,
)
def write_architecture(work: Work) -> Files:
    """The config of the model as text."""
    model = model_of(work.inference, work.name)
    notes = (*layer_notes(model, work), *training_notes(work))
    return Files(_text(_architecture(model, work), indent=1).encode(), notes=notes)


def _architecture(model: Model, work: Work) -> dict[str, Any]:
    said = model.config()
    if is_compiled(work):
        said["compile_config"] = config(compile_arguments(work.project.training, work.inference.results))
    return said


def _text(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, indent=indent, allow_nan=False)


def _summary(model: Model, work: Work, weights: Mapping[str, Array]) -> str:
    """A line for every layer and operation, and below it for each of its weights."""
    found = paths(model, work)
    lines = []
    for call in model.calls:
        lines.append(f"{call.name}  {call.class_name}")
        own = [name for name in found if name.rpartition("/")[0] == call.name]
        lines += [f"    {found[name]}  {name.rpartition('/')[2]}  {sizes_text(weights[name].shape)}" for name in own]
    return "\n".join(lines)
