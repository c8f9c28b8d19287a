"""demo: the digits example, in the window or, without a display, into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.usage import Parser, add_json


def arguments(parser: Parser) -> None:
    """[--out DIR]"""
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("out"), help="the folder to fill, where there is no display"
    )
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Open the window on the digits example, or do its job."""
    return doors.demo(args.out, console)
