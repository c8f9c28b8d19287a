"""weights: those of another program onto a network that is there."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.data import facts_of
from engine.cli.projects import open_project, told
from engine.cli.usage import Parser, add_json
from engine.cli.verb_new import refuse_replacing
from engine.formats import for_file, make, work_on
from engine.formats.exporter import refuse_errors
from engine.formats.foreign.arrangements import arrangements
from engine.formats.foreign.matching import Matching, Why, completed, propose
from engine.formats.foreign.reading import read_arrays
from engine.formats.foreign.table import corrected, to_text
from engine.formats.weights import sizes_text
from graph.atomic import write_atomically
from graph.message import Message, plural
from graph.problem import FileProblem

BY = {
    Why.NAME: "by its name",
    Why.ONLY: "the only one that fits",
    Why.ORDER: "by its order",
    Why.CHOSEN: "by the table",
}


def arguments(parser: Parser) -> None:
    """PROJECT FILE [OUT] [--match TABLE] [--table TABLE] [--partial]"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, or the name of a template")
    parser.add_argument("file", metavar="FILE", type=Path, help="weights of another program (.safetensors, .npz, .h5)")
    parser.add_argument("out", metavar="OUT", type=Path, nargs="?", help="write the network's weights here")
    parser.add_argument("--match", metavar="TABLE", type=Path, help="a table that --table wrote and you corrected")
    parser.add_argument("--table", metavar="TABLE", type=Path, help="write which array is which weight, as JSON")
    parser.add_argument("--partial", action="store_true", help="weights that nothing is for begin as training begins")
    parser.add_argument("--force", action="store_true", help="replace files that are there already")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Say which array is which weight, and write the weights where that is asked for."""
    for path in (args.out, args.table):
        if path is not None:
            refuse_replacing(path, args.force)
    format = None if args.out is None else for_file(args.out.name)
    opened = open_project(args.project)
    project = told(opened, console)
    facts, _ = facts_of(opened)
    work = work_on(project, args.project, None, facts)
    refuse_errors(work.inference, for_file("w.safetensors"))
    matching = propose(work.inference, read_arrays(args.file))
    if args.match is not None:
        matching = corrected(matching, args.match)
    _tell(matching, console)
    if args.table is not None:
        write_atomically(args.table, to_text(matching).encode())
        console.event("written", path=str(args.table))
        console.say(f"{args.table} is written. Correct it, and give it with --match.")
    if format is None:
        return 1 if matching.missing else 0
    if matching.missing and not args.partial:
        raise FileProblem(
            Message("{file} has nothing for {weight}.", file=args.file.name, weight=matching.missing[0]),
            Message("Name its array in a table (--table, --match), or let it begin anew with --partial."),
        )
    weights = completed(matching, work.inference, project.training.seed)
    make(format, work_on(project, args.out.stem, weights, facts)).write(args.out)
    console.event("written", path=str(args.out), format=format.name, weights=len(matching.matches))
    console.say(f"{args.out} is written: {plural(len(matching.matches), 'weight')} of {args.file.name}.")
    return 0


def _tell(matching: Matching, console: Console) -> None:
    rows = []
    for slot in matching.slots:
        match, shape = matching.matches.get(slot.name), sizes_text(slot.shape)
        if match is None:
            console.event("missing", weight=slot.name, shape=slot.shape)
            rows.append((slot.name, shape, "nothing", "", ""))
            continue
        console.event(
            "match", weight=slot.name, shape=slot.shape, sources=match.sources, way=match.arrangement, by=match.why
        )
        shapes = ", ".join(sizes_text(matching.arrays[name].shape) for name in match.sources)
        way = str(arrangements[match.arrangement].title)
        rows.append((slot.name, shape, " + ".join(match.sources), shapes, f"{way}; {BY[match.why]}"))
    console.table(("weight", "shape", "from", "its shape", "how"), rows)
    for name in matching.unused:
        console.event("unused", array=name, shape=matching.arrays[name].shape)
    if matching.unused:
        console.say(f"Not used: {', '.join(matching.unused)}")
