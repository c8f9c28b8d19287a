"""The door of the data side: from a recipe to samples. Importing it fills the table of loaders."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from engine.data import csv_file, generated, npz_file, reviews, shipped
from engine.data.problem import DataProblem, Progress
from engine.data.samples import Samples
from engine.data.sources import Request, loaders
from graph.message import Message
from graph.recipe import DataRecipe

__all__ = ["csv_file", "generated", "load", "npz_file", "reviews", "shipped"]


def load(
    recipe: DataRecipe,
    base: Path | None = None,
    *,
    inputs: Collection[str] = (),
    outputs: Collection[str] = (),
    progress: Progress | None = None,
) -> Samples:
    """The samples a recipe names.

    `base` is the folder of the project file, where relative paths start. `inputs` and `outputs` are the network's
    names; only an NPZ file with several inputs or outputs needs them. Raises DataProblem for data that cannot be used,
    and whatever `progress` raises.
    """
    if recipe.source is None:
        raise DataProblem(Message("No data is chosen."), Message("Choose a data set, or open a CSV or NPZ file."))
    return loaders[type(recipe.source)](recipe.source, Request(recipe, base, inputs, outputs, progress))
