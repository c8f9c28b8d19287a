"""Runs of projects that have no file: the names of their folders, where they are to go, and those that a crash left.

They lie beside the recovery files, each in a folder that is named after the process. A folder that is to follow its
project to a file says so in a note, so that what a crash cuts short can be done at the next start.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
import uuid
from pathlib import Path

from engine.checkpoint import replace_file
from gui.processes import alive
from gui.recovery import left_behind

TARGET = "target.json"
DAYS = 7
"""How long runs are kept that belong to no project any more."""


def new_folder(home: Path) -> Path:
    """A folder for the runs of a project without a file; it is not made yet."""
    return home / f"{os.getpid()}-{uuid.uuid4().hex[:8]}.runs"


def note_target(folder: Path, target: Path) -> None:
    """Write into a folder where its runs are to go."""
    with contextlib.suppress(OSError):
        replace_file(folder / TARGET, json.dumps({"target": str(target)}).encode())


def noted_target(folder: Path) -> Path | None:
    """Where the runs in a folder are to go, if that was written."""
    try:
        said = json.loads((folder / TARGET).read_text(encoding="utf-8"))["target"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Path(said) if isinstance(said, str) else None


def left_folders(home: Path) -> list[Path]:
    """The folders of processes that run no more, without those that belong to edits still to be restored."""
    waiting = {left.runs for left in left_behind(home)}
    found = []
    for folder in sorted(home.glob("*.runs")) if home.is_dir() else ():
        process = folder.name.split("-")[0]
        if folder not in waiting and process.isdecimal() and not alive(int(process)):
            found.append(folder)
    return found


def clear_old(folder: Path) -> None:
    """Remove a folder of runs that belong to no project, once nobody has asked for them for days."""
    with contextlib.suppress(OSError):
        if time.time() - folder.stat().st_mtime > DAYS * 86_400:
            shutil.rmtree(folder)
