"""The losses in every option, for Keras to compute and for us to be held against."""

from __future__ import annotations

from graph.declare import Declared
from graph.losses import (
    BinaryCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalCrossentropy,
    CategoricalFocalCrossentropy,
    Huber,
    Loss,
    SparseCategoricalCrossentropy,
    losses,
)

LOSSES: tuple[Loss, ...] = (
    *(declared() for declared in losses),
    Huber(delta=0.3),
    BinaryCrossentropy(from_logits=True),
    BinaryCrossentropy(label_smoothing=0.2),
    BinaryCrossentropy(from_logits=True, label_smoothing=0.1),
    CategoricalCrossentropy(from_logits=True),
    CategoricalCrossentropy(label_smoothing=0.2),
    CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
    SparseCategoricalCrossentropy(from_logits=True),
    BinaryFocalCrossentropy(apply_class_balancing=True),
    BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.7, gamma=0.5, label_smoothing=0.1),
    BinaryFocalCrossentropy(gamma=1.0, from_logits=True),
    CategoricalFocalCrossentropy(alpha=0.6, gamma=1.0),
    CategoricalFocalCrossentropy(gamma=3.0, from_logits=True, label_smoothing=0.2),
)


def name_of(declared: Declared) -> str:
    """What is special about a declaration, for the reader of a test run: `huber(delta=0.3)`."""
    return f"{declared.key}({', '.join(f'{key}={value!r}' for key, value in declared.changed().items())})"
