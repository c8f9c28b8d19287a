"""The networks whose outputs have penalties, for Keras to train and for us to be held against."""

from __future__ import annotations

from graph.regularizers import L1, L1L2, L2, OrthogonalRegularizer, Regularizer

STEPS = 20
REGULARIZERS: dict[str, Regularizer] = {
    "l1": L1(0.05),
    "l2": L2(0.04),
    "both": L1L2(0.02, 0.03),
    "rows": OrthogonalRegularizer(0.1),
    "columns": OrthogonalRegularizer(0.1, "columns"),
}
NETWORKS = {"a": ("l1", "l2"), "b": ("both", "rows"), "c": ("columns", "both")}
"""The penalties of both layers of each network."""
