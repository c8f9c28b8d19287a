"""import: a project from a graph of another program."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.projects import Opened, told
from engine.cli.usage import Parser, UsageError, add_json
from engine.cli.verb_new import refuse_replacing, with_suffix
from graph.arrange import with_positions
from graph.formats import from_node_link
from graph.json_text import LARGEST_TEXT
from graph.message import Message, plural
from graph.problem import FileProblem
from graph.serialize import SUFFIX, save


def arguments(parser: Parser) -> None:
    """FILE OUT.netloom"""
    parser.add_argument("file", metavar="FILE", type=Path, help="a graph in node-link JSON")
    parser.add_argument("out", metavar=f"OUT{SUFFIX}", type=Path, help="the project file to write")
    parser.add_argument("--force", action="store_true", help="replace a file that is there already")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Read the graph and write the project."""
    out = with_suffix(args.out)
    refuse_replacing(out, args.force)
    if not args.file.is_file():
        raise UsageError(f"There is no file {args.file}.", "Name a .json file in node-link form.")
    if args.file.suffix.lower() != ".json":
        raise UsageError(f"{args.file} is no graph that can be imported.", "Name a .json file in node-link form.")
    loaded = from_node_link(text_of(args.file))
    project = told(Opened(loaded.project, out.stem, out.parent, None, loaded.notices), console)
    save(with_positions(project), out)
    console.event("written", path=str(out), format="netloom", layers=len(project.network.layers))
    console.say(f"{out} is written: {plural(len(project.network.layers), 'layer')}. Open it with: netloom {out}")
    return 0


def text_of(path: Path) -> str:
    """The text of a file that is not larger than a graph can be."""
    if path.stat().st_size > LARGEST_TEXT:
        raise FileProblem(
            Message("{path} is larger than {limit} MB.", path=str(path), limit=LARGEST_TEXT >> 20),
            Message("Check that this is the right file."),
        )
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise FileProblem(
            Message("{path} is not UTF-8 text.", path=str(path)), Message("Check that this is the right file.")
        ) from None
