"""The registry of files that can be imported: each ending has a function that makes a project of it, with weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.formats.exporter import Note, OptimizerState
from engine.kernel import Array
from graph.message import Message
from graph.problem import FileProblem
from graph.project import Project


@dataclass(frozen=True)
class Imported:
    """What was read: the project, its weights by name, and what a person should know of it."""

    project: Project
    weights: Mapping[str, Array] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    optimizer: OptimizerState | None = None
    """Where its training stopped."""

    @property
    def notices(self) -> tuple[Message, ...]:
        """The notes as sentences, each with the layer that it is about."""
        said = [Message("{name}: {text}", name=one.node, text=one.text) if one.node else one.text for one in self.notes]
        return tuple(said)


Importer = Callable[[Path], Imported]

importers: dict[str, Importer] = {}
"""By the ending of the file."""


def importer(*endings: str) -> Callable[[Importer], Importer]:
    """A decorator: this function reads files with these endings. It raises FileProblem for one that it cannot read."""

    def decorate(read: Importer) -> Importer:
        importers.update(dict.fromkeys(endings, read))
        return read

    return decorate


def read_import(path: Path) -> Imported:
    """The project in a file of another program. Raises FileProblem where its kind is not known, or it is damaged."""
    read = importers.get(path.suffix.lower())
    if read is None:
        raise FileProblem(
            Message("{path} is nothing that can be imported.", path=str(path)),
            Message("Name a file that ends in {endings}.", endings=", ".join(importers)),
        )
    return read(path)
