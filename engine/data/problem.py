"""What can be wrong with data, told to the person who brought it."""

from __future__ import annotations

from collections.abc import Callable

from graph.message import Message
from graph.problem import FileProblem

Progress = Callable[[float], None]
"""Called now and then with the part that is done, 0 to 1. It may raise Cancelled to stop the work."""


def stretch(progress: Progress | None, start: float, end: float) -> Progress | None:
    """A hook for one of several steps, which are `start` to `end` of the whole."""
    if progress is None:
        return None
    return lambda part: progress(start + part * (end - start))


class Cancelled(Exception):
    """Raised by a progress hook to give the work up."""


class DataProblem(FileProblem):
    """Data that cannot be used: what is wrong, how to mend it, and in which row and column it stands.

    Rows count as a spreadsheet counts them: the header is row 1.
    """

    def __init__(self, text: Message, hint: Message, row: int | None = None, column: str | None = None) -> None:
        self.row, self.column = row, column
        super().__init__(text, hint)


def in_cell(row: int, column: str, said: Message, hint: Message) -> DataProblem:
    """A problem with one cell."""
    text = Message("row {row}, column {column!r}: {said}", row=row, column=column, said=said)
    return DataProblem(text, hint, row, column)
