"""The figures of a run for the tools that people watch runs with: Keras's CSV log, and TensorBoard's event files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.formats.event_file import entry, event_file, graph, histogram, plugin, scalar, summary
from engine.formats.protobuf import data, double, text, whole
from engine.kernel import Array
from engine.runs import UNFINISHED, Run, recipe_leaves

VALIDATION = "val_"
FOLDERS = ("train", "validation")
"""Where Keras's callback puts the figures of the training and the validation samples."""


def keras_csv(run: Run) -> bytes:
    """The epochs as keras.callbacks.CSVLogger writes them: numbered from 0, the figures in alphabetical order."""
    names = sorted({name for epoch in run.epochs for name in epoch.logs})
    stream = io.StringIO()
    lines = csv.writer(stream, lineterminator="\n")
    lines.writerow(["epoch", *names])
    lines.writerows([epoch.epoch - 1, *(epoch.logs.get(name, "NA") for name in names)] for epoch in run.epochs)
    return stream.getvalue().encode()


def event_files(run: Run, weights: Mapping[str, Array] | None = None) -> dict[str, bytes]:
    """TensorBoard's files of a run by their path in its folder, with Keras's names: `epoch_loss` and the like.

    The training samples' file also has the network as a graph, the recipe as hyperparameters, and the spread of
    `weights`, where they are given.
    """
    started = _started(run)
    name = f"events.out.tfevents.{int(started)}.netloom"
    training = [_graph(run, started), _recipe(run, started), *_figures(run, started, validation=False)]
    if weights:
        epoch = run.best or run.epochs[-1]
        shown = [histogram(key, array) for key, array in weights.items() if array.size]
        training.append(summary(started + run.seconds, epoch.epoch - 1, shown))
    if run.status != UNFINISHED:
        training.append(_ended(started + run.seconds))
    files = {f"{FOLDERS[0]}/{name}": event_file(started, training)}
    validation = list(_figures(run, started, validation=True))
    if validation:
        files[f"{FOLDERS[1]}/{name}"] = event_file(started, validation)
    return files


def _started(run: Run) -> float:
    try:
        return datetime.fromisoformat(run.started).timestamp()
    except ValueError:
        return 0.0


def _figures(run: Run, started: float, validation: bool) -> Iterator[bytes]:
    """An event an epoch."""
    time = started
    for epoch in run.epochs:
        time += epoch.seconds
        chosen = [
            scalar(f"epoch_{name.removeprefix(VALIDATION)}", value)
            for name, value in epoch.logs.items()
            if name.startswith(VALIDATION) is validation
        ]
        if chosen:
            yield summary(time, epoch.epoch - 1, chosen)


def _graph(run: Run, time: float) -> bytes:
    network = run.project.network
    into = network.wiring.into
    return graph(
        time,
        ((name, network.layers[name].key, [wire.source for wire in into.get(name, ())]) for name in network.order),
    )


def _recipe(run: Run, started: float) -> bytes:
    """The recipe for the page of hyperparameters: HParamsPluginData with a SessionStartInfo."""
    leaves = recipe_leaves(run.project.training)
    pairs = b"".join(data(1, entry(key, _value(said))) for key, said in leaves.items())
    info = data(3, pairs + text(4, run.id) + double(5, started))
    return summary(started, 0, [plugin("_hparams_/session_start_info", "hparams", info)])


def _ended(time: float) -> bytes:
    """That the run is over: HParamsPluginData with a SessionEndInfo, status 1 is success."""
    return summary(time, 0, [plugin("_hparams_/session_end_info", "hparams", data(4, whole(1, 1) + double(2, time)))])


def _value(said: str) -> bool | float | str:
    if said in ("True", "False"):
        return said == "True"
    try:
        return float(said)
    except ValueError:
        return said
