"""The files a report can be written to, by their ending; the window knows one more than the engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.report.gather import Report
from engine.report.page import page
from graph.atomic import write_atomically
from graph.message import Message
from graph.problem import FileProblem

Writer = Callable[[Report], bytes]


def html(report: Report) -> bytes:
    """The page as one file of HTML."""
    return page(report).encode(errors="replace")


writers: dict[str, Writer] = {".html": html, ".htm": html}


def write(report: Report, path: Path) -> None:
    """Write a report in the format its ending stands for. Raises FileProblem where there is none, or writing fails."""
    write_atomically(path, writer_for(path)(report))


def writer_for(path: Path) -> Writer:
    """What makes the content of such a file. Raises FileProblem where the ending stands for nothing."""
    found = writers.get(path.suffix.lower())
    if found is None:
        raise FileProblem(
            Message("The ending of {name} stands for no kind of report.", name=path.name),
            Message("Use one of {endings}.", endings=", ".join(writers)),
        )
    return found
