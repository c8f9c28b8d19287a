"""Layers that lay the same numbers out in another shape compute nothing."""

from __future__ import annotations

from engine.kernel import ViewKernel, kernel
from graph.layers.reshape import Flatten, Reshape


@kernel(Flatten)
class FlattenKernel(ViewKernel[Flatten]):
    """y = x, one row a sample"""


@kernel(Reshape)
class ReshapeKernel(ViewKernel[Reshape]):
    """y = x, in the target shape"""
