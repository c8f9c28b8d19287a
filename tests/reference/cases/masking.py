"""Layers that make masks; what those behind them do with the masks is held against Keras in `test_masks`."""

from __future__ import annotations

from graph.layers.core import Embedding
from graph.layers.masking import Masking
from tests.reference.case import case

CASES = (
    case(Masking(), (4, 3)),
    case(Masking(mask_value=-1.5), (5,)),
    case(Masking(), (2, 3, 2)),
    case(Embedding(4, 3, mask_zero=True), (6,)),
)
