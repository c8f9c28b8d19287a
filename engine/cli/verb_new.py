"""new: a project file from a template."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.projects import from_template, told
from engine.cli.usage import Parser, UsageError, add_json
from graph.serialize import SUFFIX, save


def arguments(parser: Parser) -> None:
    """TEMPLATE OUT.netloom [--data FILE]"""
    parser.add_argument("template", metavar="TEMPLATE", help="a name that `netloom templates` lists")
    parser.add_argument("out", metavar=f"OUT{SUFFIX}", type=Path, help="the project file to write")
    parser.add_argument("--data", metavar="FILE", type=Path, help="the CSV file that the template tabular is fitted to")
    parser.add_argument("--force", action="store_true", help="replace a file that is there already")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Write the project."""
    out = with_suffix(args.out)
    refuse_replacing(out, args.force)
    opened = from_template(args.template, args.data, out.parent)
    project = told(opened, console)
    save(project, out)
    console.event("written", path=str(out), format="netloom")
    console.say(f"{out} is written. Open it with: netloom {out}")
    return 0


def with_suffix(path: Path) -> Path:
    """`path` with the ending of project files, where it has none."""
    if not path.name:
        raise UsageError(f"{path} is a folder.", f"Name the file to write, such as my{SUFFIX}.")
    if path.suffix and path.suffix != SUFFIX:
        raise UsageError(f"{path} does not end in {SUFFIX}.", f"Write {path.with_suffix(SUFFIX)}.")
    return path.with_suffix(SUFFIX)


def refuse_replacing(path: Path, force: bool) -> None:
    """Raise UsageError where a file would be lost that nobody said may be."""
    if path.exists() and not force:
        raise UsageError(f"{path} is there already.", "Choose another name, or add --force to replace it.")
