"""A CSV file as records of cells: its encoding, its delimiter, its header, and its rows in chunks.

The file is read through three times and never held whole: once as bytes (hash, encoding), once to learn what the
columns are (`engine.data.detect`), once to take their values (`engine.data.table`).
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import IO

from engine.data.cells import number
from engine.data.problem import DataProblem, Progress
from engine.data.sources import unreadable
from graph.message import Message, plural

DELIMITERS = ",;\t|"
CHUNK = 8192
MAX_COLUMNS = 10_000
SAMPLE_ROWS = 50
MOST_BLANK = 10_000
"""So many lines are looked through for the first rows."""
WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""How files in characters of two or four bytes begin; the longer marks stand first, because they begin alike."""

Chunk = tuple[list[int], list[tuple[str, ...]]]
"""Row numbers as a spreadsheet counts them, and the cells of each column."""


@dataclass(frozen=True)
class TextTable:
    """A CSV file that has been looked at: how to read it, and what its columns are called."""

    source: Traversable
    size: int
    digest: str
    encoding: str
    delimiter: str
    decimal: str
    names: tuple[str, ...]
    has_header: bool
    notes: tuple[Message, ...]

    def chunks(self, progress: Progress | None = None) -> Iterator[Chunk]:
        """The rows, some thousand at a time. Raises DataProblem for a row of another length than the header."""
        with self.source.open("rb") as stream, _text(stream, self.encoding) as text:
            records = _records(text, self.delimiter, self.source.name)
            if self.has_header:
                next(record for _, record in records if record)
            filled = ((row, self._checked(row, record)) for row, record in records if record)
            while chunk := list(itertools.islice(filled, CHUNK)):
                yield [row for row, _ in chunk], list(zip(*(record for _, record in chunk), strict=True))
                if progress is not None:
                    progress(min(stream.tell() / self.size, 1.0))

    def _checked(self, row: int, record: list[str]) -> list[str]:
        if len(record) == len(self.names):
            return record
        raise DataProblem(
            Message(
                "row {row} has {got}, but the header has {expected}.",
                row=row,
                got=plural(len(record), "cell"),
                expected=len(self.names),
            ),
            Message("Add or remove cells; put a text that contains {sign!r} in double quotes.", sign=self.delimiter),
            row,
        )


def look_at(source: Traversable, progress: Progress | None = None, least: int = 2) -> TextTable:
    """Find out how a CSV file is written. Raises DataProblem where it is empty or has less than `least` columns."""
    try:
        size, digest, encoding = _bytes(source, progress)
        delimiter, first = _delimiter(source, encoding)
    except OSError as error:
        raise unreadable(source, error) from error
    notes = []
    if encoding == "cp1252":
        notes.append(Message("The file is not UTF-8, so it was read as Windows-1252."))
    if not first:
        raise DataProblem(
            Message("{name} is empty.", name=source.name), Message("It needs a header and one row for each sample.")
        )
    names, has_header = _header(first[0], least)
    if not has_header:
        notes.append(Message("The first row holds numbers, so the columns are named column_1, column_2 and so on."))
    if has_header and len(first) == 1:
        raise DataProblem(
            Message("{name} has a header, but no rows.", name=source.name), Message("Add one row for each sample.")
        )
    decimal = _decimal(first[has_header:], delimiter)
    if decimal == ",":
        notes.append(Message("Numbers such as 3,14 were read with a decimal comma."))
    return TextTable(source, size, digest, encoding, delimiter, decimal, names, has_header, tuple(notes))


def _bytes(source: Traversable, progress: Progress | None) -> tuple[int, str, str]:
    """Size, hash and encoding, in one pass."""
    hashed, size, utf8 = hashlib.sha256(), 0, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    with source.open("rb") as stream:
        start = stream.read(4)
        wide = next((name for mark, name in WIDE.items() if start.startswith(mark)), None)
        stream.seek(0)
        while block := stream.read(2**20):
            hashed.update(block)
            size += len(block)
            if b"\0" in block and not wide:
                raise DataProblem(
                    Message("{name} is not a text file.", name=source.name),
                    Message("Save the table as CSV; a spreadsheet has this under Save As."),
                )
            if utf8 and not wide:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    utf8 = False
            if progress is not None:
                progress(0.0)
    return size, hashed.hexdigest(), wide or ("utf-8-sig" if utf8 else "cp1252")


def _text(stream: IO[bytes], encoding: str) -> io.TextIOWrapper:
    """A file as text, line ends as they are."""
    return io.TextIOWrapper(stream, encoding=encoding, newline="")


def _records(text: io.TextIOWrapper, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their row numbers; a blank line is an empty record."""
    row = 0
    try:
        for row, record in enumerate(csv.reader(text, delimiter=delimiter, skipinitialspace=True), 1):
            yield row, record
    except UnicodeDecodeError as error:
        raise DataProblem(
            Message("{name}, after row {row}: a character is no {code}.", name=name, row=row, code=text.encoding),
            Message("Save the file again as UTF-8."),
            row + 1,
        ) from error
    except csv.Error as error:
        raise DataProblem(
            Message("row {row} cannot be read as cells: {reason}.", row=row + 1, reason=str(error)),
            Message("Often a double quote is not closed. Look at this row in a text editor."),
            row + 1,
        ) from error


def _delimiter(source: Traversable, encoding: str) -> tuple[str, list[list[str]]]:
    """The delimiter that parts the first rows most evenly, and those rows."""
    best: tuple[tuple[float, int], str, list[list[str]]] = ((-1.0, 0), ",", [])
    failed: DataProblem | None = None
    for delimiter in DELIMITERS:
        try:
            with source.open("rb") as stream, _text(stream, encoding) as text:
                records = itertools.islice(_records(text, delimiter, source.name), MOST_BLANK)
                rows = list(itertools.islice((record for _, record in records if record), SAMPLE_ROWS))
        except DataProblem as problem:
            failed = failed or problem
            continue
        width = len(rows[0]) if rows else 1
        even = sum(len(row) == width for row in rows) / max(len(rows), 1)
        best = max(best, ((even if width > 1 else 0.0, width), delimiter, rows), key=lambda found: found[0])
    if failed is not None and best[0][0] <= 0:
        raise failed
    return best[1], best[2]


def _header(first: list[str], least: int) -> tuple[tuple[str, ...], bool]:
    """The names of the columns, and whether the first row holds them."""
    if len(first) > MAX_COLUMNS:
        raise DataProblem(
            Message("The table has {n:,} columns.", n=len(first)),
            Message("At most {most:,} are possible; take out the ones that do not matter.", most=MAX_COLUMNS),
        )
    if len(first) < least:
        raise DataProblem(
            Message("The table has one column only."),
            Message("Columns are parted by a comma, a semicolon, a tab or |; one for features and one for the target."),
        )
    values = [number(cell) for cell in first]
    if 2 * sum(value is not None and value == value for value in values) >= len(first):
        return tuple(f"column_{place}" for place in range(1, len(first) + 1)), False
    names = tuple(cell.strip() or f"column_{place}" for place, cell in enumerate(first, 1))
    twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
    if twice is not None:
        raise DataProblem(
            Message("Two columns are named {name!r}.", name=twice),
            Message("Give every column a name of its own."),
            1,
            twice,
        )
    return names, True


def _decimal(rows: list[list[str]], delimiter: str) -> str:
    """A comma, where the first rows have numbers such as 3,14 and none such as 3.14."""
    if delimiter == ",":
        return "."
    cells = [cell for row in rows for cell in row]
    points = any("." in cell and number(cell) is not None for cell in cells)
    commas = any(cell.count(",") == 1 and number(cell) is None and number(cell, ",") is not None for cell in cells)
    return "," if commas and not points else "."
