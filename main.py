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
    try:
        from engine import blas

        blas.choose_core_type()  # before NumPy is imported, which reads the choice once

        from engine.cli.command import Doors, run
    except KeyboardInterrupt:
        return 130
    return run(sys.argv[1:] if words is None else words, Doors(window, demo, pictures, trouble))


def window(project: str | None) -> int:
    """Open the window, on `project` if one is named."""
    from engine.cli.usage import UsageError

    why = trouble()
    if why:
        raise UsageError(why, "netloom --help lists what works without a window; netloom demo shows what there is.")
    from gui import app

    return app.run([] if project is None else [project])


def demo(folder: Path, console: Console) -> int:
    """Open the window on the digits example; without a display, do its job and leave what it makes in `folder`."""
    from gui import system

    if system.display():
        return window("digits")
    console.note(f"There is no display, so the digits example is done without one, into {folder}.")
    use_offscreen()
    from gui import offscreen

    return offscreen.run(folder, console)


def pictures() -> None:
    """Make known what Qt writes: pictures for the export, and reports as PDF."""
    use_offscreen()
    import gui.pictures
    import gui.report_pdf  # noqa: F401 - importing registers them


def use_offscreen() -> None:
    """Let Qt draw without a display. Raises UsageError where a library that it needs is missing."""
    from engine.cli.usage import UsageError
    from gui import system

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    missing = system.missing_for_qt()
    if missing:
        first, *rest = system.how_to_install(missing).split("\n")
        raise UsageError(first, "\n".join(rest).strip())


def trouble() -> str:
    """Why no window can be opened, with what mends it; "" where one can."""
    from gui import system

    if not system.display():
        return "There is no display to open a window on."
    missing = system.missing_for_qt()
    if not missing and sys.platform.startswith("linux") and not os.environ.get("WAYLAND_DISPLAY"):
        missing = system.missing_for_x11()
    return system.how_to_install(missing) if missing else ""


if __name__ == "__main__":
    sys.exit(main())
