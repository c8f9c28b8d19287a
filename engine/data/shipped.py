"""The data sets that come with the program, in `resources/data`."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

from engine.data.csv_file import read_table
from engine.data.samples import Samples, digest_of
from engine.data.sources import Request, loader
from graph.datasets import BreastCancer, DataFacts, Dataset, Diabetes, Digits, Iris, TargetFacts, Wine

INK = 16.0
"""The darkest value of a digit's pixel in the file."""


def shipped(name: str) -> Traversable:
    """A file of `resources/data`."""
    return files("resources").joinpath("data", name)


@loader(Digits)
def load_digits(declared: Digits, request: Request) -> Samples:
    """Grey values from 0 to 1."""
    with shipped("digits.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        raw = {name: stored[name] for name in ("x", "y")}
    facts = DataFacts(
        len(raw["x"]),
        {"x": (None, 8, 8, 1)},
        {"y": TargetFacts("classes", (None,), tuple(map(str, range(10))))},
    )
    x = raw["x"].astype(np.float32) / np.float32(INK)
    return Samples({"x": x}, {"y": raw["y"].astype(np.int32)}, facts, digest_of(raw), scales={"x": INK})


@loader(Iris)
@loader(Wine)
@loader(BreastCancer)
@loader(Diabetes)
def load_table(declared: Dataset, request: Request) -> Samples:
    """A shipped table, read like any other."""
    return read_table(shipped(f"{declared.key}.csv"), request.recipe.columns, request.progress)
