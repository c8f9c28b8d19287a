"""What the columns of a table are: their kinds, their gaps, and what each is probably for.

A column whose cells are mostly numbers is a number column; a text in it is then a mistake to point at, not a reason to
treat the whole column as text. The target is the column with a name such as "target" or "label", otherwise the last.
Columns that number the rows, never change, or say something else in every row tell a network nothing, so they are left
out. Everything assumed is said in a sentence, and everything can be overridden by the recipe's `columns`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.cells import category, numbers
from engine.data.problem import DataProblem, Progress
from engine.data.text import TextTable
from engine.data.weights import NAME
from graph.datasets import Column, ColumnKind
from graph.message import Message, plural

MAX_CATEGORIES = 1000
FEW = 20
"""A target of so few whole numbers, one after the other, is taken for class numbers."""
PREVIEW_ROWS = 100

_TARGET_NAME = re.compile(
    r"target|labels?|class|classes|y|output|outcome|result|response|answer|species|diagnosis|survived|churn",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4}([-/.])\d{1,2}\2\d{1,2}|\d{1,2}([-/.])\d{1,2}\3(\d{4}|\d{2}))([T ]\d{1,2}:\d{2}.*)?")
_AMOUNT_NAME = re.compile(
    r"(.*[\W_])?(n|num|numbers?|counts?|amount|quantity|total|sum|ages?|years?|months?|days?|hours?|minutes|duration|"
    r"prices?|costs?|sales|income|rooms|bedrooms|children|persons|points|scores?|size|length|width|height|depth|"
    r"weight|distance|speed|temperature|rings)([\W_].*)?",
    re.IGNORECASE,
)
"""What is counted or measured: its numbers are amounts, however few there are."""
_ID_NAME = re.compile(r"(.*[_ .-])?(id|uuid|guid|index|idx)|row|nr|no|unnamed: 0", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnScan:
    """What was seen in one column. `distinct` counts up to MAX_CATEGORIES + 1 and stops there."""

    name: str
    kind: ColumnKind
    cells: int
    missing: int
    distinct: int
    whole: bool
    counting: bool
    """Whether it counts the rows up by one."""
    lowest: float = 0.0
    highest: float = 0.0
    dates: bool = False
    """Whether every cell that is not empty holds a date."""
    examples: tuple[str, ...] = ()

    @property
    def constant(self) -> bool:
        """Whether it never changes."""
        return self.distinct <= 1

    @property
    def few_whole(self) -> bool:
        """Whether it holds whole numbers, each of them many times."""
        few = self.whole and 2 <= self.distinct <= FEW
        return few and (self.distinct == 2 or self.cells >= 5 * self.distinct)

    @property
    def class_numbers(self) -> bool:
        """Whether its numbers probably name classes: two of them, or a few in a row that are no amounts."""
        if not self.few_whole or self.distinct == 2:
            return self.few_whole
        in_a_row = self.highest - self.lowest == self.distinct - 1 and 0 <= self.lowest <= FEW
        return in_a_row and not _AMOUNT_NAME.fullmatch(self.name)

    @property
    def like_id(self) -> bool:
        """Whether it only names or numbers the rows."""
        if _ID_NAME.fullmatch(self.name) or (self.counting and self.cells > FEW):
            return True
        return self.kind == "category" and self.cells > FEW and self.distinct == self.cells - self.missing

    @property
    def too_many_texts(self) -> bool:
        """Whether its texts are so many that few rows share one."""
        if self.kind != "category":
            return False
        rare = self.cells > FEW and 2 * self.distinct > self.cells - self.missing
        return rare or self.distinct > MAX_CATEGORIES


@dataclass(frozen=True, slots=True)
class TableScan:
    """What was seen in a whole table: its rows, its columns, and the first rows as they stand."""

    rows: int
    columns: tuple[ColumnScan, ...]
    preview: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> ColumnScan:
        """What was seen in the column `name`."""
        return next(column for column in self.columns if column.name == name)


class _Tally:
    """Counts over one column, fed some thousand cells at a time."""

    def __init__(self, name: str, decimal: str) -> None:
        self.name, self.decimal = name, decimal
        self.cells = self.missing = self.numbers = 0
        self.whole = self.counting = True
        self.last: float | None = None
        self.lowest, self.highest = np.inf, -np.inf
        self.texts: set[str] = set()

    def take(self, cells: Sequence[str]) -> None:
        values, texts = numbers(cells, self.decimal)
        known = values[~np.isnan(values)]
        self.cells += len(cells)
        self.numbers += len(known)
        self.missing += len(cells) - len(known) - len(texts)
        self.lowest = min(self.lowest, float(known.min(initial=np.inf)))
        self.highest = max(self.highest, float(known.max(initial=-np.inf)))
        self.whole = self.whole and not texts and bool((known == np.floor(known)).all())
        self.counting = self.counting and len(known) == len(cells) and self._goes_on(values)
        if len(self.texts) <= MAX_CATEGORIES:
            self.texts.update(cells)

    def _goes_on(self, values: np.ndarray) -> bool:
        steps = np.diff(values, prepend=values[0] - 1 if self.last is None else self.last)
        self.last = float(values[-1])
        return bool((steps == 1).all())

    def scan(self) -> ColumnScan:
        categories = {category(text) for text in self.texts} - {""}
        present = self.cells - self.missing
        return ColumnScan(
            self.name,
            "number" if 2 * self.numbers > present or not present else "category",
            self.cells,
            self.missing,
            min(len(categories), MAX_CATEGORIES + 1),
            self.whole,
            self.counting,
            self.lowest,
            self.highest,
            bool(categories) and all(map(_DATE.fullmatch, categories)),
            tuple(sorted(categories)[:5]),
        )


def scan(table: TextTable, progress: Progress | None = None) -> TableScan:
    """Look at every cell of a table."""
    tallies = [_Tally(name, table.decimal) for name in table.names]
    preview: list[tuple[str, ...]] = []
    rows = 0
    for numbered, columns in table.chunks(progress):
        if not preview:
            preview = list(zip(*(column[:PREVIEW_ROWS] for column in columns), strict=True))
        rows += len(numbered)
        for tally, cells in zip(tallies, columns, strict=True):
            tally.take(cells)
    return TableScan(rows, tuple(tally.scan() for tally in tallies), tuple(preview))


def detect(scanned: TableScan) -> tuple[tuple[Column, ...], tuple[Message, ...]]:
    """What to do with each column, and what was assumed in saying so."""
    target = _target(scanned.columns)
    columns, notes = [], [_target_note(target)]
    for column in scanned.columns:
        ignored = None if column is target else _reason_to_ignore(column)
        if column is not target and column.kind == "number" and NAME.fullmatch(column.name):
            columns.append(Column(column.name, "weight"))
            notes.append(Message("{name!r} is taken for the weights of the samples.", name=column.name))
        elif column is target:
            kind: ColumnKind = "category" if column.class_numbers else column.kind
            columns.append(Column(column.name, "target", kind))
        elif ignored is not None:
            columns.append(Column(column.name, "ignore", column.kind))
            notes.append(ignored)
        else:
            columns.append(Column(column.name, "feature", column.kind, "fill" if column.missing else "refuse"))
            notes += _feature_notes(column)
    if not any(column.role == "feature" for column in columns):
        raise DataProblem(
            Message(
                "No column is left to learn from: besides {target!r}, all are constant or name the rows.",
                target=target.name,
            ),
            Message("Add columns, or choose their roles yourself."),
        )
    return tuple(columns), tuple(notes)


def _target(columns: Sequence[ColumnScan]) -> ColumnScan:
    """The last column if its name says so, otherwise the first whose name does, otherwise the last that can be.

    A column that is constant, has gaps, holds dates or only names the rows can be no target.
    """
    columns = [column for column in columns if not NAME.fullmatch(column.name)] or columns
    named = [column for column in columns if _TARGET_NAME.fullmatch(column.name)]
    if named:
        return named[-1] if named[-1] is columns[-1] else named[0]
    useful = [column for column in columns if _can_be_target(column)]
    return (useful or list(columns))[-1]


def _can_be_target(column: ColumnScan) -> bool:
    unfit = column.constant or column.missing or column.dates or column.too_many_texts
    return not unfit and not _ID_NAME.fullmatch(column.name)


def _target_note(target: ColumnScan) -> Message:
    said = {"name": target.name, "n": target.distinct}
    if target.class_numbers:
        said |= {"low": target.lowest, "high": target.highest}
        text = "The column {name!r} is the target, with {n} classes: its numbers from {low:g} to {high:g} name them."
        two = "The column {name!r} is the target, with {n} classes: its numbers {low:g} and {high:g} name them."
        return Message(two if target.distinct == 2 else text, **said)
    if target.kind == "category":
        return Message("The column {name!r} is the target, with {n} classes.", **said)
    if target.few_whole:
        text = "The column {name!r} is the target, a number: its {n} values are taken for amounts, not for classes."
        return Message(text, **said)
    return Message("The column {name!r} is the target, a number.", name=target.name)


def _reason_to_ignore(column: ColumnScan) -> Message | None:
    if column.missing == column.cells:
        return Message("The column {name!r} is left out, because it is empty.", name=column.name)
    if column.constant:
        return Message("The column {name!r} is left out, because it never changes.", name=column.name)
    if column.dates:
        text = "The column {name!r} is left out, because it holds dates. Months or days as numbers can be learnt from."
        return Message(text, name=column.name)
    if column.like_id:
        return Message("The column {name!r} is left out, because it only names the rows.", name=column.name)
    if column.kind == "category" and column.distinct > MAX_CATEGORIES:
        text = "The column {name!r} is left out, because it holds more than {most:,} different texts."
        return Message(text, name=column.name, most=MAX_CATEGORIES)
    if column.too_many_texts:
        text = "The column {name!r} is left out, because few rows share a text: there are {n} in {rows} rows."
        return Message(text, name=column.name, n=column.distinct, rows=column.cells - column.missing)
    return None


def _feature_notes(column: ColumnScan) -> list[Message]:
    notes = []
    if column.kind == "category":
        text = "The column {name!r} is text with {n} categories, so it becomes one column for each."
        notes.append(Message(text, name=column.name, n=column.distinct + bool(column.missing)))
    if column.missing:
        with_what = Message("the mean of its column" if column.kind == "number" else "a category of its own")
        cells = plural(column.missing, "empty cell")
        text = "{cells} in {name!r}: filled with {filling}."
        notes.append(Message(text, cells=cells, name=column.name, filling=with_what))
    return notes
