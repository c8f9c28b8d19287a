"""export: the network or its weights for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.data import facts_of
from engine.cli.projects import open_project, told
from engine.cli.usage import Parser, UsageError, add_json
from engine.formats import exporters, for_file, make, named, work_on
from engine.formats.exporter import Exporter
from engine.formats.weights import check_weights, read_weights
from engine.parameters import layout
from graph.atomic import write_atomically

PICTURES = (".svg", ".png")


def arguments(parser: Parser) -> None:
    """PROJECT OUT [--weights FILE] [--format F]"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, or the name of a template")
    parser.add_argument("out", metavar="OUT", type=Path, nargs="?", help="the file to write; its ending is the format")
    parser.add_argument("--weights", metavar="FILE", type=Path, help="trained weights (.safetensors or .npz)")
    parser.add_argument("--format", metavar="F", help="the format, where the ending does not say it")
    parser.add_argument("--list", action="store_true", help="list the formats and stop")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Write the file."""
    if args.list or _is_picture(args.out, args.format):
        doors.pictures()
    if args.list:
        return _list(console)
    if args.out is None:
        raise UsageError("OUT is missing.", "Name the file to write, such as network.py or weights.npz.")
    chosen = for_file(args.out.name) if args.format is None else named(args.format)
    opened = open_project(args.project)
    project = told(opened, console)
    facts, trouble = facts_of(opened)
    for problem in trouble:
        console.note(f"{problem.text} {problem.hint}")
    weights = None if args.weights is None else read_weights(args.weights)
    work = work_on(project, opened.name, weights, facts)
    if weights is not None:
        check_weights(weights, tuple(layout(work.inference)), args.weights.name)
    content = make(chosen, work)
    write_atomically(args.out, content)
    console.event("written", path=str(args.out), format=chosen.name, bytes=len(content))
    console.say(f"{args.out} is written: {chosen.title}, {len(content):,} bytes.")
    return 0


def _is_picture(out: Path | None, format: str | None) -> bool:
    ending = f".{format}" if format else out.suffix.lower() if out else ""
    return ending in PICTURES


def _list(console: Console) -> int:
    rows = []
    for one in exporters.values():
        console.event("format", name=one.name, title=one.title, endings=one.endings, needs_weights=one.needs_weights)
        rows.append((one.name, " ".join(one.endings), _needs(one), str(one.description)))
    console.table(("format", "endings", "needs", "what it is"), rows)
    return 0


def _needs(one: Exporter) -> str:
    return "weights" if one.needs_weights else ""
