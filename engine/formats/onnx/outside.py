"""Arrays that a file keeps in another file: PyTorch does so, with `model.onnx.data` beside `model.onnx`.

Only a file in the same folder is opened, by its plain name, and only so many bytes are taken of it as the array has.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from engine.kernel import Array
from graph.message import Message
from graph.problem import FileProblem

HINT = Message("Keep both files in one folder, or export the model again with its weights inside of the file.")


def read_outside(onnx: Any, arrays: Iterable[Any], folder: Path, name: str) -> dict[str, Array]:
    """Arrays whose numbers stand elsewhere, by name; all together no more than what stands there, or twice that.

    Raises FileProblem where one is in no file beside, or is said to be larger than that.
    """
    found: dict[str, Array] = {}
    sizes: dict[str, int] = {}
    for one in arrays:
        said = {entry.key: entry.value for entry in one.external_data}
        location = said.get("location", "")
        path = folder / location
        if not location or Path(location).name != location or path.is_symlink() or not path.is_file():
            template = "{name} keeps {array} in {place!r}, which is no file beside it."
            raise FileProblem(Message(template, name=name, array=one.name, place=location), HINT)
        sizes[location] = path.stat().st_size
        kind = onnx.helper.tensor_dtype_to_np_dtype(one.data_type)
        count, begin = prod(one.dims) * kind.itemsize, int(said.get("offset", 0))
        whole = sum(array.nbytes for array in found.values()) + count
        if min([begin, *one.dims]) < 0 or begin + count > sizes[location] or whole > 2 * sum(sizes.values()):
            template = "{name}: {array} is said to be larger than {place}."
            raise FileProblem(Message(template, name=name, array=one.name, place=location), HINT)
        with path.open("rb") as file:
            file.seek(begin)
            array = np.frombuffer(file.read(count), kind).reshape(tuple(one.dims))
        found[one.name] = array if array.dtype.kind in "iub" else array.astype(np.float32)
    return found
