"""Activation functions as layers of their own."""

from __future__ import annotations

from graph.activations import activations
from graph.fields import Choice
from graph.layers.base import Layer, layer
from graph.masks import PASSES


@layer(category="Activation")
class Activation(Layer):
    """Apply a function to every value, or along the last axis."""

    only_activates = True
    masking = PASSES

    activation: str = Choice(
        default="relu", choices=activations.names, what="activation", show="value", doc="The function to apply."
    )
