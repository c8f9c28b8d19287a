"""The weights that a command is given as a file, and the state of the optimizer where the file has it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.checkpoint import named, read_state
from engine.formats.exporter import OptimizerState
from engine.formats.keras.reading import HDF5, read_weights_onto
from engine.formats.weights import check_weights, read_weights
from engine.kernel import Array
from engine.parameters import layout
from engine.runs import STATE
from graph.inference import Inference


def read_trained(path: Path, inference: Inference) -> tuple[Mapping[str, Array], OptimizerState | None]:
    """The weights of a network in a file. Raises FileProblem where they are those of another."""
    slots = tuple(layout(inference))
    if path.name.endswith(STATE):
        state = read_state(path, slots, None)
        return named(slots, state.weights), OptimizerState(state.steps, state.optimizer)
    if path.suffix.lower() in HDF5:
        return read_weights_onto(path, inference), None
    weights = read_weights(path)
    check_weights(weights, slots, path.name)
    return weights, None
