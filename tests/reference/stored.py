"""What Keras computed, read from `keras/<family>.npz` by case."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from tests.reference.case import Case
from tests.reference.cases import FAMILIES

HERE = Path(__file__).parent
FOLDER = HERE / "keras"


@cache
def _all() -> dict[str, dict[str, np.ndarray]]:
    found: dict[str, dict[str, np.ndarray]] = {}
    for family in FAMILIES:
        with np.load(FOLDER / f"{family}.npz", allow_pickle=False) as file:
            for i, name in enumerate(file["names"]):
                case, _, array = str(name).partition("|")
                found.setdefault(case, {})[array] = file[str(i)]
    return found


def stored(case: Case) -> dict[str, np.ndarray]:
    """The arrays of one case: `x0`, `weight NAME`, `inference`, `training`, `after NAME`; none where it is missing."""
    return _all().get(case.name, {})


@cache
def kept(file: str) -> dict[str, dict[str, np.ndarray]]:
    """The arrays of `file`.npz by the thing they are of, then by their own names."""
    found: dict[str, dict[str, np.ndarray]] = {}
    with np.load(HERE / f"{file}.npz", allow_pickle=False) as arrays:
        for key in arrays.files:
            of, _, name = key.partition("|")
            found.setdefault(of, {})[name] = arrays[key]
    return found
