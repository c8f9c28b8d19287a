"""Weights by name (`dense/kernel`), as Safetensors and as NPZ, written and read.

Both formats hold numbers and nothing else, and are read only after their headers say so.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as safetensors_bytes

from engine.data.archive import read_arrays
from engine.data.problem import DataProblem
from engine.data.samples import MEMORY_LIMIT
from engine.formats.exporter import Files, Work, exporter
from engine.kernel import Array
from engine.parameters import Slot
from graph.message import Message
from graph.names import did_you_mean
from graph.problem import FileProblem
from graph.serialize import dumps
from graph.version import VERSION

ENDINGS = (".safetensors", ".npz")


@exporter(
    "safetensors",
    title="Weights (Safetensors)",
    endings=(".safetensors",),
    description="Every weight by name, in a format that holds numbers only. Read by Python, Rust and JavaScript.",
    needs_weights=True,
    text=False,
)
def write_safetensors(work: Work) -> Files:
    """Weights in the Safetensors format, with the program's version and the project's hash beside them."""
    project = hashlib.sha256(dumps(work.project).encode()).hexdigest()
    notes = {"format": "netloom", "netloom": VERSION, "project": project, **work.notes}
    arrays = {name: contiguous(array) for name, array in (work.weights or {}).items()}
    return Files(safetensors_bytes(arrays, notes), summary=listed(arrays))


@exporter(
    "npz",
    title="Weights (NumPy)",
    endings=(".npz",),
    description="Every weight by name, for numpy.load and for the load_weights function of the Keras code.",
    needs_weights=True,
    text=False,
)
def write_npz(work: Work) -> Files:
    """Weights in NumPy's archive of arrays."""
    stream = io.BytesIO()
    arrays = {name: contiguous(array) for name, array in (work.weights or {}).items()}
    np.savez(stream, allow_pickle=False, **arrays)
    return Files(stream.getvalue(), summary=listed(arrays))


def listed(arrays: Mapping[str, Array]) -> str:
    """A line for every array: its name, its sizes, how many numbers it holds."""
    width = max(map(len, arrays), default=0)
    return "\n".join(f"{name:<{width}}  {sizes_text(one.shape):>16}  {one.size:>12,}" for name, one in arrays.items())


def read_weights(path: Path) -> dict[str, Array]:
    """All weights in a file, by name. Raises FileProblem for a file that is not there, damaged or too large."""
    if not path.is_file():
        raise FileProblem(
            Message("There is no weights file {path}.", path=str(path)),
            Message("Check the path. Training writes weights.safetensors into the folder of the run."),
        )
    if path.suffix.lower() == ".npz":
        return _read_npz(path)
    if path.suffix.lower() == ".safetensors":
        return _read_safetensors(path)
    raise FileProblem(
        Message("{name} is not a file of weights that is known.", name=path.name),
        Message("Choose a file that ends in {endings}.", endings=" or ".join(ENDINGS)),
    )


def check_weights(named: Mapping[str, Array], slots: tuple[Slot, ...], file: str) -> None:
    """Raise FileProblem, naming the weight, where `named` does not belong to the network that has `slots`."""
    hint = Message("These are the weights of another network. Choose others, or train this network.")
    for slot in slots:
        given = named.get(slot.name)
        if given is None:
            near = did_you_mean(slot.name, named)
            instead = Message("it has {near}", near=near) if near else _what_it_has(named)
            text = Message("{file} has no {weight}; {instead}.", file=file, weight=slot.name, instead=instead)
            raise FileProblem(text, hint)
        if given.shape != slot.shape:
            raise FileProblem(
                Message(
                    "{weight} has the shape {got} in {file}, but the network needs {expected}.",
                    weight=slot.name,
                    got=sizes_text(given.shape),
                    file=file,
                    expected=sizes_text(slot.shape),
                ),
                hint,
            )
        if given.dtype.kind not in "fiu" or not bool(np.isfinite(given).all()):
            raise FileProblem(
                Message("{weight} in {file} holds values that are no finite numbers.", weight=slot.name, file=file),
                Message("Choose the weights of an earlier epoch, or train again with a smaller learning rate."),
            )


def contiguous(array: Array) -> Array:
    """`array` laid out in one piece, as files hold it; the library reads the memory whatever the strides say."""
    return np.ascontiguousarray(array).reshape(array.shape)


def _read_npz(path: Path) -> dict[str, Array]:
    try:
        return read_arrays(path)
    except DataProblem as error:
        raise FileProblem(error.text, _HINT) from error


def _read_safetensors(path: Path) -> dict[str, Array]:
    if path.stat().st_size > MEMORY_LIMIT:
        raise FileProblem(Message("{name} is larger than {limit} GB.", name=path.name, limit=MEMORY_LIMIT >> 30), _HINT)
    try:
        with safe_open(path, framework="numpy") as file:
            return {name: np.array(file.get_tensor(name)) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (SafetensorError, OSError, TypeError, ValueError, AttributeError) as error:
        raise FileProblem(
            Message("{name} is no Safetensors file, or is damaged: {reason}.", name=path.name, reason=str(error)),
            _HINT,
        ) from error


_HINT = Message("Choose a file that Netloom has written, or train again.")


def _what_it_has(named: Mapping[str, Array]) -> Message:
    shown = ", ".join(list(named)[:6]) + (", …" if len(named) > 6 else "")
    return Message("it has {names}", names=shown) if named else Message("it has no weights at all")


def sizes_text(shape: tuple[int, ...]) -> str:
    """A shape as people read it: `3×3×32`."""
    return "×".join(map(str, shape)) or "scalar"
