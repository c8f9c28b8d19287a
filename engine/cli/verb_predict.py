"""predict: the network's output for every sample of a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.predictions import ENDINGS, content
from engine.cli.projects import open_project, require_file, told
from engine.cli.trained import of_run, samples
from engine.cli.usage import Parser, UsageError, add_json
from graph.atomic import write_atomically
from graph.message import plural


def arguments(parser: Parser) -> None:
    """PROJECT --weights FILE --data FILE --out FILE"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, or the name of a template")
    parser.add_argument("--weights", metavar="FILE", type=Path, required=True, help="trained weights")
    parser.add_argument("--data", metavar="FILE", type=Path, required=True, help="samples (.csv or .npz)")
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="what to write (.csv, .npy or .npz)")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Write one row for each sample, in the order of the data."""
    if args.out.suffix.lower() not in ENDINGS:
        raise UsageError(f"{args.out} has no ending that is known.", f"Use one of {', '.join(ENDINGS)}.")
    opened = open_project(args.project)
    told(opened, console)
    trained = of_run(opened, require_file(args.weights), console)
    fresh = samples(trained, require_file(args.data), console)
    outputs = trained.predict(fresh.inputs)
    if args.out.suffix.lower() == ".npy" and len(outputs) > 1:
        raise UsageError(f"{args.out} holds one array, but there are {len(outputs)} outputs.", "Write an .npz file.")
    write_atomically(args.out, content(outputs, trained, args.out.suffix.lower()))
    console.event("predicted", samples=fresh.samples, outputs=list(outputs), path=str(args.out))
    console.say(f"{args.out} is written: {plural(fresh.samples, 'sample')}.")
    return 0
