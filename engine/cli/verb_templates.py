"""templates: what there is to begin with."""

from __future__ import annotations

import argparse

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.usage import Parser, add_json
from engine.templates import templates


def arguments(parser: Parser) -> None:
    """No more than --json."""
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """List the templates."""
    for template in templates():
        console.event("template", name=template.name, title=template.title, text=template.doc)
    console.table(("template", "what it is"), [(one.name, str(one.doc)) for one in templates()])
    return 0
