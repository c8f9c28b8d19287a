"""The two recipes, read from the project file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from graph.datasets import Column, ColumnKind, Missing, Role, datasets
from graph.declare import UnknownName
from graph.losses import losses
from graph.message import Message
from graph.metrics import metric_from, metric_text
from graph.optimizers import optimizers
from graph.reading import Notices, mapping, read_declared, read_parameters, shown, unknown_keys
from graph.recipe import DataRecipe, EarlyStopping, OutputRecipe, TrainingRecipe
from graph.schedules import schedules


def read_data(said: Mapping[str, Any], notices: Notices) -> DataRecipe:
    """The data recipe; a source that is not known is left out."""
    where = Message("data")
    unknown_keys(said, ("source", "columns", *DataRecipe.parameters), where, notices)
    return DataRecipe(
        source=read_declared(datasets, said.get("source"), Message("the source of the data"), notices),
        columns=_columns(said.get("columns"), notices),
        **read_parameters(DataRecipe, said, where, notices),
    )


def _columns(said: Any, notices: Notices) -> tuple[Column, ...]:
    if said is None:
        return ()
    if not isinstance(said, list):
        notices.add("The columns are not a list, so they are left out.")
        return ()
    columns: dict[str, Column] = {}
    for entry in said:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or name in columns:
            notices.add("A column has no name of its own, so it is left out: {value}.", value=shown(entry))
            continue
        unknown_keys(entry, ("name", *COLUMN), Message("the column {name!r}", name=name), notices)
        columns[name] = Column(name, **{key: _one_of(entry, key, name, notices) for key in COLUMN if key in entry})
    return tuple(columns.values())


COLUMN: dict[str, tuple[Any, ...]] = {
    "role": get_args(Role),
    "kind": get_args(ColumnKind),
    "missing": get_args(Missing),
}
"""What may be said of a column; the first is the usual one."""


def _one_of(entry: Mapping[str, Any], key: str, column: str, notices: Notices) -> Any:
    if entry[key] in COLUMN[key]:
        return entry[key]
    notices.add(
        "In the column {column!r}, {key} is {value}; expected one of {names}. The first is used instead.",
        column=column,
        key=key,
        value=shown(entry[key]),
        names=", ".join(COLUMN[key]),
    )
    return COLUMN[key][0]


def read_training(said: Mapping[str, Any], notices: Notices) -> TrainingRecipe:
    """The training recipe; an optimizer or a loss that is not known gives way to the usual one."""
    where = Message("training")
    keys = ("optimizer", "loss", "metrics", "outputs", "early_stopping", "schedule", *TrainingRecipe.parameters)
    unknown_keys(said, keys, where, notices)
    usual = TrainingRecipe()
    outputs = {
        name: _output(mapping(entry, Message("the output {name!r}", name=name), notices), name, notices)
        for name, entry in mapping(said.get("outputs"), Message("outputs"), notices).items()
    }
    return TrainingRecipe(
        optimizer=read_declared(optimizers, said.get("optimizer"), Message("the optimizer"), notices)
        or usual.optimizer,
        loss=read_declared(losses, said.get("loss"), Message("the loss"), notices) or usual.loss,
        metrics=_metrics(said.get("metrics", []), notices),
        outputs=outputs,
        early_stopping=_early_stopping(said.get("early_stopping"), notices),
        schedule=read_declared(schedules, said.get("schedule"), Message("the schedule"), notices),
        **read_parameters(TrainingRecipe, said, where, notices),
    )


def _output(said: Mapping[str, Any], name: str, notices: Notices) -> OutputRecipe:
    where = Message("the output {name!r}", name=name)
    unknown_keys(said, ("loss", "metrics", *OutputRecipe.parameters), where, notices)
    return OutputRecipe(
        loss=read_declared(losses, said.get("loss"), where, notices),
        metrics=_metrics(said["metrics"], notices) if "metrics" in said else None,
        **read_parameters(OutputRecipe, said, where, notices),
    )


def _early_stopping(said: Any, notices: Notices) -> EarlyStopping | None:
    if said is None:
        return None
    where = Message("early_stopping")
    entry = mapping(said, where, notices)
    unknown_keys(entry, EarlyStopping.parameters, where, notices)
    return EarlyStopping(**read_parameters(EarlyStopping, entry, where, notices))


def _metrics(said: Any, notices: Notices) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in said if isinstance(said, list) else [said]:
        metric = _metric(name, notices)
        if metric is not None:
            found[metric] = None
    return tuple(found)


def _metric(said: Any, notices: Notices) -> str | None:
    if isinstance(said, str):
        try:
            return metric_text(metric_from(said))
        except UnknownName as error:
            near = error.near
        except ValueError as error:
            notices.add("The metric {name} is left out: {error}.", name=shown(said), error=error.args[0])
            return None
    else:
        near = None
    question = Message(" Did you mean {near!r}?", near=near) if near else ""
    notices.add("There is no metric named {name}, so it is left out.{question}", name=shown(said), question=question)
    return None
