"""log: the figures of a run for Keras's and TensorBoard's users."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.usage import Parser, add_json
from engine.formats.logs import event_files, keras_csv
from engine.kernel import Array
from engine.runs import Run, open_run
from graph.atomic import write_atomically
from graph.message import Message, plural
from graph.problem import FileProblem


def arguments(parser: Parser) -> None:
    """RUN OUT"""
    parser.add_argument("run", metavar="RUN", type=Path, help="the folder of a run")
    parser.add_argument(
        "out", metavar="OUT", type=Path, help="a .csv file as Keras's CSVLogger writes, or a folder for TensorBoard"
    )
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Write the file, or the folder."""
    chosen = open_run(args.run)
    if not chosen.epochs:
        raise FileProblem(
            Message("{path} has no finished epoch.", path=str(args.run)), Message("Choose a run that got further.")
        )
    if args.out.suffix.lower() == ".csv":
        write_atomically(args.out, keras_csv(chosen))
        return _tell([args.out], "csv", chosen, console)
    paths = []
    for name, content in event_files(chosen, _weights(chosen, console)).items():
        path = args.out / name
        _make_folder(path.parent)
        write_atomically(path, content)
        paths.append(path)
    return _tell(paths, "tensorboard", chosen, console)


def _weights(chosen: Run, console: Console) -> dict[str, Array] | None:
    """The weights that are kept, or None, told why, where they cannot be read."""
    try:
        return chosen.weights()
    except FileProblem as problem:
        console.note(f"The spread of the weights is left out. {problem.text}")
        return None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FileProblem(
            Message("{path} cannot be made: {reason}.", path=str(folder), reason=reason),
            Message("Choose a folder that you may write to."),
        ) from error


def _tell(paths: list[Path], format: str, chosen: Run, console: Console) -> int:
    for path in paths:
        console.event("written", path=str(path), format=format, epochs=len(chosen.epochs))
        console.say(f"{path} is written: {plural(len(chosen.epochs), 'epoch')}.")
    return 0
