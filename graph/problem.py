"""What is wrong with a user's work, as a value: where, what, how to mend it, and edits that do so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from graph.message import Message
from graph.project import Project


class Severity(StrEnum):
    """An error keeps the network from being trained; a warning is legal and probably wrong."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Fix:
    """One edit that mends a problem. `text` names it as a command, on its button and in the undo list."""

    text: Message
    edit: Callable[[Project], Project]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `node` is None where it concerns the whole project."""

    node: str | None
    text: Message
    hint: Message
    severity: Severity = Severity.ERROR
    port: str | None = None
    parameter: str | None = None
    fixes: tuple[Fix, ...] = ()


class FileProblem(Exception):
    """A file that cannot be read or written: what is wrong with it, and how to mend it, both for people."""

    def __init__(self, text: Message, hint: Message) -> None:
        self.text, self.hint = text, hint
        super().__init__(f"{text} {hint}")
