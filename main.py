"""The door: the command line, and the window."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.cli.console import Console


def main(words: Sequence[str] | None = None) -> int:
    """Do what the command line asks for and return its exit code."""
    from engine import blas

    blas.choose_core_type()  # before NumPy is imported, which reads the choice once

    from engine.cli.command import Doors, run

    return run(sys.argv[1:] if words is None else words, Doors(window, demo, pictures))


def window(project: str | None) -> int:
    """Open the window, on `project` if one is named."""
    from engine.cli.usage import UsageError
    from gui import system

    if not system.display():
        raise UsageError(
            "There is no display to open a window on.",
            "Use `netloom train PROJECT` or `netloom demo`; `netloom --help` lists what works without a window.",
        )
    if sys.platform.startswith("linux") and not os.environ.get("WAYLAND_DISPLAY"):
        _require(system.missing_for_x11())
    try:
        from gui import app
    except ImportError as error:
        _require([library] if (library := system.missing_library(error)) else [])
        raise
    return app.run([] if project is None else [project])


def demo(folder: Path, console: Console) -> int:
    """Open the window on the digits example; without a display, do its job and leave what it makes in `folder`."""
    from gui import system

    if system.display():
        return window("digits")
    console.note(f"There is no display, so the digits example is done without one, into {folder}.")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from gui import offscreen
    except ImportError as error:
        _require([library] if (library := system.missing_library(error)) else [])
        raise
    return offscreen.run(folder, console)


def pictures() -> None:
    """Make the picture formats known to the export."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import gui.pictures  # noqa: F401 - importing registers them


def _require(libraries: list[str]) -> None:
    """Raise UsageError where the system lacks libraries, with the packages that bring them."""
    from engine.cli.usage import UsageError
    from gui import system

    if libraries:
        first, *rest = system.how_to_install(libraries).split("\n")
        raise UsageError(first, "\n".join(rest).strip())


if __name__ == "__main__":
    sys.exit(main())
