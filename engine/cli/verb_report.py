"""report: a run, or a project that has none, on one page."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.projects import open_project, told
from engine.cli.usage import Parser, UsageError, add_json
from engine.cli.verb_train import default_folder
from engine.report import Report, report_of_newest, report_of_run
from engine.report.writers import write, writer_for, writers
from engine.runs import open_run
from graph.problem import FileProblem


def arguments(parser: Parser) -> None:
    """RUN_OR_PROJECT [-o FILE]"""
    parser.add_argument(
        "what", metavar="RUN_OR_PROJECT", help="the folder of a run, or a project, whose newest run is taken"
    )
    parser.add_argument(
        "-o", "--out", metavar="FILE", type=Path, default=Path("report.html"), help="a .html or a .pdf file"
    )
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Write the page."""
    if args.out.suffix.lower() not in writers:
        doors.pictures()
    try:
        writer_for(args.out)
    except FileProblem as error:
        raise UsageError(error.text, error.hint) from None
    try:
        report = _report(args.what, console)
    finally:
        console.clear()
    for text in report.left_out:
        console.event("notice", text=text)
        console.note(text)
    write(report, args.out)
    console.event("written", path=str(args.out), run=None if report.run is None else str(report.run.folder))
    console.say(f"{args.out} is written.")
    return 0


def _report(what: str, console: Console) -> Report:
    def progress(part: float) -> None:
        console.progress(part, "reading the data")

    folder = Path(what)
    if folder.is_dir():
        name = folder.resolve().parent.name.removesuffix(".runs")
        return report_of_run(open_run(folder), name, folder.resolve().parent.parent, progress)
    opened = open_project(what)
    project = told(opened, console)
    return report_of_newest(project, opened.name, opened.base, default_folder(opened), datetime.now(UTC), progress)
