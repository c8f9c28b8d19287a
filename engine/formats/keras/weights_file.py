"""Weights in the HDF5 file that Keras keeps them in: a group for every layer, in it numbered variables."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np

from engine.extras import extra
from engine.formats.exporter import Work
from engine.formats.keras.model import Model
from engine.formats.keras.optimizer_state import variables
from engine.formats.keras.places import places
from engine.kernel import Array
from engine.parameters import layout
from graph.message import Message


def paths(model: Model, work: Work) -> dict[str, str]:
    """The path of every weight (`dense/kernel`) in the file, in the order of Keras's model."""
    found: dict[str, str] = {}
    for name, group in model.groups().items():
        inferred = work.inference.layers.get(name)
        if inferred is not None and inferred.weights:
            below = places(work.project.network.layers[name], inferred.weights)
            found |= {f"{name}/{weight}": f"layers/{group}/{path}" for weight, path in below.items()}
    return found


def weights_bytes(model: Model, work: Work, weights: Mapping[str, Array]) -> bytes:
    """The file with these weights, and with the state of the optimizer where there is one."""
    arrays = {path: weights[name] for name, path in paths(model, work).items()}
    if work.optimizer is not None:
        slots = {slot.name: slot for slot in layout(work.inference) if slot.trainable}
        ordered = [slots[name] for name in paths(model, work) if name in slots]
        state = variables(work.project.training, work.optimizer, ordered)
        arrays |= {f"optimizer/vars/{place}": array for place, array in enumerate(state)}
    names = {f"layers/{group}": name for name, group in model.groups().items()}
    return _file(arrays, names)


def _file(arrays: Mapping[str, Array], layers: Mapping[str, str]) -> bytes:
    """Arrays by their paths; the group of a layer's variables says its name, for those who look into the file."""
    h5py = extra("h5py", "keras", Message("A file of Keras"))
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        for group, name in layers.items():
            file.require_group(f"{group}/vars").attrs["name"] = name
        for path, array in arrays.items():
            file.create_dataset(path, data=np.asarray(array), track_times=False)
    return stream.getvalue()
