"""The arrays in a file of weights of any program, by the names that they have there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.formats.keras.read_weights import WrongWeights, read_file
from engine.formats.keras.reading import HDF5
from engine.formats.weights import ENDINGS, read_weights
from engine.kernel import Array
from graph.message import Message
from graph.problem import FileProblem

PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl")


def read_arrays(path: Path) -> dict[str, Array]:
    """All arrays of numbers. Raises FileProblem where there are none that can be read."""
    suffix = path.suffix.lower()
    if suffix in PICKLES:
        raise FileProblem(
            Message("{file} may be a pickle, which can run code when it is read.", file=path.name),
            Message("Save the weights with safetensors.torch.save_file(model.state_dict(), 'w.safetensors') instead."),
        )
    if suffix not in (*ENDINGS, *HDF5):
        raise FileProblem(
            Message("{name} is not a file of weights that is known.", name=path.name),
            Message("Choose a file that ends in {endings}.", endings=", ".join((*ENDINGS, *HDF5))),
        )
    if suffix in ENDINGS or not path.is_file():
        arrays = read_weights(path)
    else:
        try:
            arrays = dict(read_file(path, path.stat().st_size).arrays)
        except (WrongWeights, OSError) as error:
            raise FileProblem(
                Message("{file} is no HDF5 file, or is damaged: {reason}.", file=path.name, reason=str(error)[:300]),
                Message("Save the weights again with Keras."),
            ) from error
    return {name: array.astype(np.float32) for name, array in arrays.items() if array.dtype.kind in "fiu"}
