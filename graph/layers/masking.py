"""Masking: the steps that hold nothing but one value are padding."""

from __future__ import annotations

from graph.fields import Float
from graph.layers.base import Layer, Port, layer
from graph.masks import MAKES


@layer(category="Core")
class Masking(Layer):
    """Mask the steps whose features are all equal to a value, so that the layers behind skip them."""

    inputs = (Port("x", "Sequences filled up with one value.", ranks=(2, 3, 4, 5)),)
    masking = MAKES

    mask_value: float = Float(default=0.0, show="value", doc="The value that padding consists of.")
