"""Bringing the runs of a project along to where the project is saved.

A run's description is copied last: a folder without one is no run, so a copy that was cut off is not taken for one.
A copy finds the data where the run found it, also where that was told by its way from the project file.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from engine.checkpoint import replace_file
from engine.runs import ABOUT
from graph.message import Message
from graph.problem import FileProblem
from graph.relocate import relocated
from graph.serialize import dumps, loads


def carry(source: Path, target: Path, keep: bool) -> None:
    """Move the runs in the folder `source` to the folder `target`, or copy them where `source` is to keep them.

    Those that `target` has already stay as they are. Raises FileProblem where that fails; every run is then still whole
    in one of the folders.
    """
    if not source.is_dir() or source == target:
        return
    try:
        for run in sorted(source.iterdir()):
            if (run / ABOUT).is_file() and not (target / run.name / ABOUT).exists():
                _copy(run, target / run.name, description(run, source.parent, target.parent if keep else source.parent))
                if not keep:
                    shutil.rmtree(run)
    except OSError as error:
        raise FileProblem(
            Message("The runs cannot be brought to {path}: {reason}.", path=str(target), reason=_reason(error)),
            Message("They are still in {path}. Save the project to a folder with room.", path=str(source)),
        ) from error


def description(run: Path, before: Path, after: Path) -> bytes:
    """The description of a run of a project in the folder `before`, for a project in `after`."""
    content = (run / ABOUT).read_bytes()
    try:
        about = json.loads(content)
        project = loads(json.dumps(about["project"])).project
    except (ValueError, LookupError, TypeError, FileProblem):
        return content
    moved = relocated(project, before, after)
    if moved is project:
        return content
    about["project"] = json.loads(dumps(moved))
    return json.dumps(about, ensure_ascii=False, indent=1).encode(errors="backslashreplace")


def _copy(run: Path, target: Path, about: bytes) -> None:
    shutil.copytree(run, target, ignore=shutil.ignore_patterns(ABOUT), dirs_exist_ok=True)
    replace_file(target / ABOUT, about)


def _reason(error: OSError) -> str:
    """Why, in words; of the many errors of one copy the first."""
    if isinstance(error, shutil.Error) and error.args[0]:
        return str(error.args[0][0][2])
    return error.strerror or str(error)
