"""The state of a run after an epoch, as one Safetensors file, and back.

A file is replaced in one step, so a program that is killed leaves the old one or the new one. Only the end of a run
waits for the disk: what a killed program has handed to the system is kept, and waiting may take longer than an epoch.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from engine.early_stopping import Best
from engine.formats.weights import check_weights
from engine.kernel import Array
from engine.parameters import Parameters, Slot
from engine.trainer import State
from graph.message import Message
from graph.problem import FileProblem

Slots = tuple[Slot, ...]
WEIGHTS, OPTIMIZER = "weights/", "optimizer/"
CANNOT_GO_ON = Message(
    "The run cannot go on from here, and stays as it is. Its figures and weights can still be read; or train anew."
)


def named(slots: Slots, flat: Array) -> dict[str, Array]:
    """The weights in a flat vector by their names in files."""
    return {slot.name: slot.view(flat) for slot in slots}


def flat(slots: Slots, weights: Mapping[str, Array], file: str) -> Array:
    """Named weights as one flat vector. Raises FileProblem where they are not those of this network."""
    check_weights(weights, slots, file)
    parts = [np.ravel(weights[slot.name]) for slot in sorted(slots, key=lambda slot: slot.start)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def take(parameters: Parameters, weights: Mapping[str, Array], file: str) -> None:
    """Give a network its weights. Raises FileProblem, and changes nothing, where they are not those of this network."""
    np.copyto(parameters.values, flat(parameters.slots, weights, file), casting="same_kind")


def state_bytes(state: State, slots: Slots, notes: Mapping[str, str]) -> bytes:
    """A state as the content of a file, without the weights of the best epoch, which have a file of their own."""
    tensors = {WEIGHTS + name: array for name, array in named(slots, state.weights).items()}
    tensors |= {OPTIMIZER + name: vector for name, vector in state.optimizer.items()}
    counters = {
        "epoch": str(state.epoch),
        "steps": str(state.steps),
        "seconds": repr(state.seconds),
        "waited": str(state.best.waited),
    }
    if state.best.epoch is not None:
        counters |= {"best_epoch": str(state.best.epoch), "best_figure": repr(state.best.figure)}
    return save(tensors, {**notes, **counters})


def read_state(path: Path, slots: Slots, best_weights: Array | None) -> State:
    """The state in a file. Raises FileProblem where it is damaged, or that of another network."""
    try:
        with safe_open(path, framework="numpy") as file:
            said = file.metadata() or {}
            tensors = {name: np.array(file.get_tensor(name)) for name in file.keys()}  # noqa: SIM118 - not a mapping
        best_epoch = said.get("best_epoch")
        best = Best(
            None if best_epoch is None else int(best_epoch),
            None if best_epoch is None else float(said["best_figure"]),
            int(said["waited"]),
        )
        epoch, steps, seconds = int(said["epoch"]), int(said["steps"]), float(said["seconds"])
        vectors = _under(OPTIMIZER, tensors)
        if any(vector.dtype.kind != "f" for vector in vectors.values()):
            raise ValueError(Message("the optimizer's numbers are whole"))
    except KeyError as error:
        raise _damaged(path, Message("it does not say {name}", name=str(error.args[0]))) from error
    except (SafetensorError, OSError, ValueError, TypeError) as error:
        raise _damaged(path, str(error)) from error
    weights = flat(slots, _under(WEIGHTS, tensors), path.name)
    return State(epoch, weights, steps, vectors, best, best_weights, seconds)


def weights_bytes(slots: Slots, weights: Array, notes: Mapping[str, str]) -> bytes:
    """Weights as the content of a Safetensors file."""
    return save(named(slots, weights), dict(notes))


def replace_file(path: Path, content: bytes, flush: bool = False) -> None:
    """Put `content` in the place of `path` in one step; with `flush`, once the disk has it.

    Raises OSError where that cannot be.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            if flush:
                stream.flush()
                os.fsync(stream.fileno())
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _damaged(path: Path, reason: str) -> FileProblem:
    text = Message("{path} is no saved state of a run, or is damaged: {reason}.", path=str(path), reason=reason)
    return FileProblem(text, CANNOT_GO_ON)


def _under(prefix: str, tensors: Mapping[str, Array]) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in tensors.items() if name.startswith(prefix)}
