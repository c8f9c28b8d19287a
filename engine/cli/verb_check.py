"""check: shapes, parameters and problems of a project."""

from __future__ import annotations

import argparse
from typing import Any

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.data import facts_of
from engine.cli.projects import open_project, told
from engine.cli.summary_table import summary_table
from engine.cli.usage import Parser, add_json
from graph.check import check
from graph.message import plural
from graph.shapes import Shape
from graph.summary import summarize


def arguments(parser: Parser) -> None:
    """PROJECT"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, or the name of a template")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Say everything that can be said before training; 1 where there are errors."""
    opened = open_project(args.project)
    project = told(opened, console)
    facts, trouble = facts_of(opened)
    found = check(project, facts)
    summary = summarize(found.inference)
    for row in summary.rows:
        console.event(
            "layer",
            name=row.name,
            type=row.type,
            input_shape=_one_or_all(row.inputs),
            output_shape=_one_or_all(row.outputs or ()),
            params=row.parameters,
            macs=row.macs,
            masked=row.masked,
        )
    summary_table(summary, console)
    problems = [*trouble, *found.problems]
    for problem in problems:
        console.problem(problem)
    errors, warnings = len(found.errors) + len(trouble), len(found.warnings)
    console.event(
        "checked",
        params=summary.parameters,
        trainable=summary.trainable,
        errors=errors,
        warnings=warnings,
    )
    console.say(f"{plural(errors, 'error')}, {plural(warnings, 'warning')}.")
    return 1 if errors else 0


def _one_or_all(shapes: tuple[Shape, ...]) -> Any:
    """The shape where there is one, all of them where there are several, None where none is known."""
    return None if not shapes else shapes[0] if len(shapes) == 1 else shapes
