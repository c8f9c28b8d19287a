"""import: a project from a model or a graph of another program."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.checkpoint import replace_file
from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.projects import Opened, told
from engine.cli.usage import Parser, UsageError, add_json
from engine.cli.verb_new import refuse_replacing, with_suffix
from engine.formats import exporters, make, work_on
from engine.formats.importer import importers, read_import
from engine.imported_run import stopped
from engine.runs import STATE
from graph.arrange import with_positions
from graph.message import plural
from graph.serialize import SUFFIX, save


def arguments(parser: Parser) -> None:
    """FILE OUT.netloom"""
    parser.add_argument("file", metavar="FILE", type=Path, help="a model of Keras or ONNX, or node-link JSON")
    parser.add_argument("out", metavar=f"OUT{SUFFIX}", type=Path, help="the project file to write")
    parser.add_argument("--force", action="store_true", help="replace files that are there already")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Read the file and write the project, and its weights beside it."""
    out = with_suffix(args.out)
    refuse_replacing(out, args.force)
    if not args.file.is_file():
        raise UsageError(f"There is no file {args.file}.", f"Name a file that ends in {', '.join(importers)}.")
    if args.file.suffix.lower() not in importers:
        raise UsageError(
            f"{args.file} is nothing that can be imported.", f"Name a file that ends in {', '.join(importers)}."
        )
    read = read_import(args.file)
    weights, state = out.with_suffix(".safetensors"), out.with_suffix(f".{STATE}")
    if read.weights:
        refuse_replacing(weights, args.force)
    if read.optimizer is not None:
        refuse_replacing(state, args.force)
    project = told(Opened(read.project, out.stem, out.parent, None, read.notices), console)
    layers = len(project.network.layers)
    if read.weights:
        make(exporters["safetensors"], work_on(project, out.stem, read.weights)).write(weights)
        console.event("written", path=str(weights), format="safetensors", weights=len(read.weights))
        console.say(f"{weights} is written: {plural(len(read.weights), 'weight')}.")
    if read.optimizer is not None:
        replace_file(state, stopped(read, read.optimizer, args.file.name))
        console.event("written", path=str(state), format="state", steps=read.optimizer.steps)
        console.say(f"{state} is written: the weights and the optimizer, after {plural(read.optimizer.steps, 'step')}.")
    save(with_positions(project), out)
    console.event("written", path=str(out), format="netloom", layers=layers)
    console.say(f"{out} is written: {plural(layers, 'layer')}. Open it with: netloom {out}")
    return 0
