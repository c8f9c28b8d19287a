"""The weights of a model of another program, kept as a run of the project that was made of it.

It knows no data and has no epochs, so it is not gone on with itself: a new run begins with what it holds.
"""

from __future__ import annotations

import json
from pathlib import Path

from safetensors.numpy import save

from engine.checkpoint import flat, named, replace_file, state_bytes
from engine.formats.exporter import OptimizerState
from engine.formats.importer import Imported
from engine.formats.weights import contiguous
from engine.parameters import layout
from engine.runs import ABOUT, IMPORTED, STATE, WEIGHTS, Run, new_folder, open_run
from engine.session import Session
from engine.trainer import State
from graph.infer import infer
from graph.project import Project
from graph.serialize import dumps


def keep(runs: Path, read: Imported, file: str) -> Run:
    """Keep what was read of `file` in a new folder in the folder `runs`. Raises OSError where that cannot be."""
    runs.mkdir(parents=True, exist_ok=True)
    folder, started = new_folder(runs)
    weights = {name: contiguous(array) for name, array in read.weights.items()}
    replace_file(folder / WEIGHTS, save(weights, {"format": "netloom"}))
    if read.optimizer is not None:
        replace_file(folder / STATE, stopped(read, read.optimizer, file))
    about = {
        "format": "netloom run",
        "version": 1,
        "status": IMPORTED,
        "started": started,
        "file": file,
        "project": json.loads(dumps(read.project)),
    }
    text = json.dumps(about, ensure_ascii=False, indent=1)
    replace_file(folder / ABOUT, text.encode(errors="backslashreplace"), flush=True)
    return open_run(folder)


def stopped(read: Imported, optimizer: OptimizerState, file: str) -> bytes:
    """Where the training stopped whose model was read of `file`, as the content of a state file."""
    slots = tuple(layout(infer(read.project.network)))
    return state_bytes(State(0, flat(slots, read.weights, file), optimizer.steps, optimizer.vectors), slots, {})


def on_data_of(run: Run, project: Project) -> Project:
    """The network of an imported run with the recipes of `project`, which it is opened in."""
    return Project(run.project.network, run.project.positions, project.data, project.training)


def begin_with(session: Session, run: Run) -> None:
    """Let the session's runs begin with the weights of `run`, and where its optimizer stopped, where it is the same.

    Raises FileProblem where they are those of another network, or damaged.
    """
    kept = run.folder / STATE
    optimizer, weights = None, run.weights()
    if kept.is_file() and session.project.training.optimizer.key == run.project.training.optimizer.key:
        slots = session.plan.parameters.slots
        state = run.state(slots)
        weights, optimizer = named(slots, state.weights), OptimizerState(state.steps, state.optimizer)
    session.start_with(weights, optimizer, str(run.weights_path))
