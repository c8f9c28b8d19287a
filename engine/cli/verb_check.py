"""check: shapes, parameters and problems of a project."""

from __future__ import annotations

import argparse
from typing import Any

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.data import facts_of
from engine.cli.projects import open_project, told
from engine.cli.usage import Parser, add_json
from graph.check import check
from graph.infer import Inference
from graph.message import plural
from graph.shapes import Shape, shape_text


def arguments(parser: Parser) -> None:
    """PROJECT"""
    parser.add_argument("project", metavar="PROJECT", help="a .netloom file, or the name of a template")
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Say everything that can be said before training; 1 where there are errors."""
    opened = open_project(args.project)
    project = told(opened, console)
    facts, trouble = facts_of(opened)
    found = check(project, facts)
    inference = found.inference
    for name in project.network.order:
        inferred = inference.layers[name]
        console.event(
            "layer",
            name=name,
            type=project.network.layers[name].key,
            input_shape=_one_or_all(inferred.inputs),
            output_shape=_one_or_all(inferred.outputs or ()),
            params=inferred.parameters,
            macs=inferred.macs,
        )
    _table(inference, console)
    problems = [*trouble, *found.problems]
    for problem in problems:
        console.problem(problem)
    errors, warnings = len(found.errors) + len(trouble), len(found.warnings)
    console.event(
        "checked",
        params=inference.parameters,
        trainable=inference.trainable_parameters,
        errors=errors,
        warnings=warnings,
    )
    console.say(f"{plural(errors, 'error')}, {plural(warnings, 'warning')}.")
    return 1 if errors else 0


def _table(inference: Inference, console: Console) -> None:
    layers = inference.network.layers
    rows = []
    for name in inference.network.order:
        inferred = inference.layers[name]
        shape = ", ".join(shape_text(one) for one in inferred.outputs or ()) or "?"
        rows.append((name, layers[name].key, shape, f"{inferred.parameters:,}", f"{inferred.macs:,}"))
    console.table(("layer", "type", "output", "parameters", "multiply-adds"), rows, right=(3, 4))
    console.say()
    console.say(
        f"{plural(len(rows), 'layer')}, {plural(inference.parameters, 'parameter')} "
        f"({inference.trainable_parameters:,} trainable), {plural(inference.macs, 'multiply-add')} a sample"
    )


def _one_or_all(shapes: tuple[Shape, ...]) -> Any:
    """The shape where there is one, all of them where there are several, None where none is known."""
    return None if not shapes else shapes[0] if len(shapes) == 1 else shapes
