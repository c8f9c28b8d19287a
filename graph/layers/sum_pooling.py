"""Layers that add up the values of a window, or of the whole image. Keras has none: they are sums, and no more.

Their parameters are those of Keras's other pooling layers.
"""

from __future__ import annotations

from graph.layers.base import layer
from graph.layers.filters import STEPS, VOLUMES
from graph.layers.pooling import GlobalPooling, Pooling, Pooling1D, Pooling3D


@layer(category="Pooling")
class SumPooling2D(Pooling):
    """Add up the values of every window of an image; padding counts as 0."""


@layer(category="Pooling")
class SumPooling1D(Pooling1D):
    """Add up the values of every window of a sequence; padding counts as 0."""


@layer(category="Pooling")
class SumPooling3D(Pooling3D):
    """Add up the values of every window of a volume; padding counts as 0."""


@layer(category="Pooling")
class GlobalSumPooling2D(GlobalPooling):
    """Add up every channel over height and width."""


@layer(category="Pooling")
class GlobalSumPooling1D(GlobalPooling):
    """Add up every feature over the steps of a sequence."""

    inputs = STEPS


@layer(category="Pooling")
class GlobalSumPooling3D(GlobalPooling):
    """Add up every channel over a volume."""

    inputs = VOLUMES
