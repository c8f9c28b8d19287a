"""Which editor a sample gets."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QWidget

from engine.data.samples import Samples
from gui.plots.thumbnail import is_image
from gui.training.sample_line import Line
from gui.training.sample_picture import Picture
from gui.training.sample_row import Row
from gui.training.sample_unseen import Unseen

SampleInput = Picture | Row | Line | Unseen
MOST_NUMBERS = 64


def input_for(samples: Samples, name: str, parent: QWidget) -> SampleInput:
    """The editor for one input of these samples."""
    x = samples.inputs[name]
    shape = x.shape[1:]
    if is_image(shape):
        return Picture(parent)
    if samples.features and len(shape) == 1:
        return Row(samples.features, parent)
    if int(np.prod(shape)) <= MOST_NUMBERS or (samples.words and x.dtype.kind == "i"):
        return Line(shape, samples.words if x.dtype.kind == "i" else (), parent)
    return Unseen(shape, parent)
