"""formats: what a project can be exported to."""

from __future__ import annotations

import argparse

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.usage import Parser, add_json
from engine.formats import exporters


def arguments(parser: Parser) -> None:
    """No more than --json."""
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """List the formats."""
    doors.pictures()
    rows = []
    for one in exporters.values():
        console.event("format", name=one.name, title=one.title, endings=one.endings, needs_weights=one.needs_weights)
        rows.append((one.name, " ".join(one.endings), "weights" if one.needs_weights else "", str(one.description)))
    console.table(("format", "endings", "needs", "what it is"), rows)
    return 0
