"""A program of its own that reads an HDF5 file: `hdf5_child.py FILE FOLDER SECONDS BYTES`.

It writes `arrays.npz` and `about.json` into the folder, or says on its output why it does not. It takes no more seconds
of the processor than it is given, and no more bytes of numbers. Links to other files are not followed. It knows nothing
of Netloom, so that it starts quickly.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

MOST = 100_000
"""Arrays, and groups, in one file."""
DEEPEST = 40
MEMORY = 2**30
"""Bytes that reading takes besides the numbers."""


def main(path: str, folder: str, seconds: int, most: int) -> None:
    """Read the file. Ends the program with 1 where that cannot be."""
    limit(seconds, most)
    try:
        h5py: Any = importlib.import_module("h5py")
        with h5py.File(path, "r") as file:
            arrays, about = read(h5py, file, most)
    except (OSError, RuntimeError, LookupError, TypeError, ValueError, MemoryError, OverflowError) as error:
        sys.stdout.write(str(error))
        sys.exit(1)
    np.savez(Path(folder, "arrays.npz"), **{f"a{number}": array for number, array in enumerate(arrays.values())})
    Path(folder, "about.json").write_text(json.dumps(about), encoding="utf-8")


def limit(seconds: int, most: int) -> None:
    """Have the system end this program where it takes more; not on Windows, which cannot."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (4 * MEMORY + 3 * most, 4 * MEMORY + 3 * most))


def read(h5py: Any, file: Any, left: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arrays by their path, no more than `left` bytes of them, and what else Keras says in a file."""
    arrays: dict[str, Any] = {}
    for path, one in _datasets(h5py, file):
        if one.external or one.is_virtual:
            raise ValueError(f"{path} lies in another file")
        if one.dtype.kind not in "fiub" or one.dtype.hasobject:
            continue
        left -= prod(one.shape or ()) * one.dtype.itemsize
        if left < 0 or len(arrays) > MOST:
            raise ValueError("it says that it holds more than such a file can")
        arrays[path] = np.asarray(one[()])
    attributes = {key: _text(file.attrs[key]) for key in ("model_config", "training_config") if key in file.attrs}
    about = {"paths": list(arrays), "by_layer": dict(_old_layers(file)), "optimizer": _optimizer(file)}
    return arrays, {**about, "attributes": attributes}


def _datasets(h5py: Any, group: Any) -> Iterator[tuple[str, Any]]:
    """Every dataset with its path; every object once, so that links in a circle end."""
    waiting, met = [("", group, 0)], {group.id.__hash__()}
    while waiting:
        path, parent, depth = waiting.pop()
        for name in parent:
            if not isinstance(parent.get(name, getlink=True), h5py.HardLink):
                raise ValueError(f"{path}{name} is a link")
            one = parent[name]
            if isinstance(one, h5py.Dataset):
                yield f"{path}{name}", one
            elif isinstance(one, h5py.Group):
                if one.id.__hash__() in met or depth > DEEPEST or len(met) > MOST:
                    raise ValueError(f"{path}{name} is a group inside of itself, or too deep")
                met.add(one.id.__hash__())
                waiting.append((f"{path}{name}/", one, depth + 1))


def _old_layers(file: Any) -> Iterator[tuple[str, list[str]]]:
    """The weights of each layer of a file of the older form, in their order."""
    start = "model_weights/" if "model_weights" in file else ""
    group = file["model_weights"] if start else file
    for name in _texts(group, "layer_names"):
        if name in group:
            yield name, [f"{start}{name}/{weight}" for weight in _texts(group[name], "weight_names")]


def _optimizer(file: Any) -> list[str]:
    """The variables of the optimizer in their order: numbered, or by a list of their names."""
    start = "optimizer/vars"
    if isinstance(file.get(start), type(file["/"])):
        return [f"{start}/{number}" for number in range(len(file[start]))]
    start = "optimizer_weights"
    return [f"{start}/{name}" for name in _texts(file[start], "weight_names")] if start in file else []


def _texts(group: Any, attribute: str) -> list[str]:
    """A list of names, which is kept in parts where it is long."""
    parts = [key for key in group.attrs if re.fullmatch(rf"{attribute}\d*", key)]
    parts.sort(key=lambda key: int(key[len(attribute) :] or 0))
    return [_text(one) for key in parts for one in np.atleast_1d(group.attrs[key])]


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
