"""evaluate: what trained weights are worth."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.class_curves import ClassCurve
from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.projects import open_project, require_file, told
from engine.cli.trained import of_run, of_session, samples
from engine.cli.usage import Parser, add_json
from engine.cli.verb_train import prepared
from engine.figures import figures
from graph.message import plural


def arguments(parser: Parser) -> None:
    """PROJECT --weights FILE [--data FILE] [--curves]"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, or the name of a template")
    parser.add_argument("--weights", metavar="FILE", type=Path, required=True, help="trained weights")
    parser.add_argument("--data", metavar="FILE", type=Path, help="all samples of this .csv or .npz file")
    parser.add_argument("--curves", action="store_true", help="also the ROC and PR curve of each class")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Measure the test samples of the project's data, or all samples of a file."""
    opened = open_project(args.project)
    project = told(opened, console)
    require_file(args.weights)
    if args.data is None:
        session = of_session(prepared(project, opened, None, console), args.weights)
        logs, count = session.evaluate("test"), len(session.prepared.test)
        curves = session.curves() if args.curves else {}
    else:
        trained = of_run(opened, args.weights, console)
        fresh = samples(trained, require_file(args.data), console)
        logs, count = trained.evaluate(fresh), fresh.samples
        curves = trained.curves(fresh) if args.curves else {}
    console.event("evaluated", samples=count, metrics=logs)
    console.say(f"{plural(count, 'sample')}: {figures(logs)}")
    tell(curves, console)
    return 0


def tell(curves: Mapping[str, Sequence[ClassCurve]], console: Console) -> None:
    """Every curve as an event, for people the areas under them."""
    for output, found in curves.items():
        for one in found:
            points = {"x": one.x.tolist(), "y": one.y.tolist(), "thresholds": one.thresholds.tolist()}
            console.event("curve", output=output, name=one.name, kind=one.kind, area=one.area, **points)
        pairs = zip(found[::2], found[1::2], strict=True)
        rows = [(output, roc.name, f"{roc.area:.4f}", f"{pr.area:.4f}") for roc, pr in pairs]
        if rows:
            console.say()
            console.table(("output", "class", "AUC (ROC)", "average precision"), rows, right=(2, 3))
