"""The two recipes held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from graph import edits
from graph.inference import Inference
from graph.message import Message
from graph.problem import Fix, Problem, Severity
from graph.project import Project
from graph.schedules import PiecewiseConstantDecay


def lint_recipes(project: Project, inference: Inference) -> Iterator[Problem]:
    """What is wrong with the split, and with what is watched."""
    data, stopping = project.data, project.training.early_stopping
    kept = data.validation + data.test
    if kept >= 1:
        text = Message("Validation and test take {kept:.0%} of the samples, so none are left to train on.", kept=kept)
        edit = partial(edits.set_data, validation=0.15, test=0.15)
        yield Problem(None, text, Message("Keep some for training."), fixes=(Fix(Message("Keep 15 % for each"), edit),))
    if stopping is not None and stopping.monitor.startswith("val_") and data.validation == 0:
        watched = stopping.monitor.removeprefix("val_")
        text = Message("Early stopping watches {name}, but no samples are kept for validation.", name=stopping.monitor)
        edit = partial(edits.set_training, early_stopping=stopping.with_(monitor=watched))
        fix = Fix(Message("Watch {name}", name=watched), edit)
        yield Problem(None, text, Message("Keep some for validation, or watch the training."), fixes=(fix,))
    schedule = project.training.schedule
    if isinstance(schedule, PiecewiseConstantDecay) and len(schedule.values) != len(schedule.boundaries) + 1:
        text = Message(
            "The schedule has {n} boundaries, so it needs {need} values; it has {got}.",
            n=len(schedule.boundaries),
            need=len(schedule.boundaries) + 1,
            got=len(schedule.values),
        )
        yield Problem(None, text, Message("Give one value more than boundaries."))
    clips = list(project.training.optimizer.clips())
    if len(clips) > 1:
        text = Message("The optimizer clips gradients in {n} ways; only {name} counts.", n=len(clips), name=clips[0])
        optimizer = project.training.optimizer.with_(**dict.fromkeys(clips[1:]))
        fix = Fix(Message("Keep {name}", name=clips[0]), partial(edits.set_training, optimizer=optimizer))
        yield Problem(None, text, Message("Keep one of them."), Severity.WARNING, fixes=(fix,))
    missing = [name for name in project.training.outputs if name not in inference.results]
    for name in missing:
        text = Message("Training says something of the output {name}, but it is no result.", name=name)
        hint = Message("It is left out of the run.")
        others = {n: recipe for n, recipe in project.training.outputs.items() if n != name}
        fix = Fix(Message("Forget it"), partial(edits.set_training, outputs=others))
        yield Problem(None, text, hint, Severity.WARNING, fixes=(fix,))
