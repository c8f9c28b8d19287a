"""What Keras computed, read from `keras.npz` by case."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from tests.reference.cases import Case

PATH = Path(__file__).with_name("keras.npz")


@cache
def _all() -> dict[str, np.ndarray]:
    with np.load(PATH, allow_pickle=False) as file:
        return {str(name): file[str(i)] for i, name in enumerate(file["names"])}


def stored(case: Case) -> dict[str, np.ndarray]:
    """The arrays of one case: `x0`, `weight NAME`, `inference`, `training`, `after NAME`; none where it is missing."""
    return {name.split("|")[1]: array for name, array in _all().items() if name.split("|")[0] == case.name}
