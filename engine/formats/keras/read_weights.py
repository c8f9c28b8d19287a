"""Arrays from HDF5 files of Keras, new and old, and which weight of the network each is.

A file is only read where it says that it holds numbers, and no more of them than a file of its size can (`hdf5_child`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from engine.data.archive import read_arrays
from engine.data.samples import MEMORY_LIMIT
from engine.extras import extra
from engine.formats.exporter import OptimizerState
from engine.formats.keras.flat import Entry
from engine.formats.keras.optimizer_state import state_of
from engine.formats.keras.places import places
from engine.kernel import Array
from engine.parameters import Slot, layout
from graph.infer import Inference
from graph.message import Message
from graph.recipe import TrainingRecipe

CHILD = Path(__file__).with_name("hdf5_child.py")
LEAST_SECONDS = 4
"""Seconds of the processor that reading may take."""
BYTES_A_SECOND = 50_000_000
"""How many bytes make another second."""
RATIO = 1000
"""How many times as large as the file what it holds may be: compressed zeros, and no more."""
OLD_LAYERS = "_layer_checkpoint_dependencies"


class WrongWeights(ValueError):
    """Weights that are damaged, or not to be read."""


@dataclass(frozen=True)
class Stored:
    """Arrays by their path, and for old files the paths of each layer's weights in their order."""

    arrays: Mapping[str, Array]
    by_layer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    optimizer: tuple[Array, ...] = ()
    """The variables of the optimizer in their order."""

    @property
    def has_trained(self) -> bool:
        """Whether its optimizer has taken a step; before that, it may have no more variables than its counter."""
        return any(array.shape for array in self.optimizer) or bool(self.optimizer and self.optimizer[0] != 0)

    def at(self, path: str) -> Array | None:
        """The array at a path; older files call the group of all layers, or the parts of an attention, otherwise."""
        ways = (path, path.replace("layers/", f"{OLD_LAYERS}/"), re.sub(r"/(\w+_dense/vars)", r"/_\1", path))
        return next((self.arrays[way] for way in ways if way in self.arrays), None)


def read_file(path: Path, size: int) -> Stored:
    """All numbers of a file of `size` bytes. Raises WrongWeights where it is damaged or holds something else.

    The library that reads HDF5 may go round in a circle in a damaged file, so it runs in a process of its own, which
    has so much time and memory and no more.
    """
    extra("h5py", "keras", Message("A file of Keras"))
    seconds = LEAST_SECONDS + size // BYTES_A_SECOND
    most = min(MEMORY_LIMIT, size * RATIO)
    with TemporaryDirectory(prefix="netloom") as folder:
        command = [sys.executable, "-P", str(CHILD), str(path), folder, str(seconds), str(most)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=10 * seconds, check=False)
        except subprocess.TimeoutExpired as error:
            raise WrongWeights("reading it takes too long") from error
        if done.returncode:
            raise WrongWeights(done.stdout.strip() or "the library that reads HDF5 gives up on it")
        about = json.loads(Path(folder, "about.json").read_text(encoding="utf-8"))
        arrays = read_arrays(Path(folder, "arrays.npz")) if about["paths"] else {}
    by_layer = {
        name: tuple(path for path in paths if path in about["paths"]) for name, paths in about["by_layer"].items()
    }
    named = {path: arrays[f"a{number}"] for number, path in enumerate(about["paths"])}
    optimizer = tuple(named[path] for path in about["optimizer"] if path in named)
    return Stored(named, by_layer, about["attributes"], optimizer)


def weights_of(
    inference: Inference, entries: Mapping[str, Entry], stored: Stored, tell: Callable[[str, Message], None]
) -> dict[str, Array]:
    """The weights of the network by our names; what is missing or has another shape is told."""
    found: dict[str, Array] = {}
    old = _old_order(inference, entries, stored)
    for name, entry in entries.items():
        held = inference.layers[name].weights if name in inference.layers else {}
        if not held:
            continue
        layer = inference.network.layers[name]
        below = places(layer, held)
        for weight, about in held.items():
            array = old.get((name, weight)) if stored.by_layer else stored.at(f"{entry.group}/{below[weight]}")
            if array is None or array.shape != about.shape:
                got = Message("nothing") if array is None else Message("the shape {shape}", shape=array.shape)
                text = Message("{weight} of {shape} has {got} in the file.", weight=weight, shape=about.shape, got=got)
                tell(name, text)
                continue
            if not np.isfinite(array).all():
                tell(name, Message("{weight} holds values that are no finite numbers.", weight=weight))
            found[f"{name}/{weight}"] = array.astype(np.float32)
    return found


def optimizer_of(
    inference: Inference, entries: Mapping[str, Entry], training: TrainingRecipe, stored: Sequence[Array]
) -> OptimizerState | None:
    """The state of the optimizer, from its variables in the order of Keras's model; None where they do not fit."""
    names = sorted((name for name in entries if name in inference.layers), key=lambda name: entries[name].place)
    first: dict[tuple[str, ...], str] = {}
    for name in names:
        first.setdefault(entries[name].names, name)
    by_layer: dict[str, list[Slot]] = {}
    for slot in layout(inference):
        if slot.trainable:
            by_layer.setdefault(slot.layer, []).append(slot)
    slots: list[Slot] = []
    copies: dict[str, list[Slot]] = {}
    for name in names:
        one = first[entries[name].names]
        for slot in by_layer.pop(name, ()):
            if one == name:
                slots.append(slot)
            else:
                copies.setdefault(f"{one}/{slot.weight}", []).append(slot)
    return None if by_layer else state_of(training, stored, slots, copies)


def _old_order(inference: Inference, entries: Mapping[str, Entry], stored: Stored) -> dict[tuple[str, str], Array]:
    """The arrays of an older file by layer and weight: those that train first, for all layers of a model inside."""
    inside: dict[str, list[str]] = {}
    first: dict[tuple[str, ...], str] = {}
    for name, entry in entries.items():
        if entry.names and first.setdefault(entry.names, name) == name:
            inside.setdefault(entry.names[0], []).append(name)
    found: dict[tuple[str, str], Array] = {}
    for outer, names in inside.items():
        ordered = [
            (name, weight)
            for trains in (True, False)
            for name in names
            for weight, about in inference.layers[name].weights.items()
            if (about.trainable and inference.network.layers[name].trainable) is trains
        ]
        found |= dict(zip(ordered, (stored.arrays[p] for p in stored.by_layer.get(outer, ())), strict=False))
    for name, entry in entries.items():
        one = first.get(entry.names, name)
        found |= {
            (name, weight): found[one, weight] for weight in inference.layers[name].weights if (one, weight) in found
        }
    return found
