"""The values of a table's columns: numbers as they are, one column for each category, targets as classes or numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from engine.data.cells import category, in_order, numbers
from engine.data.detect import MAX_CATEGORIES
from engine.data.problem import DataProblem, Progress, in_cell
from engine.data.samples import MEMORY_LIMIT, Array, Feature
from engine.data.text import TextTable
from graph.datasets import Column
from graph.message import Message
from graph.names import did_you_mean

LARGEST = float(np.finfo(np.float32).max)
"""The largest number that a network computes with."""


class ColumnReader(Protocol):
    """Takes the cells of one column, some thousand at a time."""

    def take(self, rows: Sequence[int], cells: Sequence[str]) -> None:
        """Take cells; `rows` says where they stand. Raises DataProblem for a cell that cannot be."""


class NumberReader:
    """Reads numbers; NaN where a cell is empty and may be."""

    def __init__(self, column: Column, decimal: str) -> None:
        self.column, self.decimal = column, decimal
        self.parts: list[Array] = []

    def take(self, rows: Sequence[int], cells: Sequence[str]) -> None:
        values, texts = numbers(cells, self.decimal)
        name = self.column.name
        if texts:
            said = Message("expected a number, received {cell!r}.", cell=cells[texts[0]].strip())
            raise in_cell(rows[texts[0]], name, said, _number_hint(self.column))
        if self.column.role != "feature" or self.column.missing == "refuse":
            empty = np.flatnonzero(np.isnan(values))
            if len(empty):
                raise in_cell(
                    rows[int(empty[0])],
                    name,
                    Message("expected a number, but the cell is empty."),
                    _empty_hint(self.column),
                )
        large = np.flatnonzero(np.abs(values) > LARGEST)
        if len(large):
            said = Message("{cell} is larger than {most:.3g}.", cell=cells[int(large[0])].strip(), most=LARGEST)
            raise in_cell(rows[int(large[0])], name, said, _number_hint(self.column))
        self.parts.append(values)

    def values(self) -> Array:
        """All numbers, float64."""
        return np.concatenate(self.parts) if self.parts else np.empty(0)


class CategoryReader:
    """Reads categories as whole numbers, in the order they turn up; `known` allows no others."""

    def __init__(self, column: Column, known: Sequence[str] | None = None) -> None:
        self.column, self.known = column, known
        self.codes = {name: code for code, name in enumerate(known or ())}
        self.parts: list[Array] = []

    def take(self, rows: Sequence[int], cells: Sequence[str]) -> None:
        named = list(map(category, cells))
        new = set(named) - self.codes.keys()
        fillable = self.column.role == "feature" and self.column.missing == "fill"
        wrong = new if self.known is not None else new & (set() if fillable else {""})
        if wrong:
            raise self._refusal(rows, named, wrong)
        for name in dict.fromkeys(named) if new else ():
            self.codes.setdefault(name, len(self.codes))
        if len(self.codes) > MAX_CATEGORIES:
            raise DataProblem(
                Message(
                    "column {name!r} has more than {most:,} different texts.",
                    name=self.column.name,
                    most=MAX_CATEGORIES,
                ),
                Message("Ignore this column, or give it fewer categories."),
                column=self.column.name,
            )
        self.parts.append(np.fromiter(map(self.codes.__getitem__, named), np.int32, len(named)))

    def _refusal(self, rows: Sequence[int], named: list[str], wrong: set[str]) -> DataProblem:
        place = next(place for place, name in enumerate(named) if name in wrong)
        if not named[place]:
            return in_cell(rows[place], self.column.name, Message("the cell is empty."), _empty_hint(self.column))
        known = self.known or ()
        near = did_you_mean(named[place], known)
        some = ", ".join(map(repr, known[:8])) + (", …" if len(known) > 8 else "")
        said = Message("expected one of {some}, received {cell!r}.", some=some, cell=named[place])
        question = Message("Did you mean {near!r}?", near=near) if near else None
        return in_cell(
            rows[place],
            self.column.name,
            said,
            question or Message("The network was trained with these categories only."),
        )

    def values(self) -> tuple[Array, tuple[str, ...]]:
        """All category numbers, int32, and the categories they stand for, in order."""
        found = np.concatenate(self.parts) if self.parts else np.empty(0, np.int32)
        if self.known is not None:
            return found, tuple(self.known)
        ordered = in_order([name for name in self.codes if name])
        if self.column.role == "feature" and self.column.missing == "fill":
            ordered = (*ordered, "")
        place = {name: at for at, name in enumerate(ordered)}
        renumbered = np.array([place[name] for name in self.codes], np.int32)
        return (renumbered[found] if len(found) else found), ordered


def _number_hint(column: Column) -> Message:
    if column.role == "target":
        return Message("Correct the cell, or make the target a category.")
    if column.role == "weight":
        return Message("Correct the cell, or ignore the column.")
    return Message("Correct the cell, or make the column a category or ignore it.")


def _empty_hint(column: Column) -> Message:
    if column.role == "target":
        return Message("Fill in the target, or take the row out.")
    if column.role == "weight":
        return Message("Fill in the cell (0 leaves the sample out), or ignore the column.")
    return Message("Fill in the cell, or choose to have empty cells of this column filled.")


Reader = NumberReader | CategoryReader


def read_columns(table: TextTable, readers: Sequence[Reader], progress: Progress | None = None) -> int:
    """Let each reader take its column, found by name. Returns the number of rows."""
    places = [_place(table, reader.column.name) for reader in readers]
    count = 0
    for rows, columns in table.chunks(progress):
        count += len(rows)
        check_memory(count, len(readers))
        for reader, place in zip(readers, places, strict=True):
            reader.take(rows, columns[place])
    return count


def check_memory(rows: int, width: int) -> None:
    """Raise DataProblem where rows of so many numbers, held once as read and once prepared, go beyond the limit."""
    needed = rows * width * (8 + 4)
    if needed > MEMORY_LIMIT:
        raise DataProblem(
            Message(
                "{rows:,} rows of {width:,} numbers need {have:.1f} GB; {most:.1f} GB is the limit.",
                rows=rows,
                width=width,
                have=needed / 2**30,
                most=MEMORY_LIMIT / 2**30,
            ),
            Message("Use fewer rows, or ignore columns, first of all those with many categories."),
        )


def _place(table: TextTable, name: str) -> int:
    if name in table.names:
        return table.names.index(name)
    near = did_you_mean(name, table.names)
    hint = (
        Message("Did you mean {near!r}?", near=near)
        if near
        else Message("Its columns are: {names}.", names=", ".join(table.names[:30]))
    )
    raise DataProblem(
        Message("{file} has no column named {name!r}.", file=table.source.name, name=name), hint, column=name
    )


def feature_reader(feature: Feature, decimal: str, known: bool) -> Reader:
    """A reader for one feature; with `known`, for no other categories than the feature's."""
    if feature.column.kind == "number":
        return NumberReader(feature.column, decimal)
    return CategoryReader(feature.column, feature.categories if known else None)


def matrix(readers: Sequence[Reader], rows: int) -> tuple[Array, tuple[Feature, ...]]:
    """What feature readers have read, as one float64 row a sample, and what each place in it means."""
    features, blocks = [], []
    for reader in readers:
        if isinstance(reader, NumberReader):
            features.append(Feature(reader.column))
            blocks.append(reader.values())
        else:
            codes, categories = reader.values()
            features.append(Feature(reader.column, categories))
            blocks.append(codes)
    width = sum(feature.width for feature in features)
    check_memory(rows, width)
    x = np.zeros((rows, width))
    place = 0
    for feature, block in zip(features, blocks, strict=True):
        if feature.column.kind == "number":
            x[:, place] = block
        else:
            x[np.arange(rows), place + block] = 1.0
        place += feature.width
    return x, tuple(features)
