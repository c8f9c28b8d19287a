"""The weights of samples: how much each counts in the loss, from a column of a table or an array of a file."""

from __future__ import annotations

import re

import numpy as np

from engine.data.problem import DataProblem
from engine.data.samples import Array
from graph.message import Message

NAME = re.compile(r"sample[_ ]?weights?", re.IGNORECASE)
"""What a column or an array is called that is taken for weights without being said so."""


def checked(name: str, values: Array) -> Array:
    """One weight a sample, float32. Raises DataProblem where they are no numbers from 0 up, or all 0."""
    if values.dtype.kind not in "biuf" or values.size != len(values):
        raise DataProblem(
            Message("The weights {name!r} are not one number a sample.", name=name),
            Message("Give one number for each sample, the larger the more it counts."),
            column=name,
        )
    with np.errstate(over="ignore"):
        weights = np.ascontiguousarray(values.reshape(-1), np.float32)
    wrong = np.flatnonzero(~(np.isfinite(weights) & (weights >= 0)))
    if len(wrong):
        raise DataProblem(
            Message(
                "The weights {name!r} have {value} in sample {sample:,}; expected a number of at least 0.",
                name=name,
                value=f"{values.reshape(-1)[wrong[0]]:g}",
                sample=int(wrong[0]),
            ),
            Message("A sample of weight 0 does not count; samples are counted from 0."),
            column=name,
        )
    if not weights.any():
        raise DataProblem(
            Message("The weights {name!r} are all 0, so no sample counts.", name=name),
            Message("Give the samples that are to be learnt from a weight above 0."),
            column=name,
        )
    return weights
