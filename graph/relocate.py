"""A data file that is named by its way from the project file: another way to it, from where the project is now."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from graph.datasets import CsvFile, NpzFile
from graph.project import Project


def relocated(project: Project, before: Path, after: Path) -> Project:
    """The project for a file in the folder `after` that was for one in `before`: its data stays where it is."""
    source = project.data.source
    if not isinstance(source, CsvFile | NpzFile):
        return project
    path = moved(source.path, before, after)
    if path == source.path:
        return project
    return replace(project, data=replace(project.data, source=source.with_(path=path)))


def moved(path: str, before: Path, after: Path) -> str:
    """A way to the same file from the folder `after`; one that starts at the root or at home stays as it is."""
    if not path or before == after or path.startswith("~") or Path(path).is_absolute():
        return path
    file = os.path.abspath(before / path)
    try:
        return Path(os.path.relpath(file, after)).as_posix()
    except ValueError:  # another drive
        return file
