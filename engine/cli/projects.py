"""The PROJECT of a command line: a project file, the name of a template, or a CSV file to fit a network to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.cli.console import Console
from engine.cli.usage import UsageError
from graph.message import Message
from graph.names import did_you_mean
from graph.problem import FileProblem
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


def from_template(name: str, data: Path | None = None) -> Opened:
    """A new project from a template. Raises UsageError for a name that is none."""
    from engine.templates import make

    if name not in template_names():
        near = did_you_mean(name, template_names())
        said = f"Did you mean {near}?" if near else f"The templates are {', '.join(template_names())}."
        raise UsageError(f"There is no template named {name!r}.", said)
    project, assumed = make(name, data)
    return Opened(project, data.stem if data is not None else name, Path.cwd(), None, assumed)


def template_names() -> tuple[str, ...]:
    """The name of every template."""
    from engine.templates import templates

    return tuple(template.name for template in templates())


def no_project(word: str) -> UsageError:
    """What to say of a word that names no project, with the nearest file or template."""
    path = Path(word)
    if path.is_dir():
        return UsageError(f"{word} is a folder.", f"Name a {SUFFIX} file in it.")
    folder = path.parent
    files = [str(folder / one.name) for one in folder.glob(f"*{SUFFIX}")] if folder.is_dir() else []
    near = did_you_mean(word, [*files, *template_names()])
    names = ", ".join(template_names())
    hint = f"Did you mean {near}?" if near else f"Name a {SUFFIX} file, or a template: {names}."
    return UsageError(f"There is no project {word}.", hint)


def told(opened: Opened, console: Console) -> Project:
    """The project, after saying what is worth knowing about it."""
    for notice in opened.notices:
        console.event("notice", text=notice)
        console.note(str(notice))
    return opened.project


def no_folder(path: Path) -> FileProblem:
    """What to say of a folder that cannot be made."""
    return FileProblem(
        Message("{path} cannot be a folder: a file stands there.", path=str(path)),
        Message("Choose another folder with --out."),
    )
