"""The PROJECT of a command line: a project file, the name of a template, or a CSV file to fit a network to."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from engine.cli.console import Console
from engine.cli.usage import UsageError
from graph.datasets import CsvFile
from graph.message import Message
from graph.names import did_you_mean
from graph.project import Project
from graph.serialize import SUFFIX, load


@dataclass(frozen=True)
class Opened:
    """A project, the name it goes by, the folder its relative paths start at, and what is worth knowing about it."""

    project: Project
    name: str
    base: Path
    file: Path | None = None
    notices: tuple[Message, ...] = ()


def open_project(word: str, data: Path | None = None) -> Opened:
    """Open what `word` names. `data` is the CSV file that a template is to fit itself to.

    Raises UsageError where nothing is named so, FileProblem or DataProblem where it cannot be read.
    """
    path = Path(word)
    if path.suffix.lower() == ".csv" and path.is_file():
        return from_template("tabular", path)
    if path.is_file():
        loaded = load(path)
        return Opened(loaded.project, path.stem, path.resolve().parent, path, loaded.notices)
    if word in template_names() and not path.exists():
        return from_template(word, data if word == "tabular" else None)
    raise no_project(word)


def from_template(name: str, data: Path | None = None, folder: Path | None = None) -> Opened:
    """A new project from a template, its paths relative to `folder`. Raises UsageError for a name that is none."""
    from engine.templates import make

    if name not in template_names():
        near = did_you_mean(name, template_names())
        said = f"Did you mean {near}?" if near else f"The templates are {', '.join(template_names())}."
        raise UsageError(f"There is no template named {name!r}.", said)
    if data is not None:
        require_file(data)
    base = (folder or Path()).resolve()
    project, assumed = make(name, data)
    if data is not None and isinstance(project.data.source, CsvFile):
        source = CsvFile(path=relative(data.resolve(), base))
        project = replace(project, data=project.data.with_(source=source))
    return Opened(project, data.stem if data is not None else name, base, None, assumed)


def relative(path: Path, base: Path) -> str:
    """`path` as seen from the folder `base`; unchanged where they lie on different drives."""
    try:
        return os.path.relpath(path, base)
    except ValueError:
        return str(path)


def require_file(path: Path) -> Path:
    """`path`, where a file stands there. Raises UsageError otherwise, with the nearest file beside it."""
    if path.is_file():
        return path
    beside = [str(one) for one in path.parent.iterdir() if one.is_file()] if path.parent.is_dir() else []
    near = did_you_mean(str(path), beside)
    what = f"{path} is no file." if path.exists() else f"There is no file {path}."
    if path.is_dir():
        what = f"{path} is a folder."
    raise UsageError(what, f"Did you mean {near}?" if near else "Check the path.")


def template_names() -> tuple[str, ...]:
    """The name of every template."""
    from engine.templates import templates

    return tuple(template.name for template in templates())


def no_project(word: str) -> UsageError:
    """What to say of a word that names no project, with the nearest file or template."""
    path = Path(word)
    if not word:
        return UsageError("The project has no name.", f"Name a {SUFFIX} file, a CSV file, or a template.")
    if path.exists() and not path.is_file() and not path.is_dir():
        return UsageError(f"{word} is a device or a pipe.", "Name a file.")
    if path.is_dir():
        return UsageError(f"{word} is a folder.", f"Name a {SUFFIX} file in it.")
    folder = path.parent
    files = [str(folder / one.name) for end in (SUFFIX, ".csv") for one in folder.glob(f"*{end}")]
    near = did_you_mean(word, [*files, *template_names()])
    names = ", ".join(template_names())
    hint = f"Did you mean {near}?" if near else f"Name a {SUFFIX} file, a CSV file, or a template: {names}."
    return UsageError(f"There is no project {word}.", hint)


def told(opened: Opened, console: Console) -> Project:
    """The project, after saying what is worth knowing about it."""
    for notice in opened.notices:
        console.event("notice", text=notice)
        console.note(str(notice))
    return opened.project
