"""What we declare, by the name that Keras has for it."""

from __future__ import annotations

from typing import Any

from graph.activations import activations
from graph.constraints import constraints
from graph.declare import Declared, Registry
from graph.initializers import initializers
from graph.layers import layers
from graph.losses import losses
from graph.metrics import metrics
from graph.optimizers import optimizers
from graph.regularizers import regularizers
from graph.schedules import schedules

KINDS: dict[str, Registry[Any]] = {
    "layer": layers,
    "loss": losses,
    "optimizer": optimizers,
    "metric": metrics,
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
    "schedule": schedules,
    "activation": activations,
}
REQUIRED = "(required)"
CLASSES = {"roc_auc": "AUC", "f2_score": "FBetaScore", "r2_score": "R2Score", "auc": "AUC"}


def keras_name(cls: type[Declared]) -> str:
    """The name of Keras's class, or of its function for an activation."""
    if cls.__module__ == "graph.activations":
        return cls.key
    return CLASSES.get(cls.key, cls.__name__.removesuffix("Metric"))
