"""doctor: versions, the BLAS kernel, and the names of what a report of a fault should say."""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import PackageNotFoundError, version

from engine import blas, fast
from engine.cli.command import Doors
from engine.cli.console import Console
from engine.cli.usage import Parser, add_json
from graph.version import VERSION

PACKAGES = ("numpy", "networkx", "PySide6-Essentials", "pyqtgraph", "safetensors", "threadpoolctl", "platformdirs")


def arguments(parser: Parser) -> None:
    """No more than --json."""
    add_json(parser)


def run(args: argparse.Namespace, console: Console, doors: Doors) -> int:
    """Print it."""
    facts = {
        "netloom": VERSION,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "blas": blas.describe(),
        **{name.lower(): installed(name) for name in PACKAGES},
        "numba": installed("numba") + (", compiled kernels are used" if fast.wanted() else ", NumPy computes all"),
        "window": doors.trouble() or "can be opened",
    }
    console.event("doctor", **facts)
    width = max(map(len, facts))
    for name, value in facts.items():
        console.say(f"{name.ljust(width)}  {value}")
    return 0


def installed(name: str) -> str:
    """The version of a package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
