"""Data sets that are tables: a CSV file of one's own, and the shipped ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np

from engine.data.detect import TableScan, detect, scan
from engine.data.problem import DataProblem, Progress, stretch
from engine.data.samples import Array, Feature, Samples
from engine.data.sources import Request, find, loader, unreadable
from engine.data.table import CategoryReader, NumberReader, Reader, feature_reader, matrix, read_columns
from engine.data.text import TextTable, look_at
from engine.data.weights import checked
from graph.datasets import Column, CsvFile, DataFacts, TargetFacts
from graph.message import Message
from graph.names import did_you_mean

INPUT = "x"
"""The name of the one input a table has."""


@dataclass(frozen=True)
class Preview:
    """What a person needs to see before a table is used: its first rows, its columns, and the roles proposed."""

    table: TextTable
    scan: TableScan
    columns: tuple[Column, ...]
    notes: tuple[Message, ...]


def preview(source: Traversable, progress: Progress | None = None) -> Preview:
    """Look through a CSV file. Raises DataProblem where it is no usable table."""
    table = look_at(source, progress)
    scanned = scan(table, progress)
    columns, notes = detect(scanned)
    return Preview(table, scanned, columns, (*table.notes, *notes))


def read_table(source: Traversable, columns: Sequence[Column] = (), progress: Progress | None = None) -> Samples:
    """The samples of a CSV file; without `columns`, with the roles that are detected."""
    try:
        if columns:
            table = look_at(source, progress)
            notes: tuple[Message, ...] = table.notes
        else:
            seen = preview(source, stretch(progress, 0.0, 0.5))
            progress = stretch(progress, 0.5, 1.0)
            table, columns, notes = seen.table, seen.columns, seen.notes
        _check_roles(columns, table)
        return replace(_samples(table, columns, progress), notes=notes)
    except OSError as error:
        raise unreadable(source, error) from error


def _check_roles(columns: Sequence[Column], table: TextTable) -> None:
    for column in columns:
        if column.name not in table.names:
            near = did_you_mean(column.name, table.names)
            raise DataProblem(
                Message("{file} has no column named {name!r}.", file=table.source.name, name=column.name),
                Message("Did you mean {near!r}?", near=near) if near else Message("Choose the columns again."),
                column=column.name,
            )
    for role, what in (("feature", Message("feature")), ("target", Message("target"))):
        if not any(column.role == role for column in columns):
            raise DataProblem(
                Message("No column is a {what}.", what=what), Message("Give at least one column this role.")
            )
    weights = [column.name for column in columns if column.role == "weight"]
    if len(weights) > 1:
        raise DataProblem(
            Message("{n} columns are weights: {names}.", n=len(weights), names=", ".join(weights)),
            Message("Give one column this role, and ignore the others."),
            column=weights[1],
        )


def _samples(table: TextTable, columns: Sequence[Column], progress: Progress | None) -> Samples:
    features = [feature_reader(Feature(c), table.decimal, False) for c in columns if c.role == "feature"]
    targets: list[Reader] = [
        CategoryReader(c) if c.kind == "category" else NumberReader(c, table.decimal)
        for c in columns
        if c.role == "target"
    ]
    weights = [NumberReader(c, table.decimal) for c in columns if c.role == "weight"]
    rows = read_columns(table, [*features, *targets, *weights], progress)
    x, known = matrix(features, rows)
    arrays: dict[str, Array] = {}
    facts: dict[str, TargetFacts] = {}
    for reader in targets:
        name = reader.column.name
        if isinstance(reader, CategoryReader):
            arrays[name], classes = reader.values()
            if len(classes) < 2:
                raise DataProblem(
                    Message("The target {name!r} has one class only: {only!r}.", name=name, only=classes[0]),
                    Message("Choose another target, or rows of at least two classes."),
                    column=name,
                )
            facts[name] = TargetFacts("classes", (None,), classes)
        else:
            arrays[name] = reader.values()[:, np.newaxis]
            facts[name] = TargetFacts("values", (None, 1))
    whole = bool((x >= 0).all() and (x == np.floor(x)).all()) and all(f.column.kind == "number" for f in known)
    vocabulary = int(x.max()) + 1 if whole and x.size else None
    described = DataFacts(rows, {INPUT: (None, x.shape[1])}, facts, vocabulary)
    found = Samples({INPUT: x}, arrays, described, table.digest, features=known)
    for one in weights:
        name = one.column.name
        found = replace(found, weights=checked(name, one.values()), weighed_by=name)
    return found


@loader(CsvFile)
def load_csv(declared: CsvFile, request: Request) -> Samples:
    """A table of one's own."""
    path: Path = find(declared.path, request.base)
    return read_table(path, request.recipe.columns, request.progress)
