"""Which function reads or makes which data set."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from engine.data.problem import DataProblem, Progress
from engine.data.samples import Samples
from graph.datasets import Dataset
from graph.message import Message
from graph.recipe import DataRecipe


@dataclass(frozen=True, slots=True)
class Request:
    """What a loader may need besides its declaration.

    `inputs` and `outputs` are the network's names, by which a file of named arrays knows which are which.
    """

    recipe: DataRecipe
    base: Path | None = None
    inputs: Collection[str] = ()
    outputs: Collection[str] = ()
    progress: Progress | None = None


Loader = Callable[[Any, Request], Samples]
L = TypeVar("L", bound=Loader)

loaders: dict[type[Dataset], Loader] = {}


def loader(kind: type[Dataset]) -> Callable[[L], L]:
    """A decorator: this function loads data sets of this kind."""

    def decorate(function: L) -> L:
        if kind in loaders:
            raise ValueError(f"{kind.__name__} has a loader already")
        loaders[kind] = function
        return function

    return decorate


def find(path: str, base: Path | None) -> Path:
    """The file a data set names; a relative path starts at `base`, the folder of the project file."""
    if not path:
        raise DataProblem(Message("No data file is chosen."), Message("Choose a CSV or NPZ file."))
    found = (base or Path()) / Path(path).expanduser()
    if found.is_dir():
        raise DataProblem(Message("{path} is a folder.", path=found), Message("Choose a file in it."))
    if not found.exists():
        raise DataProblem(
            Message("There is no data file {path}.", path=found), Message("Check the path, or choose another file.")
        )
    return found


def unreadable(source: Traversable, error: OSError) -> DataProblem:
    """The problem with a file that the system will not let us read."""
    reason = error.strerror or type(error).__name__
    return DataProblem(
        Message("{name} cannot be read: {reason}.", name=source.name, reason=reason),
        Message("Check that the file is there and that you may read it."),
    )
