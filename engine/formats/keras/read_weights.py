"""Arrays from HDF5 files of Keras, new and old, and which weight of the network each is.

A file is only read where it says that it holds numbers, and no more of them than a file of its size can. Links to other
files are not followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any, BinaryIO

import numpy as np

from engine.data.samples import MEMORY_LIMIT
from engine.extras import extra
from engine.formats.keras.places import places
from engine.formats.keras.read_config import Entry
from engine.kernel import Array
from graph.infer import Inference
from graph.message import Message

MOST = 100_000
DEEPEST = 40
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

    def at(self, path: str) -> Array | None:
        """The array at a path; older files call the group of all layers otherwise."""
        found = self.arrays.get(path)
        return self.arrays.get(path.replace("layers/", f"{OLD_LAYERS}/")) if found is None else found


def read_file(stream: BinaryIO, size: int) -> Stored:
    """All numbers of a file. Raises WrongWeights where it is damaged or holds something else."""
    h5py = extra("h5py", "keras", Message("A file of Keras"))
    try:
        with h5py.File(stream, "r") as file:
            return _read(h5py, file, size)
    except (OSError, RuntimeError, LookupError, TypeError, ValueError, MemoryError, OverflowError) as error:
        raise WrongWeights(str(error)) from error


def _read(h5py: Any, file: Any, size: int) -> Stored:
    arrays: dict[str, Array] = {}
    left = min(MEMORY_LIMIT, size * RATIO)
    for path, one in _datasets(h5py, file):
        if one.external or one.is_virtual:
            raise WrongWeights(f"{path} lies in another file")
        if one.dtype.kind not in "fiub" or one.dtype.hasobject:
            continue
        left -= prod(one.shape or ()) * one.dtype.itemsize
        if left < 0 or len(arrays) > MOST:
            raise WrongWeights("it says that it holds more than such a file can")
        arrays[path] = np.asarray(one[()])
    attributes = {key: _text(file.attrs[key]) for key in ("model_config", "training_config") if key in file.attrs}
    return Stored(arrays, dict(_old_layers(file, arrays)), attributes)


def _datasets(h5py: Any, group: Any) -> Iterator[tuple[str, Any]]:
    """Every dataset with its path; every object once, so that links in a circle end."""
    waiting, met = [("", group, 0)], {group.id.__hash__()}
    while waiting:
        path, parent, depth = waiting.pop()
        for name in parent:
            if not isinstance(parent.get(name, getlink=True), h5py.HardLink):
                raise WrongWeights(f"{path}{name} is a link")
            one = parent[name]
            if isinstance(one, h5py.Dataset):
                yield f"{path}{name}", one
            elif isinstance(one, h5py.Group):
                if one.id.__hash__() in met or depth > DEEPEST or len(met) > MOST:
                    raise WrongWeights(f"{path}{name} is a group inside of itself, or too deep")
                met.add(one.id.__hash__())
                waiting.append((f"{path}{name}/", one, depth + 1))


def _old_layers(file: Any, arrays: Mapping[str, Array]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The weights of each layer of a file of the older form, in their order."""
    start = "model_weights/" if "model_weights" in file else ""
    group = file["model_weights"] if start else file
    for name in _texts(group, "layer_names"):
        if name in group:
            paths = tuple(f"{start}{name}/{weight}" for weight in _texts(group[name], "weight_names"))
            yield name, tuple(path for path in paths if path in arrays)


def _texts(group: Any, attribute: str) -> list[str]:
    """A list of names, which is kept in parts where it is long."""
    parts = [key for key in group.attrs if re.fullmatch(rf"{attribute}\d*", key)]
    parts.sort(key=lambda key: int(key[len(attribute) :] or 0))
    return [_text(one) for key in parts for one in np.atleast_1d(group.attrs[key])]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


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
