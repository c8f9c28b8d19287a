"""Bringing the runs of a project along to where the project is saved.

A run's description is copied last: a folder without one is no run, so a copy that was cut off is not taken for one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.checkpoint import replace_file
from engine.runs import ABOUT
from graph.message import Message
from graph.problem import FileProblem


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
                _copy(run, target / run.name)
                if not keep:
                    shutil.rmtree(run)
    except OSError as error:
        raise FileProblem(
            Message("The runs cannot be brought to {path}: {reason}.", path=str(target), reason=_reason(error)),
            Message("They are still in {path}. Save the project to a folder with room.", path=str(source)),
        ) from error


def _copy(run: Path, target: Path) -> None:
    shutil.copytree(run, target, ignore=shutil.ignore_patterns(ABOUT), dirs_exist_ok=True)
    replace_file(target / ABOUT, (run / ABOUT).read_bytes())


def _reason(error: OSError) -> str:
    """Why, in words; of the many errors of one copy the first."""
    if isinstance(error, shutil.Error) and error.args[0]:
        return str(error.args[0][0][2])
    return error.strerror or str(error)
