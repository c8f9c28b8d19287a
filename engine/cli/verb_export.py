"""export: the network or its weights for other programs."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.data import facts_of
from engine.cli.projects import open_project, told
from engine.cli.usage import Parser, UsageError, add_json
from engine.cli.weights import read_trained
from engine.formats import for_file, make, named, work_on
from engine.formats.exporter import Exporter, chosen_options
from engine.formats.verify import verify
from engine.runs import ABOUT, open_run
from graph.problem import FileProblem

WEIGHTS_HELP = (
    "trained weights (.safetensors, .npz, .weights.h5), or the state.safetensors of a run, to take the optimizer along"
)


def arguments(parser: Parser) -> None:
    """PROJECT OUT [--weights FILE] [--format F] [--option NAME=VALUE]"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, or the name of a template")
    parser.add_argument("out", metavar="OUT", type=Path, help="the file to write; its ending is the format")
    parser.add_argument("--weights", metavar="FILE", type=Path, help=WEIGHTS_HELP)
    parser.add_argument("--format", metavar="F", help="a name that `netloom formats` lists")
    parser.add_argument(
        "--option", metavar="NAME=VALUE", action="append", default=[], help="an option of the format, such as opset=21"
    )
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Write the file."""
    chosen = _chosen(args.out, args.format, doors)
    opened = open_project(args.project)
    project = told(opened, console)
    facts, trouble = facts_of(opened)
    for problem in trouble:
        console.note(f"{problem.text} {problem.hint}")
    options = chosen_options(chosen, dict(one.split("=", 1) if "=" in one else (one, "true") for one in args.option))
    work = replace(work_on(project, args.out.stem, None, facts), options=options)
    if args.weights is not None:
        weights, optimizer = read_trained(args.weights, work.inference)
        run = args.weights.parent
        preparation = open_run(run).preparation if (run / ABOUT).is_file() else None
        work = replace(work, weights=weights, optimizer=optimizer, preparation=preparation)
    files = make(chosen, work)
    for note in files.notes:
        console.event("note", node=note.node, text=note.text)
        console.note(f"{note.node}: {note.text}" if note.node else note.text)
    paths = files.write(args.out)
    sizes = (len(files.content), *map(len, files.beside.values()))
    for path, size in zip(paths, sizes, strict=True):
        console.event("written", path=str(path), format=chosen.name, bytes=size)
        console.say(f"{path} is written: {chosen.title}, {size:,} bytes.")
    verdict = verify(chosen.name, args.out, work)
    if verdict is None:
        return 0
    console.event("verified", same=verdict.same, text=verdict.text)
    (console.say if verdict.same else console.complain)(verdict.text)
    return 0 if verdict.same else 1


def _chosen(out: Path, format: str | None, doors: Doors) -> Exporter:
    """The format that is asked for. The pictures are made known only if it is none of the others: Qt loads slowly."""
    try:
        return for_file(out.name) if format is None else named(format)
    except FileProblem:
        doors.pictures()
    try:
        return for_file(out.name) if format is None else named(format)
    except FileProblem as error:
        raise UsageError(error.text, error.hint) from None
