"""train: a run, from the beginning or from where another ended, kept in a folder of its own."""

from __future__ import annotations

import argparse
import contextlib
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType

from engine.bind import UnknownSize
from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.projects import Opened, open_project, require_file, told
from engine.cli.usage import Parser, UsageError, add_json, natural, positive
from engine.cli.weights import read_trained
from engine.events import BatchEnded, EpochEnded, Event, Finished, Notice
from engine.figures import figures
from engine.runs import open_run, runs_folder
from engine.session import Session
from graph.declare import ParameterError
from graph.message import Message, plural
from graph.problem import FileProblem
from graph.project import Project

OVERRIDES = ("epochs", "batch_size", "seed", "class_weight")
GIVEN_BY_THE_RUN = ("data", "batch_size", "seed", "class_weight", "out", "weights")
ALL = "all"


def arguments(parser: Parser) -> None:
    """PROJECT [--data FILE] [--epochs N] [--batch-size N] [--seed N] [--class-weight W]
    [--weights FILE] [--out DIR | --resume RUN]"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, the name of a template, or a .csv file")
    parser.add_argument("--data", metavar="FILE", type=Path, help="train on this .csv or .npz file instead")
    parser.add_argument("--epochs", metavar="N", type=positive, help="how often all samples are gone through")
    parser.add_argument("--batch-size", metavar="N", type=batch_size, help="samples in one step, or all")
    parser.add_argument("--seed", metavar="N", type=natural, help="the same seed gives the same run")
    parser.add_argument(
        "--class-weight", metavar="W", help="how much each class counts: balanced, or as in 'no: 1, yes: 3'"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="keep the run in this folder")
    parser.add_argument("--resume", metavar="RUN", type=Path, help="go on with the run in this folder, by its recipe")
    parser.add_argument(
        "--weights", metavar="FILE", type=Path, help="begin with these weights; with a state, where training stopped"
    )
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Train, telling of every epoch; 1 where the run diverged or could not be kept."""
    if args.resume is not None:
        return go_on(args, console)
    opened = open_project(args.project, args.data and require_file(args.data))
    project = overridden(told(opened, console), args)
    data = None if args.data is None or args.project == "tabular" else args.data
    if data is not None and opened.file is None and args.project.lower().endswith(".csv"):
        raise UsageError("The data is given twice.", "Leave out --data, or name a project that is trained on it.")
    folder = writable(args.out or default_folder(opened))
    session = prepared(project, opened, data, console)
    if args.weights is not None:
        session.start_with(*read_trained(require_file(args.weights), session.plan.inference), args.weights.name)
    with stopped_by_signals(session):
        return report(session, session.run(folder), console)


def go_on(args: argparse.Namespace, console: Console) -> int:
    """Train a run further, until it has the epochs of its recipe, or those asked for."""
    for name in GIVEN_BY_THE_RUN:
        if getattr(args, name) is not None:
            raise UsageError(
                f"--{name.replace('_', '-')} cannot be given with --resume.",
                "A run goes on by its own recipe; only --epochs may be another.",
            )
    opened, kept = open_project(args.project), open_run(args.resume)
    project = overridden(kept.project, args)
    done, wanted = max((one.epoch for one in kept.epochs), default=0), project.training.epochs
    if done >= wanted:
        raise UsageError(f"The run has its {plural(done, 'epoch')}.", f"Ask for more, as with --epochs {2 * done}.")
    session = prepared(project, opened, None, console)
    console.say(f"Going on after {plural(done, 'epoch')}.")
    with stopped_by_signals(session):
        return report(session, session.run(resume=kept), console)


def overridden(project: Project, args: argparse.Namespace) -> Project:
    """The project with what the command line says of the run."""
    changes = {name: value for name in OVERRIDES if (value := getattr(args, name)) is not None}
    if changes.get("batch_size") == ALL:
        changes["batch_size"] = None
    try:
        return replace(project, training=project.training.with_(**changes))
    except ParameterError as error:
        raise UsageError(f"--{error.parameter.replace('_', '-')}: {error.text}.", "See netloom train --help.") from None


def batch_size(text: str) -> int | str:
    """A number of samples, or all."""
    return ALL if text == ALL else positive(text)


def default_folder(opened: Opened) -> Path:
    """Where runs are kept: beside the project file, or here under the name of what is trained."""
    return runs_folder(opened.file) if opened.file is not None else Path(f"{opened.name}.runs")


def writable(folder: Path) -> Path:
    """`folder`, made where it was not there. Raises FileProblem, before any time is spent, where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise FileProblem(
            Message(
                "The run cannot be kept in {path}: {reason}.", path=str(folder), reason=error.strerror or str(error)
            ),
            Message("Choose a folder that you may write to, with --out."),
        ) from error


def prepared(project: Project, opened: Opened, data: Path | None, console: Console) -> Session:
    """The session, its data loaded under the progress bar."""
    try:
        session = Session.prepare(project, opened.base, data, lambda part: console.progress(part, "reading the data"))
    except UnknownSize as error:
        raise FileProblem(
            Message("{text}", text=str(error)), Message("State the whole shape in the Input node, or in the data.")
        ) from error
    finally:
        console.clear()
    for note in session.samples.notes:
        if note not in opened.notices:
            console.event("notice", text=note)
            console.note(str(note))
    return session


@contextlib.contextmanager
def stopped_by_signals(session: Session) -> Iterator[None]:
    """Let the first Ctrl-C, or a polite request to end, end the run in good order; the second one interrupts it."""

    def stop(number: int, frame: FrameType | None) -> None:
        session.stop()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def report(session: Session, events: Iterator[Event], console: Console) -> int:
    """Tell of a run's events as they come, and return the exit code."""
    for event in events:
        match event:
            case BatchEnded(epoch, step, steps, logs):
                if step % max(steps // 50, 1) == 0:
                    part = (epoch - 1 + step / steps) / session.project.training.epochs
                    console.progress(part, f"epoch {epoch}, step {step} of {steps}  {figures(logs)}")
            case EpochEnded(epoch, epochs, logs, seconds, best):
                console.event("epoch", epoch=epoch, logs=logs)
                star = " *" if best else ""
                console.say(f"Epoch {epoch:{len(str(epochs))}}/{epochs}  {seconds:5.2f} s  {figures(logs)}{star}")
            case Notice(text, hint):
                console.event("notice", text=text, hint=hint)
                console.complain(f"{text} {hint}")
            case Finished():
                return finished(session, event, console)
    return 1


def finished(session: Session, event: Finished, console: Console) -> int:
    """Say how a run ended and where it is kept."""
    weights = None if session.folder is None else session.folder / "weights.safetensors"
    console.event(
        "finished",
        epochs=event.epochs,
        seconds=round(event.seconds, 3),
        reason=event.reason,
        best_epoch=event.best_epoch,
        test=event.test,
        run=None if session.folder is None else str(session.folder),
        weights=None if weights is None else str(weights),
    )
    ended = {"completed": "Done", "early stopping": "Stopped early", "stopped": "Stopped", "diverged": "Diverged"}
    kept = f" Kept: epoch {event.best_epoch}." if event.best_epoch and event.best_epoch != event.epochs else ""
    console.say(f"{ended[event.reason]} after {plural(event.epochs, 'epoch')}, {event.seconds:.1f} s.{kept}")
    if event.test:
        console.say(f"Test: {figures(event.test)}")
    if weights is not None:
        console.say(f"Weights: {weights}")
    if weights is None:
        console.trouble("The weights are not kept.", "Make room, or choose another folder with --out, and train again.")
        return 1
    if event.reason != "diverged":
        return 0
    console.trouble("The loss is no number any more.", event.advice or "Try a smaller learning rate.")
    return 1
