"""Layers that only work while training, to keep a network from learning its samples by heart."""

from __future__ import annotations

from graph.fields import Float
from graph.layers.base import Layer, layer


@layer(category="Regularization")
class Dropout(Layer):
    """Set a random part of the values to zero while training, and scale up the others."""

    rate: float = Float(default=0.5, min=0.0, below=1.0, show="value", doc="The part of the values that is dropped.")
