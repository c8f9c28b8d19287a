"""Where samples come from, and how they become arrays a network can be trained on."""

from engine.data.csv_file import Preview, preview
from engine.data.fit import load_for
from engine.data.fresh import Fresh, from_rows, read
from engine.data.load import load
from engine.data.preparation import InputPreparation, Preparation, TargetPreparation
from engine.data.prepare import Part, Prepared, Wanted, class_counts, divided, prepare
from engine.data.problem import Cancelled, DataProblem, Progress
from engine.data.samples import Feature, Samples

__all__ = [
    "Cancelled",
    "DataProblem",
    "Feature",
    "Fresh",
    "InputPreparation",
    "Part",
    "Preparation",
    "Prepared",
    "Preview",
    "Progress",
    "Samples",
    "TargetPreparation",
    "Wanted",
    "class_counts",
    "divided",
    "from_rows",
    "load",
    "load_for",
    "prepare",
    "preview",
    "read",
]
